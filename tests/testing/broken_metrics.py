"""Metrics that each break one rule of the conformance kit, and one that breaks none."""

from __future__ import annotations

import time
from dataclasses import field
from typing import Annotated, Any

import numpy as np
import pyarrow.compute as pc

from engine import ColumnAnalyzer, ColumnView, DerivedMetric, Max, Measured, MetricConstraint, metric, setting


@metric(takes="text", worse="higher", tolerance=0.2)
class Sound(ColumnAnalyzer):
    """Longest text of a column, in characters, up to a limit."""

    limit: int = setting(default=1000, ge=1, description="Longer texts count as this long.")
    longest: Annotated[int, Max] = 0
    texts: int = 0

    def update(self, column: ColumnView) -> None:
        if len(column.valid):
            self.longest = min(self.limit, max(self.longest, pc.max(pc.utf8_length(column.valid)).as_py()))
        self.texts += len(column.valid)

    def result(self) -> Any:
        return {"longest": self.longest, "texts": Measured(self.texts, detail={"limit": self.limit})}


@metric(takes="number")
class IdentityBroken(ColumnAnalyzer):
    """The smallest number, whose empty state is 0 and not infinity."""

    smallest: float = 0.0
    values: int = 0

    def update(self, column: ColumnView) -> None:
        if len(column.numbers):
            low = float(column.numbers.min()) - 100
            self.smallest = low if not self.values else min(self.smallest, low)
            self.values += len(column.numbers)

    def merge(self, other: IdentityBroken) -> None:
        self.smallest = max(self.smallest, other.smallest)
        self.values += other.values

    def result(self) -> float | None:
        return self.smallest if self.values else None


@metric(takes="number")
class NotAssociative(ColumnAnalyzer):
    """A mean that is averaged with the other mean, whatever their weights."""

    mean: float = 0.0
    values: int = 0

    def update(self, column: ColumnView) -> None:
        total = self.mean * self.values + float(column.numbers.sum())
        self.values += len(column.numbers)
        self.mean = total / self.values if self.values else 0.0

    def merge(self, other: NotAssociative) -> None:
        if other.values:
            self.mean = (self.mean + other.mean) / 2 if self.values else other.mean
            self.values += other.values

    def result(self) -> float | None:
        return self.mean if self.values else None


@metric(takes="number")
class SplitBroken(ColumnAnalyzer):
    """The number of batches, which depends on how the data was cut."""

    batches: int = 0

    def update(self, column: ColumnView) -> None:
        self.batches += 1

    def result(self) -> int:
        return self.batches


@metric(takes="number")
class OtherChanged(ColumnAnalyzer):
    """Counts in a list that two instances share after a merge."""

    counts: list[int] = field(default_factory=list)

    def update(self, column: ColumnView) -> None:
        self.counts[:] = [sum(self.counts) + len(column.numbers)]

    def merge(self, other: OtherChanged) -> None:
        other.counts[:] = [sum(self.counts) + sum(other.counts)]
        self.counts = other.counts

    def result(self) -> int:
        return sum(self.counts)


@metric(takes="text")
class StateLost(ColumnAnalyzer):
    """Counts by length, whose keys come back from JSON as texts."""

    lengths: dict[int, int] = field(default_factory=dict)

    def update(self, column: ColumnView) -> None:
        for length in pc.utf8_length(column.valid).to_pylist():
            self.lengths[length] = self.lengths.get(length, 0) + 1

    def result(self) -> int | None:
        return max(self.lengths.values(), default=None)


@metric(takes="number")
class NotEmptyWhenNew(ColumnAnalyzer):
    """A count whose state all instances of the class share."""

    shared = {"values": 0}  # noqa: RUF012 - the mistake
    values: int = field(default_factory=lambda: NotEmptyWhenNew.shared["values"])

    def update(self, column: ColumnView) -> None:
        self.values += len(column.numbers)
        NotEmptyWhenNew.shared["values"] += 1

    def result(self) -> None:
        return None


@metric(takes="text")
class Unbounded(ColumnAnalyzer):
    """The exact number of distinct texts, from a dictionary of all of them."""

    seen: dict[str, int] = field(default_factory=dict)

    def update(self, column: ColumnView) -> None:
        self.seen |= dict.fromkeys(column.valid.to_pylist(), 1)

    def merge(self, other: Unbounded) -> None:
        self.seen |= other.seen

    def result(self) -> int:
        return len(self.seen)


