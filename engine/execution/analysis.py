"""Analyse a dataset with a runner: one pass, then again only for columns whose optimistic type was too narrow."""

from __future__ import annotations

import logging
from collections.abc import Callable

from engine.datasets.base import Dataset, QuarantinedRecord
from engine.execution.runner import Progress, Runner, silent
from engine.execution.scan import AnalyzerFactory, ScanState, ScanTask, decode, merge
from engine.metrics import ColumnMetrics, DatasetMetrics

_LOG = logging.getLogger(__name__)

Quarantine = Callable[[list[QuarantinedRecord]], None]


def analyse(
    dataset: Dataset, factory: AnalyzerFactory, runner: Runner, quarantine: Quarantine, progress: Progress = silent
) -> DatasetMetrics:
    """Run the fused pass.

    Args:
        dataset: What to read.
        factory: Which analyzers a column gets.
        runner: Where the tasks run; it must have been entered.
        quarantine: Receives the malformed records.
        progress: Told about finished splits.

    Returns:
        The metrics of every column.
    """
    total = _scan(dataset, ScanTask(dataset.reader, factory), runner, progress)
    quarantine(total.quarantined)
    reader, conflicts = dataset.reader, total.conflicts
    while conflicts:
        _LOG.info("reading again, with wider types: %s", ", ".join(f"{c} as {t}" for c, t in sorted(conflicts.items())))
        reader = reader.retyped(conflicts)
        again = _scan(dataset, ScanTask(reader, factory, tuple(sorted(conflicts))), runner, progress)
        total.columns.update(again.columns)
        conflicts = again.conflicts
    return _metrics(dataset, total)


def _scan(dataset: Dataset, task: ScanTask, runner: Runner, progress: Progress) -> ScanState:
    states = runner.scan(task, dataset.splits, progress)
    return merge((decode(state, task.factory) for state in states), task.factory)


def _metrics(dataset: Dataset, total: ScanState) -> DatasetMetrics:
    names = sorted(total.columns) if dataset.sort_columns else _in_table_order(dataset, total)
    columns: dict[str, ColumnMetrics] = {
        name: {key: analyzer.result() for key, analyzer in total.columns[name].items()} for name in names
    }
    return DatasetMetrics(total.rows, columns, total.malformed, dict(total.notes))


def _in_table_order(dataset: Dataset, total: ScanState) -> list[str]:
    known = [name for name in dataset.columns or () if name in total.columns]
    return [*known, *(name for name in total.columns if name not in known)]
