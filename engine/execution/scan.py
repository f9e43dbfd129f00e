"""One fused pass over a dataset: what every task does, and how its states are merged in the order of the splits.

A task opens its split, gives each batch to all analyzers, whole and slice by slice, and sends back a few kilobytes of state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import pyarrow as pa

from engine.analyzers.state_bytes import pack, unpack
from engine.datasets.base import Period, QuarantinedRecord, Reader, ReadReport, Split, widest_period
from engine.datasets.column_types import widest
from engine.errors import MonitorError
from engine.execution.analyses import Analyses, Segment
from engine.execution.table_state import TableState
from engine.foreign_code import ForeignError, call_foreign
from engine.metrics import WHOLE
from engine.s3.trying import tried_again

MOST_SLICES = 1000
"""Slices of a segment in one split. A column with more values is no segment: its state would not fit."""


@dataclass
class ScanState:
    """What a part of the data looked like: a split's state, or that of all splits so far."""

    table: TableState = field(default_factory=TableState)
    slices: dict[str, dict[str, TableState]] = field(default_factory=dict)
    malformed: int = 0
    quarantined: list[QuarantinedRecord] = field(default_factory=list)
    conflicts: dict[str, str] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    times: Period | None = None

    @classmethod
    def empty(cls, analyses: Analyses, where: str = "merging") -> ScanState:
        """The state before the first row; ``where`` names the part of the data in messages."""
        return cls(TableState.empty(analyses, where), {segment.name: {} for segment in analyses.segments})


@dataclass(frozen=True)
class ScanTask:
    """The work on one split; a picklable function from a split to the bytes of its state."""

    reader: Reader
    analyses: Analyses
    columns: tuple[str, ...] | None = None

    def __call__(self, split: Split) -> bytes:
        """Read a split and analyse it."""
        where = f"split {split.index}" + (f", {split.fragments[0].uri}" if split.fragments else "")
        return _answered(lambda: tried_again(lambda: self._read(split, where), where))

    def of_table(self, batches: Iterable[pa.RecordBatch], where: str) -> bytes:
        """Analyse a partition of a table, which Spark reads."""
        return _answered(lambda: self.analyse(batches, ReadReport(), where))

    def _read(self, split: Split, where: str) -> bytes:
        report = ReadReport()
        return self.analyse(self.reader.read(split, report, self.columns), report, where)

    def analyse(self, batches: Iterable[pa.RecordBatch], report: ReadReport, where: str) -> bytes:
        """Analyse batches that come from anywhere.

        Args:
            batches: The rows.
            report: What their reader found; it is complete when they have ended.
            where: Name of the part, for messages.
        """
        state = ScanState.empty(self.analyses, where)
        for batch in batches:
            state.table.update(batch, self.analyses)
            for segment in self.analyses.segments:
                _update_slices(state, segment, batch, self.analyses)
        for column in report.conflicts:
            state.table.columns.pop(column, None)
        state.malformed, state.quarantined = report.count, report.records
        state.conflicts, state.notes, state.times = report.conflicts, report.notes, report.times
        return encode(state)


def _answered(work: Callable[[], bytes]) -> bytes:
    """The bytes of a state, or of the user's error.

    That is an answer and not a failure: trying the task again would not help the user, and Spark would wrap the text.
    """
    try:
        return work()
    except MonitorError as error:
        return pack({"error": [type(error).__name__, str(error)]})


def _update_slices(state: ScanState, segment: Segment, batch: pa.RecordBatch, analyses: Analyses) -> None:
    place = (WHOLE, f"segment {segment.name}")
    if place in state.table.failures:
        return
    slices, where = state.slices[segment.name], state.table.where

    def cut() -> None:
        for label, rows in islice(segment.slices(batch), MOST_SLICES + 1):
            if label not in slices:
                slices[label] = TableState.empty(analyses, where)
            slices[label].update(rows, analyses)

    try:
        call_foreign(cut)
    except ForeignError as error:  # a segment that cannot be had loses nothing else
        state.table.failures[place] = f"{where}: {error}"
    if len(slices) > MOST_SLICES:
        text = f"more than {MOST_SLICES} values; a segment is a column or condition with few"
        state.table.failures[place] = f"{where}: {text}"
    if place in state.table.failures:
        slices.clear()


def encode(state: ScanState) -> bytes:
    """The bytes of a state: JSON and arrays, never pickle."""
    return pack(
        {
            "table": state.table.encode(),
            "slices": {
                name: {label: table.encode() for label, table in slices.items()}
                for name, slices in state.slices.items()
            },
            "malformed": state.malformed,
            "quarantined": [record.as_dict() for record in state.quarantined],
            "conflicts": state.conflicts,
            "notes": dict(state.notes),
            "times": [moment.isoformat() for moment in state.times or ()],
        }
    )


def decode(data: bytes, analyses: Analyses) -> ScanState:
    """The inverse of :func:`encode`; the analyzers come from ``analyses``, only their state from the bytes.

    Raises:
        MonitorError: The task met an error of the user's.
    """
    raw = unpack(data)
    if "error" in raw:
        kind, text = raw["error"]
        raise next((cls for cls in MonitorError.__subclasses__() if cls.__name__ == kind), MonitorError)(text)
    slices = {
        name: {label: TableState.decode(table, analyses, guarded=True) for label, table in tables.items()}
        for name, tables in raw["slices"].items()
    }
    records = [QuarantinedRecord(**line) for line in raw["quarantined"]]
    table = TableState.decode(raw["table"], analyses, guarded=True)
    first_and_last = [datetime.fromisoformat(text) for text in raw["times"]]
    times = (first_and_last[0], first_and_last[1]) if first_and_last else None
    return ScanState(table, slices, raw["malformed"], records, raw["conflicts"], Counter(raw["notes"]), times)


def merge(states: Iterator[ScanState], analyses: Analyses) -> ScanState:
    """Merge the states of splits, which must come in the order of the splits."""
    total = ScanState.empty(analyses)
    for state in states:
        absorb(total, state, analyses)
    return total


def absorb(total: ScanState, part: ScanState, analyses: Analyses) -> None:
    """Take the state of the next split into the total; it is not changed."""
    total.table.merge(part.table, analyses)
    for name, slices in part.slices.items():
        mine = total.slices[name]
        for label, table in slices.items():
            if label not in mine:
                mine[label] = TableState.empty(analyses)
            mine[label].merge(table, analyses)
        if (WHOLE, f"segment {name}") in total.table.failures:
            mine.clear()
    total.malformed += part.malformed
    total.quarantined += part.quarantined
    total.notes += part.notes
    total.times = widest_period(total.times, part.times)
    for conflict, wider in part.conflicts.items():
        total.conflicts[conflict] = str(widest(total.conflicts.get(conflict), wider))
    for column in total.conflicts:
        total.table.columns.pop(column, None)
