"""The whole story on one page: read, analyse, judge, write.

The pipeline knows no monitor by name. It asks the configured one which analyzers it needs, how metrics become documents and what
counts as a violation, and gives the documents to the sinks. The metrics of plugins go the same way.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rich.console import Console

from engine.config import Config
from engine.datasets.base import QuarantinedRecord
from engine.deequ.in_job import check_rules, deequ_results, profiled
from engine.errors import PluginError, StoppedError
from engine.execution.analysis import analyse
from engine.execution.inline import InlineRunner
from engine.execution.progress import tracked
from engine.execution.runner import Runner
from engine.execution.spark import SparkRunner
from engine.job_plan import JobPlan, Kind, chunk_of_splits, learning_notes, plan_job
from engine.job_result import JobResult
from engine.metrics import DatasetMetrics, failure_texts
from engine.monitors.asking import ask
from engine.plugin_judgement import judge_plugins, kept_metrics
from engine.publishing import publish_result
from engine.record_checks import check_records
from engine.s3.settings import use_s3
from engine.sinks.exit_message import failures_told

__all__ = ["JobPlan", "JobResult", "Kind", "plan_job", "run_job"]

_LOG = logging.getLogger(__name__)


def run_job(config: Config, kind: Kind, console: Console | None = None, metrics: Sequence[Any] = ()) -> JobResult:
    """Run a baseline or monitoring job and write its documents.

    Args:
        config: The job's configuration.
        kind: ``baseline`` suggests constraints; ``monitor`` also verifies the data against a baseline's.
        console: Shows progress when given.
        metrics: Classes of metrics to compute beside the monitor's own.

    Returns:
        What was found and where it is written.

    Raises:
        MonitorError: The input, configuration, baseline or a script is at fault; nothing but the quarantine is written.
        StoppedError: The job was stopped; the text says whether the documents are written.
    """
    with failures_told(config.message_file):
        return _unless_stopped(config, kind, console, metrics)


def _unless_stopped(config: Config, kind: Kind, console: Console | None, metrics: Sequence[Any]) -> JobResult:
    result: list[JobResult] = []
    try:
        _run(config, kind, console, metrics, result)
    except KeyboardInterrupt:
        told = (
            "after the documents were written; metrics and actions may be missing"
            if result and result[0].documents
            else ("before the documents were written: none was changed")
        )
        raise StoppedError(f"Stopped {told}.") from None
    except SystemExit as error:  # what called it is none of ours, and must not make the job look like a success
        raise PluginError(f"Code that the job has called wanted to end it: sys.exit({error.code!r}).") from error
    return result[0]


def _run(config: Config, kind: Kind, console: Console | None, metrics: Sequence[Any], results: list[JobResult]) -> None:
    """The job; its result is in the list as soon as there is one."""
    seconds: dict[str, float] = {}
    with _timed("plan", seconds):
        use_s3(config.s3)
        check_rules(config)
        plan = plan_job(config, kind, metrics)
    quarantined: list[QuarantinedRecord] = []
    with _timed("read", seconds), _runner(config, plan) as runner, tracked(console, f"{kind}: analysing") as progress:
        chunks = chunk_of_splits(config, plan)
        analysis = analyse(plan.dataset, plan.analyses, runner, quarantined.extend, progress, chunks)
        seen = analysis.metrics.with_least_rows(config.segments.min_rows)
        _LOG.info("read %d records of %d columns, and %d malformed", seen.rows, len(seen.columns), seen.malformed)
        check_records(config, seen, quarantined)
        found = profiled(config, plan.dataset, seen)
        deequ = deequ_results(config, plan.dataset)
    with _timed("judge", seconds):
        result = _judge(config, plan, found)
        if deequ is not None:
            result.add_deequ(deequ)
    results.append(result)
    with _timed("write", seconds):
        publish_result(config, plan, analysis, found, result, quarantined)
    result.seconds = seconds


def _judge(config: Config, plan: JobPlan, metrics: DatasetMetrics) -> JobResult:
    monitor, kept = plan.monitor, kept_metrics(config, plan)
    baseline = replace(plan.baseline, slices=kept.slices if kept else {}) if plan.baseline else None
    statistics = ask(monitor, lambda: monitor.statistics(metrics))
    constraints = ask(monitor, lambda: monitor.suggest(metrics, statistics))
    violations = ask(monitor, lambda: monitor.verify(metrics, statistics, baseline)) if baseline else []
    measurements = ask(monitor, lambda: monitor.measurements(metrics, statistics, baseline))
    plugged = judge_plugins(plan, metrics, statistics, constraints, kept)
    if plugged.failures and config.plugins.strict:
        raise PluginError("\n".join(failure_texts(plugged.failures)))
    for text in failure_texts(plugged.failures):
        _LOG.info("%s", text)
    return JobResult(
        plan.kind,
        metrics.rows,
        metrics.malformed,
        statistics,
        constraints,
        violations + plugged.violations,
        notes={
            **metrics.notes,
            **ask(monitor, lambda: monitor.notes(metrics)),
            **learning_notes(config, plan),
            **plugged.notes,
            **_unmatched_notes(plan, metrics),
        },
        measurements=measurements + plugged.measurements,
        failures=plugged.failures,
    )


def _unmatched_notes(plan: JobPlan, metrics: DatasetMetrics) -> dict[str, int]:
    texts = [text for use in plan.analyses.uses for text in use.unmatched(metrics.columns)]
    for text in texts:
        _LOG.warning("%s", text)
    return dict.fromkeys(texts, 1)


def _runner(config: Config, plan: JobPlan) -> Runner:
    if config.runner.kind == "inline":
        return InlineRunner()
    rows_stay_in_arrow = plan.dataset.reader.format != "table" and not config.deequ.is_used
    return SparkRunner(config.runner.master, config.runner.conf, plan.shipped, schedules_only=rows_stay_in_arrow)


@contextmanager
def _timed(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - started
    _LOG.info("stage %s took %.2f s", stage, seconds[stage])
