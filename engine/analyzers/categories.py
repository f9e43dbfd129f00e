"""Counts of each value of a column with few distinct values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pyarrow as pa
from typing_extensions import Self

from engine.analyzers.base import ColumnAnalyzer, setting
from engine.columns.view import ColumnView


@dataclass
class Categories(ColumnAnalyzer):
    """Value counts, given up for good once there are more than ``limit`` distinct values, however the data is split.

    Typed numbers are left out unless ``numeric`` says otherwise: their distribution is the KLL sketch's.

    Attributes:
        limit: Most distinct values that are counted. Above the 120 of a categorical column, as that cut is made on an estimate.
        numeric: Whether numeric columns of a type are counted too.
    """

    name: ClassVar[str] = "categories"

    limit: int = setting(1000)
    numeric: bool = setting(False)
    counts: dict[str, int] = field(default_factory=dict)
    overflow: bool = False

    def update(self, column: ColumnView) -> None:
        if self.overflow or (not self.numeric and _is_number(column.kind)):
            return
        if column.has_more_texts_than(self.limit):
            self.overflow, self.counts = True, {}
            return
        values, counts = column.value_counts
        self._add(dict(zip(values, counts.tolist(), strict=True)))

    def merge(self, other: Self) -> None:
        self.overflow = self.overflow or other.overflow
        self._add(other.counts)

    def _add(self, counts: dict[str, int]) -> None:
        if not self.overflow:
            for value, count in counts.items():
                self.counts[value] = self.counts.get(value, 0) + count
        if self.overflow or len(self.counts) > self.limit:
            self.overflow, self.counts = True, {}

    def result(self) -> dict[str, int] | None:
        return None if self.overflow else dict(self.counts)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
