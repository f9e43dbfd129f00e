"""What a job will do, before it does it: the data, the monitor, the metrics, the baseline."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.actions.delivery import PlannedAction
from engine.actions.kinds import warn_of_unknown_kinds
from engine.chosen_metrics import choose
from engine.config import Config
from engine.datasets.base import Dataset
from engine.datasets.exclusion import left_out
from engine.datasets.opening import open_dataset
from engine.datasets.settings import CaptureSettings, CsvSettings, InputSettings
from engine.documents.baseline import Baseline, check_output, load_baseline
from engine.documents.own_files import check_input
from engine.errors import PluginError
from engine.execution.shipping import Shipped
from engine.job_analyses import JobAnalyses
from engine.learning_chunks import chunks_of, divided_for_learning, notes_of
from engine.metrics import MetricFailure, failure_texts
from engine.monitors.base import Monitor
from engine.plugin_files import PluginFile
from engine.plugins import Registry, discover
from engine.s3.reaching import check_stores
from engine.s3.settings import use_s3
from engine.segments import segments_of

_LOG = logging.getLogger(__name__)

Kind = Literal["baseline", "monitor"]


@dataclass(frozen=True)
class JobPlan:
    """What a job will do.

    Attributes:
        kind: Baseline or monitor.
        run: Name of the run.
        dataset: What is read.
        monitor: Who judges.
        baseline: Its documents; None in a baseline job.
        analyses: What every task computes.
        files: Plugins in files, which the executors need.
        failures: Plugins and metrics that cannot be had.
        actions: What to do when there are violations.
    """

    kind: Kind
    run: str
    dataset: Dataset
    monitor: Monitor
    baseline: Baseline[Any, Any] | None
    analyses: JobAnalyses
    files: tuple[PluginFile, ...] = ()
    failures: tuple[MetricFailure, ...] = ()
    actions: tuple[PlannedAction, ...] = ()

    @property
    def shipped(self) -> Shipped:
        """The code of plugins that executors need beside the engine's own packages."""
        classes = [use.metric for use in self.analyses.uses] + [type(self.monitor)]
        packages = {cls.__module__.partition(".")[0] for cls in classes}
        sources = {file.module: file.source for file in self.files}
        return Shipped(tuple(sorted(packages - sources.keys())), tuple(sources.items()))

    def lines(self) -> list[str]:
        """The plan as text, for ``--dry-run``."""
        files, splits, columns = self.dataset.files, self.dataset.splits, self.dataset.columns
        analyzers = [*self.analyses.of_column((columns or ("",))[0]), *self.analyses.of_dataset()]
        named = ", ".join(columns) if columns else "known only when the records are read"
        uses = [f"{use.key} ({use.origin})" for use in self.analyses.uses]
        segments = [segment.name for segment in self.analyses.segments]
        return [
            f"monitor    {self.monitor.name} ({self.kind})",
            f"format     {self.dataset.reader.format}",
            f"files      {len(files)} ({sum(split.length for split in splits):,} bytes)",
            *(f"           {uri}" for uri in files[:20]),
            *([f"           ... and {len(files) - 20} more"] if len(files) > 20 else []),
            f"splits     {len(splits)}",
            f"columns    {named}",
            f"analyzers  {', '.join(analyzers)}",
            *([f"metrics    {', '.join(uses)}"] if uses else []),
            *([f"segments   {', '.join(segments)}"] if segments else []),
            *([f"actions    {', '.join(one.key for one in self.actions)}"] if self.actions else []),
            *(f"failed     {text}" for text in failure_texts(self.failures)),
        ]


