"""One fused pass over a dataset: what every task does, and how its states are merged in the order of the splits.

A task opens its split, gives each column of each batch to all analyzers of that column, and sends back a few kilobytes of state.
A column that is absent from a part of the data is a column of nulls there, so an analyzer needs no special case for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.state import decode_state, dumps, encode_state, loads
from engine.columns.view import ColumnView
from engine.datasets.base import QuarantinedRecord, Reader, ReadReport, Split
from engine.errors import MonitorError

ColumnState = dict[str, ColumnAnalyzer]
"""Analyzers of one column by name."""


class AnalyzerFactory(Protocol):
    """Says which analyzers a column gets. Sent to the tasks."""

    def __call__(self, column: str) -> list[ColumnAnalyzer]:
        """New analyzers with empty state."""


@dataclass
class ScanState:
    """What a part of the data looked like: a split's state, or that of all splits so far."""

    rows: int = 0
    columns: dict[str, ColumnState] = field(default_factory=dict)
    malformed: int = 0
    quarantined: list[QuarantinedRecord] = field(default_factory=list)
    conflicts: dict[str, str] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class ScanTask:
    """The work on one split; a picklable function from a split to the bytes of its state."""

    reader: Reader
    factory: AnalyzerFactory
    columns: tuple[str, ...] | None = None

    def __call__(self, split: Split) -> bytes:
        """Read a split and analyse it."""
        report = ReadReport()
        try:
            return self.analyse(self.reader.read(split, report, self.columns), report)
        except MonitorError as error:
            # An answer and not a failure: trying the task again would not help the user, and Spark would wrap the text.
            return dumps({"error": [type(error).__name__, str(error)]})

    def analyse(self, batches: Iterable[pa.RecordBatch], report: ReadReport) -> bytes:
        """Analyse batches that come from anywhere (a split, a partition of a Spark table)."""
        state = ScanState()
        for batch in batches:
            _update(state, batch, self.factory)
        for column in report.conflicts:
            state.columns.pop(column, None)
        state.malformed, state.quarantined = report.count, report.records
        state.conflicts, state.notes = report.conflicts, report.notes
        return encode(state)


def _update(state: ScanState, batch: pa.RecordBatch, factory: AnalyzerFactory) -> None:
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        column = state.columns.get(name)
        if column is None:
            column = state.columns[name] = _column_of_nulls(factory, name, state.rows)
        view = ColumnView(name, array)
        for analyzer in column.values():
            analyzer.update(view)
    for name in state.columns.keys() - set(batch.schema.names):
        _pad(state.columns[name], name, batch.num_rows)
    state.rows += batch.num_rows


def _column_of_nulls(factory: AnalyzerFactory, name: str, rows: int) -> ColumnState:
    column = {analyzer.name: analyzer for analyzer in factory(name)}
    _pad(column, name, rows)
    return column


def _pad(column: ColumnState, name: str, rows: int) -> None:
    if rows:
        view = ColumnView(name, pa.nulls(rows))
        for analyzer in column.values():
            analyzer.update(view)


def encode(state: ScanState) -> bytes:
    """The bytes of a state: JSON, never pickle."""
    columns = {
        name: {key: encode_state(analyzer) for key, analyzer in column.items()}
        for name, column in state.columns.items()
    }
    return dumps(
        {
            "rows": state.rows,
            "columns": columns,
            "malformed": state.malformed,
            "quarantined": [record.as_dict() for record in state.quarantined],
            "conflicts": state.conflicts,
            "notes": dict(state.notes),
        }
    )


def decode(data: bytes, factory: AnalyzerFactory) -> ScanState:
    """The inverse of :func:`encode`; the analyzers come from the factory, only their state from the bytes.

    Raises:
        MonitorError: The task met an error of the user's.
    """
    raw = loads(data)
    if "error" in raw:
        kind, text = raw["error"]
        raise next((cls for cls in MonitorError.__subclasses__() if cls.__name__ == kind), MonitorError)(text)
    columns = {}
    for name, states in raw["columns"].items():
        columns[name] = {a.name: decode_state(a, states[a.name]) for a in factory(name)}
    records = [
        QuarantinedRecord(line["file"], line["position"], line["reason"], line.get("record"))
        for line in raw["quarantined"]
    ]
    return ScanState(raw["rows"], columns, raw["malformed"], records, raw["conflicts"], Counter(raw["notes"]))


def merge(states: Iterator[ScanState], factory: AnalyzerFactory) -> ScanState:
    """Merge the states of splits, which must come in the order of the splits."""
    total = ScanState()
    for state in states:
        _absorb(total, state, factory)
    for column in total.conflicts:
        total.columns.pop(column, None)
    return total


def _absorb(total: ScanState, part: ScanState, factory: AnalyzerFactory) -> None:
    for name, column in part.columns.items():
        if name not in total.columns:
            total.columns[name] = _column_of_nulls(factory, name, total.rows)
        for key, analyzer in total.columns[name].items():
            analyzer.merge(column[key])
    for name in total.columns.keys() - part.columns.keys():
        _pad(total.columns[name], name, part.rows)
    total.rows += part.rows
    total.malformed += part.malformed
    total.quarantined += part.quarantined
    total.notes += part.notes
    for conflict, wider in part.conflicts.items():
        total.conflicts[conflict] = widest(total.conflicts.get(conflict, wider), wider)


def widest(one: str, other: str) -> str:
    """The narrowest type that holds the values of both.

    >>> widest("integer", "double"), widest("boolean", "double")
    ('double', 'text')
    """
    if one == other:
        return one
    return "double" if {one, other} == {"integer", "double"} else "text"
