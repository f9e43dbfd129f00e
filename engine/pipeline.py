"""The whole story on one page: read, analyse, judge, write.

The pipeline knows no monitor by name. It asks the configured one which analyzers it needs, how metrics become documents and what
counts as a violation, and gives the documents to the sinks. The metrics of plugins go the same way.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from engine.actions.delivery import FILE_NAME as PENDING
from engine.actions.delivery import deliver, events_of, pending_text
from engine.actions.events import EventSource
from engine.config import Config
from engine.datasets.base import QuarantinedRecord
from engine.datasets.postprocessing import run_postprocessor
from engine.deequ.in_job import check_rules, deequ_results, failing_rows_file, profiled
from engine.deequ.results import DeequResults, measurements_of, violations_of
from engine.documents.document import Document
from engine.documents.violations import Violation
from engine.errors import (
    ConfigurationError,
    DeliveryError,
    NoDataError,
    PluginError,
    StoppedError,
    TooManyMalformedRecordsError,
)
from engine.execution.analysis import Analysis, analyse
from engine.execution.inline import InlineRunner
from engine.execution.progress import tracked
from engine.execution.runner import Runner
from engine.execution.spark import SparkRunner
from engine.interruption import uninterrupted
from engine.job_plan import JobPlan, Kind, chunk_of_splits, plan_job
from engine.measurements.measurement import Measurement
from engine.metrics import DatasetMetrics, MetricFailure
from engine.monitors.base import MetricDatum
from engine.plugin_judgement import judge_plugins
from engine.s3.settings import use_s3
from engine.sinks.cloudwatch import publish
from engine.sinks.exit_message import completed_message, write_message
from engine.sinks.files import write_documents
from engine.sinks.measured import data_of
from engine.sinks.metrics_table import FILE_NAME as METRICS_TABLE
from engine.sinks.metrics_table import metrics_table
from engine.sinks.quarantine import quarantine_lines
from engine.states import FILE_NAME as STATES
from engine.states import dump_states

__all__ = ["JobPlan", "JobResult", "Kind", "plan_job", "run_job"]

_LOG = logging.getLogger(__name__)


@dataclass
class JobResult:
    """What a job found and wrote."""

    kind: Kind
    rows: int
    malformed: int
    statistics: Document
    constraints: Document
    violations: list[Violation] = field(default_factory=list)
    documents: dict[str, Path | str] = field(default_factory=dict)
    quarantine: Path | str | None = None
    message: str = ""
    notes: dict[str, int] = field(default_factory=dict)
    measurements: list[Measurement] = field(default_factory=list)
    failures: list[MetricFailure] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    deequ: DeequResults | None = None

    def add_deequ(self, found: DeequResults) -> None:
        """Put what Deequ found beside the rest."""
        self.deequ = found
        self.violations = self.violations + violations_of(found.outcomes)
        self.measurements = self.measurements + measurements_of(found)


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
        _check_records(config, analysis.metrics, quarantined)
        found = profiled(config, plan.dataset, analysis.metrics)
        deequ = deequ_results(config, plan.dataset)
    with _timed("judge", seconds):
        result = _judge(config, plan, found)
        if deequ is not None:
            result.add_deequ(deequ)
    results.append(result)
    with _timed("write", seconds):
        _publish(config, plan, analysis, found, result, quarantined)
    result.seconds = seconds


def _judge(config: Config, plan: JobPlan, metrics: DatasetMetrics) -> JobResult:
    monitor, baseline = plan.monitor, plan.baseline
    statistics = monitor.statistics(metrics)
    constraints = monitor.suggest(metrics, statistics)
    violations = monitor.verify(metrics, statistics, baseline) if baseline else []
    measurements = monitor.measurements(metrics, statistics, baseline)
    plugged = judge_plugins(config, plan, metrics, statistics, constraints)
    if plugged.failures and config.plugins.strict:
        raise PluginError("\n".join(str(failure) for failure in plugged.failures))
    for failure in plugged.failures:
        _LOG.info("%s", failure)
    return JobResult(
        plan.kind,
        metrics.rows,
        metrics.malformed,
        statistics,
        constraints,
        violations + plugged.violations,
        notes=dict(metrics.notes),
        measurements=measurements + plugged.measurements,
        failures=plugged.failures,
    )


def _publish(
    config: Config,
    plan: JobPlan,
    analysis: Analysis,
    metrics: DatasetMetrics,
    result: JobResult,
    quarantined: list[QuarantinedRecord],
) -> None:
    kept = plan.kind == "baseline" and bool(plan.analyses.uses or plan.analyses.segments)
    kinds, window = plan.monitor.documents, (config.input.start, config.input.end)
    events = events_of(plan.actions, result.violations, config.severities, _source(config, plan))
    documents = {  # None removes what an earlier job left in the folder
        kinds.statistics_file: result.statistics.to_json(),
        kinds.constraints_file: result.constraints.to_json(),
        "constraint_violations.json": _violations_text(config, plan, result),
        **failing_rows_file(result.deequ),
        METRICS_TABLE: metrics_table(result.measurements, plan.run, window),
        **plan.monitor.files(metrics),
        STATES: dump_states(analysis.total) if kept else None,
        PENDING: pending_text(events),
        "quarantine.jsonl": quarantine_lines(quarantined, metrics.malformed) if metrics.malformed else None,
    }
    with uninterrupted():
        result.documents = dict(write_documents(config.output, documents))
    result.quarantine = result.documents.pop("quarantine.jsonl", None)
    result.documents.pop(PENDING, None)
    result.undelivered = [
        *_metrics_sent(config, plan, metrics, result),
        *deliver(plan.actions, events, config.output),
    ]
    failed = [*(str(failure) for failure in result.failures), *result.undelivered]
    result.message = completed_message(len(result.violations), failed)
    if config.message_file:
        write_message(config.message_file, result.message)
    if config.postprocessor:
        run_postprocessor(config.postprocessor, config.output)
    if result.undelivered and config.plugins.strict:
        raise DeliveryError("The documents are written. " + "; ".join(result.undelivered))


def _source(config: Config, plan: JobPlan) -> EventSource:
    names = config.cloudwatch.endpoint, config.cloudwatch.schedule
    return EventSource(plan.run, plan.monitor.name, *names, config.input.start, config.input.end, config.output)


def _metrics_sent(config: Config, plan: JobPlan, metrics: DatasetMetrics, result: JobResult) -> list[str]:
    """Publish the metrics; why they did not arrive, if so."""
    data = [
        *plan.monitor.emissions(metrics, result.statistics, plan.baseline),
        *data_of(result.measurements),
        *([MetricDatum("violation_count", float(len(result.violations)))] if config.cloudwatch.violation_count else []),
    ]
    try:
        publish(config.cloudwatch, data, plan.monitor.namespace(config.cloudwatch.endpoint))
    except (DeliveryError, ConfigurationError) as error:
        _LOG.warning("the documents are written, but the metrics did not arrive: %s", error)
        return [f"metrics did not arrive ({str(error).rstrip('.')})"]
    return []


def _violations_text(config: Config, plan: JobPlan, result: JobResult) -> str | None:
    kind = plan.monitor.documents.violations
    verified = result.deequ is not None or (plan.baseline is not None and plan.baseline.constraints is not None)
    written = verified and (result.violations or kind.written_when_empty)
    return kind(violations=result.violations).to_json() if written or config.always_write_violations else None


def _check_records(config: Config, metrics: DatasetMetrics, quarantined: list[QuarantinedRecord]) -> None:
    total = metrics.rows + metrics.malformed
    if not total:
        where = ", ".join(config.input.paths)
        raise NoDataError(f"Job inputs had no data: the files under {where} hold no records in the analysis window.")
    share = metrics.malformed / total
    if share <= config.input.max_malformed_share:
        return
    written = write_documents(config.output, {"quarantine.jsonl": quarantine_lines(quarantined, metrics.malformed)})
    first = quarantined[0]
    position = ", ".join(f"{key} {value}" for key, value in first.position.items())
    raise TooManyMalformedRecordsError(
        f"{metrics.malformed:,} of {total:,} records ({share:.1%}) are malformed; "
        f"{config.input.max_malformed_share:.0%} are allowed (input.max_malformed_share). "
        f"The first: {first.file}, {position}: {first.reason}. All are listed in {written['quarantine.jsonl']}."
    )


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
