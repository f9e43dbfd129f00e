"""Where rows come from: fragments of files, splits that one task reads, readers, and the report of what could not be read.

Splits are planned from the data alone, never from the size of a cluster, so that the same data gives the same bytes everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import pyarrow as pa

from engine.columns.layout import Layout

KEPT_RECORDS = 1000
"""Malformed records kept in full a split; all are counted."""


@dataclass(frozen=True)
class Fragment:
    """A part of a file: a byte range of text, or row groups of Parquet.

    Attributes:
        uri: Path or URI of the file.
        start: First byte of the range.
        length: Number of bytes of the range (as stored, that is compressed for gzip).
        size: Number of bytes of the whole file.
        compression: ``gzip`` or None.
        row_groups: Row groups to read (Parquet only).
    """

    uri: str
    start: int
    length: int
    size: int
    compression: str | None = None
    row_groups: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Split:
    """Fragments that one task reads in order into one state."""

    index: int
    fragments: tuple[Fragment, ...]

    @property
    def length(self) -> int:
        """Number of stored bytes."""
        return sum(fragment.length for fragment in self.fragments)


@dataclass(frozen=True)
class QuarantinedRecord:
    """A record that could not be read: where it is, why, and its first characters.

    Attributes:
        records: How many records were lost there; more than one where a row group cannot be read.
    """

    file: str
    position: Mapping[str, int]
    reason: str
    record: str | None = None
    records: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The line of quarantine.jsonl: fields by name, without those that say nothing."""
        line: dict[str, Any] = {"file": self.file, "position": dict(self.position), "reason": self.reason}
        if self.record is not None:
            line["record"] = self.record
        if self.records != 1:
            line["records"] = self.records
        return line


Period = tuple[datetime, datetime]
"""The first and the last moment of some records."""


def widest_period(one: Period | None, other: Period | None) -> Period | None:
    """The period that holds both."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


@dataclass
class ReadReport:
    """What a task found while reading: malformed records, columns whose type was too narrow, and counts worth reporting.

    Attributes:
        times: First and last time of the records, where they have one.
    """

    records: list[QuarantinedRecord] = field(default_factory=list)
    count: int = 0
    conflicts: dict[str, str] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    times: Period | None = None

    def saw_times(self, first: datetime, last: datetime) -> None:
        """Widen the period that the records lie in."""
        self.times = widest_period(self.times, (first, last))

    def malformed(
        self, uri: str, position: Mapping[str, int], reason: str, record: str | None = None, records: int = 1
    ) -> None:
        """Count a malformed record, or several that are lost for one reason, and keep it while there is room."""
        self.count += records
        if len(self.records) < KEPT_RECORDS:
            shown = None if record is None else record[:2000]
            self.records.append(QuarantinedRecord(uri, dict(position), reason, shown, records))

    def conflict(self, column: str, wider: str) -> None:
        """Say that a column does not fit its optimistic type and must be read again as ``wider``."""
        self.conflicts[column] = wider

    def note(self, text: str, count: int = 1) -> None:
        """Count something worth saying at the end of the job."""
        self.notes[text] += count


class Reader(Protocol):
    """Reads splits of one format. A frozen dataclass, sent to the tasks."""

    @property
    def format(self) -> str:
        """Name of the format, as in ``--format``."""

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The records of a split in order, as Arrow batches; only ``columns`` when given."""

    def retyped(self, types: Mapping[str, str]) -> Reader:
        """The same reader with wider types for some columns."""


@dataclass(frozen=True)
class Dataset:
    """A planned dataset.

    Attributes:
        reader: Reads its splits.
        splits: What the tasks read, in order.
        columns: Names of the columns when they are known before reading.
        sort_columns: Whether the table's columns are ordered by name (JSON, as Spark's reader does) and not by first appearance.
        layout: Of captures, the part that each column comes from.
        last_columns: Columns that stay behind the sorted ones: those in the names of folders.
    """

    reader: Reader
    splits: tuple[Split, ...]
    columns: tuple[str, ...] | None = None
    sort_columns: bool = False
    layout: Layout | None = None
    last_columns: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Distinct files, in order."""
        return tuple(dict.fromkeys(f.uri for split in self.splits for f in split.fragments))
