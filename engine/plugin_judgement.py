"""The judging of plugins' metrics in a job: results, suggested constraints, violations, and their place in the documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.config import Config
from engine.documents.document import Document
from engine.documents.statistics import Statistics
from engine.job_plan import JobPlan
from engine.measurements.baseline_metrics import metrics_of_statistics
from engine.measurements.documents import add_constraints, add_measurements, read_constraints, read_measurements
from engine.measurements.evaluation import Evaluation, evaluate
from engine.measurements.judgement import Judgement, judge, suggest
from engine.measurements.learning import not_learnt
from engine.metrics import ColumnMetrics, DatasetMetrics
from engine.states import load_states


def kept_metrics(config: Config, plan: JobPlan) -> DatasetMetrics | None:
    """What the baseline's job kept as states, where this job has a use for it; None otherwise.

    Raises:
        BaselineError: The file with the states is broken.
    """
    wanted = plan.analyses.uses or (plan.analyses.segments and plan.monitor.compares_slices)
    place = config.baseline and (config.baseline.statistics or config.baseline.constraints)
    if not wanted or plan.baseline is None or not place:
        return None
    kept = load_states(place, plan.dataset, plan.analyses)
    return kept.with_least_rows(config.segments.min_rows) if kept is not None else None


def judge_plugins(
    plan: JobPlan, metrics: DatasetMetrics, statistics: Document, constraints: Document, kept: DatasetMetrics | None
) -> Judgement:
    """Judge the metrics of plugins, and write them into the documents of the monitor.

    Args:
        plan: The job.
        metrics: What the pass found.
        statistics: The monitor's; results are added.
        constraints: The monitor's; suggested ones are added.
        kept: What the baseline's job kept.
    """
    uses, baseline = plan.analyses.uses, plan.baseline
    if not uses:
        return judge(Evaluation(failures=[*plan.failures, *metrics.failures]), {}, None)
    before = _baseline_metrics(plan, kept) if baseline else None
    evaluation = evaluate(uses, metrics, before)
    evaluation.failures[:0] = plan.failures
    _withhold_small_slices(evaluation, metrics)
    learning = [use for use in uses if use.learn]
    chunks = [evaluate(learning, chunk, metrics).by_place() for chunk in metrics.chunks] if learning else []
    suggested = suggest(evaluation, chunks)
    given, previous = suggested, None
    if baseline is not None and before is not None:
        given = read_constraints(baseline.constraints)
        previous = read_measurements(baseline.statistics) | evaluate(uses, before, None).by_place()
    origins = {use.key: use.origin for use in uses}
    judgement = judge(evaluation, given, previous, origins)
    judgement.notes = not_learnt(evaluation, chunks) if baseline is None else {}
    add_measurements(statistics, judgement.measurements)
    add_constraints(constraints, suggested)
    return judgement


def _baseline_metrics(plan: JobPlan, kept: DatasetMetrics | None) -> DatasetMetrics:
    """What the documents of the baseline tell, and the states that its job kept."""
    documents: Any = plan.baseline
    found = DatasetMetrics(0, {})
    if isinstance(documents.statistics, Statistics):
        found = metrics_of_statistics(documents.statistics)
    if kept is None:
        return found
    columns = {name: {**kept.columns.get(name, {}), **_known(column)} for name, column in found.columns.items()}
    return replace(kept, columns={**kept.columns, **columns}, kinds={**kept.kinds, **found.kinds}, failures=())


def _known(results: ColumnMetrics) -> dict[str, Any]:
    """What the documents tell; the states know more values of a column than these list."""
    return {name: result for name, result in results.items() if result is not None}


def _withhold_small_slices(evaluation: Evaluation, metrics: DatasetMetrics) -> None:
    """A slice of few rows has results and no verdict."""
    small = {label for label, table in metrics.slices.items() if not table.enough_rows}
    evaluation.results[:] = [
        replace(result, found=replace(result.found, status="not_enough_data")) if result.slice in small else result
        for result in evaluation.results
    ]