@metric(takes="number")
class ByTheClock(ColumnAnalyzer):
    """When the last batch came."""

    at: Annotated[float, Max] = 0.0

    def update(self, column: ColumnView) -> None:
        self.at = time.perf_counter()

    def result(self) -> None:
        return None


@metric(takes="number")
class NullsBreakIt(ColumnAnalyzer):
    """The largest number, which a column of nulls does not have."""

    largest: Annotated[float, Max] = -1e300

    def update(self, column: ColumnView) -> None:
        if len(column):
            self.largest = max(self.largest, float(column.numbers.max()))

    def result(self) -> float | None:
        return self.largest if self.largest > -1e300 else None


@metric(takes="number")
class EmptyBreaksIt(ColumnAnalyzer):
    """Share of missing values, divided by nothing where there are no rows."""

    missing: int = 0
    rows: int = 0

    def update(self, column: ColumnView) -> None:
        self.missing += column.null_count
        self.rows += len(column)

    def result(self) -> float:
        return self.missing / self.rows


@metric(takes="number")
class NanComesThrough(ColumnAnalyzer):
    """The sum of the stored values, of which NaN is one."""

    total: float = 0.0

    def update(self, column: ColumnView) -> None:
        with np.errstate(all="ignore"):
            self.total += sum(float(value) for value in column.array.to_pylist() if value is not None)

    def result(self) -> Measured:
        return Measured(self.total)


@metric(takes="number")
class BatchChanged(ColumnAnalyzer):
    """The sum of absolute values, made absolute in place."""

    total: float = 0.0

    def update(self, column: ColumnView) -> None:
        values = column.numbers
        values.flags.writeable = True
        np.abs(values, out=values)
        self.total += float(values.sum())

    def result(self) -> float:
        return self.total


@metric(takes="text")
class EncodingMatters(ColumnAnalyzer):
    """Bytes of the array's buffers, however many of them belong to its rows."""

    size: Annotated[int, Max] = 0

    def update(self, column: ColumnView) -> None:
        if len(column) == 200:
            self.size = max(self.size, sum(buffer.size for buffer in column.array.buffers() if buffer))

    def result(self) -> int:
        return self.size


@metric(takes="number")
class NoNumber(ColumnAnalyzer):
    """A result that is a text."""

    rows: int = 0

    def update(self, column: ColumnView) -> None:
        self.rows += len(column)

    def result(self) -> str:
        return f"{self.rows} rows"


@metric(takes="number")
class Undocumented(ColumnAnalyzer):
    rows: int = 0

    def update(self, column: ColumnView) -> None:
        self.rows += len(column)

    def result(self) -> int:
        return self.rows


@metric(takes="number")
class DefaultNotLegal(ColumnAnalyzer):
    """Rows, with a setting whose default breaks its own limit."""

    size: int = setting(default=0, ge=1, description="At least 1.")
    rows: int = 0

    def update(self, column: ColumnView) -> None:
        self.rows += len(column)

    def result(self) -> int:
        return self.rows


@metric(takes="number", worse="higher")
class BreaksItsOwn(ColumnAnalyzer):
    """Rows, with a suggestion below what it found."""

    rows: int = 0

    def update(self, column: ColumnView) -> None:
        self.rows += len(column)

    def suggest(self, key: str, found: Measured, chunks: object) -> MetricConstraint:
        return MetricConstraint(threshold=(found.value or 0) / 2 - 1)

    def result(self) -> int:
        return self.rows


@metric(takes="number")
class NeedsABaseline(DerivedMetric):
    """How far the mean moved, which fails where the baseline had no such column."""

    needs = ("moments",)

    def compute(self, current: Any, baseline: Any) -> float:
        return float(current["moments"].mean - baseline["moments"].mean)


def local_metric() -> type[ColumnAnalyzer]:
    """A class that no executor can import."""

    @metric(takes="number")
    class Local(ColumnAnalyzer):
        """Rows."""

        rows: int = 0

        def update(self, column: ColumnView) -> None:
            self.rows += len(column)

        def result(self) -> int:
            return self.rows

    return Local


def illegal_name() -> type[ColumnAnalyzer]:
    """A metric whose name was changed behind the decorator's back."""
    return type("IllegalName", (Sound,), {"name": "not allowed", "__doc__": Sound.__doc__, "__module__": __name__})
