"""The whole story on one page: read, analyse, judge, write.

The pipeline knows no monitor by name. It asks the configured one which analyzers it needs, how metrics become documents and what
counts as a violation, and gives the documents to the sinks.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel
from rich.console import Console

from engine.analyzers.base import ColumnAnalyzer
from engine.config import Config
from engine.datasets.base import Dataset, QuarantinedRecord
from engine.datasets.opening import open_dataset
from engine.datasets.postprocessing import run_postprocessor
from engine.datasets.settings import CaptureSettings, CsvSettings, InputSettings
from engine.documents.baseline import Baseline, load_baseline
from engine.documents.json_style import dumps
from engine.documents.violations import Violation, Violations
from engine.errors import NoDataError, TooManyMalformedRecordsError
from engine.execution.analysis import analyse
from engine.execution.inline import InlineRunner
from engine.execution.progress import tracked
from engine.execution.runner import Runner
from engine.execution.spark import SparkRunner
from engine.metrics import DatasetMetrics
from engine.monitors.base import Monitor
from engine.plugins import load_monitor
from engine.sinks.cloudwatch import publish
from engine.sinks.exit_message import completed_message, write_message
from engine.sinks.files import write_documents
from engine.sinks.quarantine import quarantine_lines

_LOG = logging.getLogger(__name__)

Kind = Literal["baseline", "monitor"]


@dataclass(frozen=True)
class ColumnAnalyzers:
    """The analyzer factory of a job: the monitor's choice for each column. Sent to the tasks."""

    monitor: Monitor
    baseline: Baseline | None

    def __call__(self, column: str) -> list[ColumnAnalyzer]:
        return self.monitor.analyzers(column, self.baseline)


@dataclass(frozen=True)
class JobPlan:
    """What a job will do, before it does it."""

    kind: Kind
    dataset: Dataset
    monitor: Monitor
    baseline: Baseline | None

    @property
    def factory(self) -> ColumnAnalyzers:
        """Which analyzers a column gets."""
        return ColumnAnalyzers(self.monitor, self.baseline)

    def lines(self) -> list[str]:
        """The plan as text, for ``--dry-run``."""
        files, splits = self.dataset.files, self.dataset.splits
        columns = self.dataset.columns
        analyzers = ", ".join(analyzer.name for analyzer in self.factory((columns or ("",))[0]))
        named = ", ".join(columns) if columns else "known only when the records are read"
        return [
            f"monitor    {self.monitor.name} ({self.kind})",
            f"format     {self.dataset.reader.format}",
            f"files      {len(files)} ({sum(split.length for split in splits):,} bytes)",
            *(f"           {uri}" for uri in files[:20]),
            *([f"           ... and {len(files) - 20} more"] if len(files) > 20 else []),
            f"splits     {len(splits)}",
            f"columns    {named}",
            f"analyzers  {analyzers}",
        ]


@dataclass
class JobResult:
    """What a job found and wrote."""

    kind: Kind
    rows: int
    malformed: int
    statistics: BaseModel
    constraints: BaseModel
    violations: list[Violation] = field(default_factory=list)
    documents: dict[str, Path | str] = field(default_factory=dict)
    quarantine: Path | str | None = None
    message: str = ""
    notes: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def plan_job(config: Config, kind: Kind) -> JobPlan:
    """Find the files and plan the pass; reads no more than the first records."""
    monitor = load_monitor(config.monitor, config.settings)
    baseline = load_baseline(config.baseline) if kind == "monitor" else None
    dataset = open_dataset(_input_settings(config, monitor, baseline))
    _LOG.info("planned %d splits of %d files (%s)", len(dataset.splits), len(dataset.files), dataset.reader.format)
    return JobPlan(kind, dataset, monitor, baseline)


def run_job(config: Config, kind: Kind, console: Console | None = None) -> JobResult:
    """Run a baseline or monitoring job and write its documents.

    Args:
        config: The job's configuration.
        kind: ``baseline`` suggests constraints; ``monitor`` also verifies the data against a baseline's.
        console: Shows progress when given.

    Returns:
        What was found and where it is written.

    Raises:
        MonitorError: The input, configuration, baseline or a script is at fault; nothing but the quarantine is written.
    """
    seconds: dict[str, float] = {}
    with _timed("plan", seconds):
        plan = plan_job(config, kind)
    quarantined: list[QuarantinedRecord] = []
    with _timed("read", seconds), _runner(config) as runner, tracked(console, f"{kind}: analysing") as progress:
        metrics = analyse(plan.dataset, plan.factory, runner, quarantined.extend, progress)
    with _timed("judge", seconds):
        _check_records(config, metrics, quarantined)
        result = _judge(plan, metrics)
    with _timed("write", seconds):
        _publish(config, plan, metrics, result, quarantined)
    result.seconds = seconds
    return result


def _judge(plan: JobPlan, metrics: DatasetMetrics) -> JobResult:
    statistics = plan.monitor.statistics(metrics)
    constraints = plan.monitor.suggest(metrics, statistics)
    violations = plan.monitor.verify(metrics, statistics, plan.baseline) if plan.baseline else []
    return JobResult(
        plan.kind, metrics.rows, metrics.malformed, statistics, constraints, violations, notes=dict(metrics.notes)
    )


def _publish(
    config: Config, plan: JobPlan, metrics: DatasetMetrics, result: JobResult, quarantined: list[QuarantinedRecord]
) -> None:
    verified = plan.baseline is not None and plan.baseline.constraints is not None
    documents = {  # None removes what an earlier job left in the folder
        "statistics.json": dumps(result.statistics),
        "constraints.json": dumps(result.constraints),
        "constraint_violations.json": dumps(Violations(violations=result.violations)) if verified else None,
        "quarantine.jsonl": quarantine_lines(quarantined, metrics.malformed) if metrics.malformed else None,
    }
    result.documents = dict(write_documents(config.output, documents))
    result.quarantine = result.documents.pop("quarantine.jsonl", None)
    publish(config.cloudwatch, plan.monitor.emissions(metrics, result.statistics, plan.baseline))
    result.message = completed_message(len(result.violations))
    if config.message_file:
        write_message(config.message_file, result.message)
    if config.postprocessor:
        run_postprocessor(config.postprocessor, config.output)


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


def _input_settings(config: Config, monitor: Monitor, baseline: Baseline | None) -> InputSettings:
    chosen = config.input
    names = chosen.names or (monitor.column_names(baseline) if baseline else None)
    plain = {key: getattr(chosen, key) for key in type(chosen).model_fields}
    return InputSettings(
        **plain
        | {
            "paths": tuple(chosen.paths),
            "csv": CsvSettings(**chosen.csv.model_dump()),
            "capture": CaptureSettings(**chosen.capture.model_dump() | {"parts": tuple(chosen.capture.parts)}),
            "exclude_features": tuple(chosen.exclude_features),
            "names": tuple(names) if names else None,
        }
    )


def _runner(config: Config) -> Runner:
    if config.runner.kind == "inline":
        return InlineRunner()
    return SparkRunner(config.runner.master, config.runner.conf)


@contextmanager
def _timed(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - started
    _LOG.info("stage %s took %.2f s", stage, seconds[stage])