def plan_job(config: Config, kind: Kind, metrics: Sequence[Any] = ()) -> JobPlan:
    """Find the files and plan the pass; reads no more than the first records.

    Args:
        config: The job's configuration.
        kind: Baseline or monitor.
        metrics: Classes of metrics given in Python.

    Raises:
        MonitorError: A setting, plugin, baseline or the input is at fault.
    """
    use_s3(config.s3)
    check_stores(config.model_dump(exclude={"runner", "settings", "metrics", "actions"}))
    registry = discover(config.plugins.files, metrics)
    chosen = choose(config.metrics, registry)
    if chosen.failures and config.plugins.strict:
        raise PluginError("\n".join(failure_texts(chosen.failures)))
    for text in failure_texts(chosen.failures):
        _LOG.info("%s", text)
    monitor = registry.monitor(config.monitor, config.settings)
    actions = planned_actions(config, registry)
    warn_of_unknown_kinds(config)
    kinds = monitor.documents
    names = (kinds.statistics_file, kinds.constraints_file)
    baseline = None
    if kind == "monitor":
        check_output(config.baseline, config.output, names)
        baseline = load_baseline(config.baseline, kinds.statistics, kinds.constraints, names)
    source = _input_settings(config, monitor, baseline)
    dataset = open_dataset(source)
    if kind == "baseline" and any(use.learn for use in chosen.uses):
        dataset = divided_for_learning(
            dataset, config.learning, lambda size: open_dataset(replace(source, split_bytes=size))
        )
    if baseline is not None:
        baseline = baseline.without(
            left_out(dataset, config.input.exclude_features, monitor.column_names(baseline) or ())
        )
    check_input(dataset.files, config.output, names)
    analyses = JobAnalyses(monitor, baseline, tuple(chosen.uses), segments_of(config.segments, dataset.columns))
    _LOG.info("planned %d splits of %d files (%s)", len(dataset.splits), len(dataset.files), dataset.reader.format)
    files, failures = tuple(registry.files), tuple(chosen.failures)
    return JobPlan(kind, _run_id(config, kind), dataset, monitor, baseline, analyses, files, failures, actions)


def planned_actions(config: Config, registry: Registry) -> tuple[PlannedAction, ...]:
    """The actions of the configuration.

    Raises:
        ConfigurationError: There is none of a name, or a setting is wrong.
    """
    return tuple(
        PlannedAction(one.key or one.action, registry.action(one.action, one.settings), one.when, one.tries)
        for one in config.actions
    )


def chunk_of_splits(config: Config, plan: JobPlan) -> list[int] | None:
    """The chunk of the baseline that each split belongs to; None where no metric learns its threshold."""
    if plan.kind != "baseline" or not any(use.learn for use in plan.analyses.uses):
        return None
    return chunks_of(plan.dataset, config.learning)


def learning_notes(config: Config, plan: JobPlan) -> dict[str, int]:
    """What is to be said about data that no threshold is learnt from, with its number."""
    return notes_of(plan.dataset, config.learning) if chunk_of_splits(config, plan) is not None else {}


def _run_id(config: Config, kind: Kind) -> str:
    """The same for the same job, wherever and whenever it runs."""
    if config.run_id:
        return config.run_id
    told = config.model_dump(mode="json", include={"input", "monitor", "settings", "metrics", "segments", "baseline"})
    return hashlib.sha256(json.dumps([kind, told], sort_keys=True).encode()).hexdigest()[:16]


def open_input(config: Config) -> Dataset:
    """The dataset of a configuration, for work that no monitor judges."""
    return open_dataset(_input_settings(config, discover(()).monitor(config.monitor, config.settings), None))


def _capture_keys(config: Config, monitor: Monitor) -> dict[str, Any]:
    chosen = config.input.capture
    explanations = chosen.explanations or monitor.reads_explanations
    labels = monitor.reads_labels and "parts" not in chosen.model_fields_set
    return chosen.model_dump() | {"parts": tuple(chosen.parts), "explanations": explanations, "labels": labels}


def _input_settings(config: Config, monitor: Monitor, baseline: Baseline | None) -> InputSettings:
    chosen = config.input
    names = chosen.names or (monitor.column_names(baseline) if baseline else None)
    plain = {key: getattr(chosen, key) for key in type(chosen).model_fields}
    return InputSettings(
        **plain
        | {
            "paths": tuple(chosen.paths),
            "csv": CsvSettings(**chosen.csv.model_dump()),
            "capture": CaptureSettings(**_capture_keys(config, monitor)),
            "exclude_features": tuple(chosen.exclude_features),
            "names": tuple(names) if names else None,
        }
    )
