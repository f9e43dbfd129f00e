"""From the state of a pass to its metrics: the monitors' results, and the plugins' analyzers, which are judged later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.analyzers.base import Analyzer
from engine.analyzers.plugged import is_plugged
from engine.columns.kinds import kind_of_column
from engine.datasets.base import Dataset
from engine.errors import MonitorError
from engine.execution.scan import ScanState
from engine.execution.table_state import TableState
from engine.foreign_code import describe
from engine.metrics import ENTIRE_COLUMN, WHOLE, DatasetMetrics, MetricFailure


def metrics_of(dataset: Dataset, total: ScanState, chunks: Sequence[ScanState] = ()) -> DatasetMetrics:
    """The metrics of a dataset, with its slices and chunks."""
    names = _in_table_order(dataset, total.table)
    slices = {
        label: _of_table(table, [name for name in names if name in table.columns])
        for tables in total.slices.values()
        for label, table in sorted(tables.items())
    }
    parts = tuple(_of_table(chunk.table, list(chunk.table.columns)) for chunk in chunks if chunk.table.rows)
    whole = _of_table(total.table, names)
    return DatasetMetrics(
        whole.rows, whole.columns, total.malformed, dict(total.notes), whole.dataset, whole.plugged, whole.kinds,
        slices, parts, whole.failures, times=total.times or (None, None),
    )  # fmt: skip


def _of_table(table: TableState, names: list[str]) -> DatasetMetrics:
    columns, failures = {}, dict(table.failures)
    for name in names:
        try:
            columns[name] = _results(table.columns[name])
        except (MonitorError, MemoryError):  # a setting, or the machine, is at fault
            raise
        except Exception as error:  # noqa: BLE001 - whatever is odd about a column must not cost the others
            failures.setdefault((name, ENTIRE_COLUMN), f"result: {describe(error)}")
    plugged = {name: _plugged(table.columns[name]) for name in columns} | {WHOLE: _plugged(table.dataset)}
    kinds = {name: kind_of_column(table.kinds[name], _inferred(columns[name])) for name in columns}
    named = tuple(MetricFailure(key, column, *text.split(": ", 1)) for (column, key), text in failures.items())
    return DatasetMetrics(
        table.rows, columns, dataset=_results(table.dataset), plugged=plugged, kinds=kinds, failures=named
    )


def _inferred(results: dict[str, Any]) -> str | None:
    found = results.get("data_type")
    return found.inferred if found is not None else None


def _results(analyzers: Any) -> dict[str, Any]:
    return {key: analyzer.result() for key, analyzer in analyzers.items() if not is_plugged(analyzer)}


def _plugged(analyzers: Any) -> dict[str, Analyzer]:
    return {key: analyzer for key, analyzer in analyzers.items() if is_plugged(analyzer)}


def _in_table_order(dataset: Dataset, table: TableState) -> list[str]:
    if dataset.sort_columns:
        last = [name for name in dataset.last_columns if name in table.columns]
        return [*sorted(table.columns.keys() - set(last)), *last]
    known = [name for name in dataset.columns or () if name in table.columns]
    return [*known, *(name for name in table.columns if name not in known)]
