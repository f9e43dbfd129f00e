"""Which type the cells of a column have (Deequ's DataType analyzer)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from engine.analyzers.base import ColumnAnalyzer, setting
from engine.columns.data_types import BOOLEAN, CLASSES, FRACTIONAL, INTEGRAL, STRING, UNKNOWN
from engine.columns.view import ColumnView


@dataclass(frozen=True)
class DataTypeResult:
    """The inferred type and the number of cells of each class (``Unknown`` counts nulls)."""

    inferred: str
    counts: dict[str, int]

    def match(self, expected: str) -> float:
        """Share of present cells of exactly the class ``expected`` (deequ.md 2, hasDataType); 0.0 for none."""
        count = self.counts[expected]
        return count / (sum(self.counts.values()) - self.counts["Unknown"]) if count else 0.0


@dataclass
class DataTypes(ColumnAnalyzer):
    """Counts of cells by Deequ's classes, and the type that follows from them.

    Attributes:
        is_text: Whether the column is one of text, whatever its cells spell.
        counts: Cells of each class.
        excess: Those among them whose text is a number beyond doubles. In a column of numbers they are missing.
    """

    name: ClassVar[str] = "data_type"

    is_text: bool = setting(False)
    counts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(5, np.int64))
    excess: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(5, np.int64))

    def update(self, column: ColumnView) -> None:
        self.counts = self.counts + column.type_counts
        self.excess = self.excess + column.excess

    def result(self) -> DataTypeResult:
        counts = self.counts
        if self.excess.any() and not counts[[BOOLEAN, STRING]].any():
            counts = counts - self.excess
            counts[UNKNOWN] += self.excess.sum()
        inferred = "String" if self.is_text and counts[1:].any() else _inferred(counts > 0)
        return DataTypeResult(inferred, dict(zip(CLASSES, counts.tolist(), strict=True)))


def _inferred(seen: npt.NDArray[np.bool_]) -> str:
    if seen[UNKNOWN] and not seen[1:].any():
        return "Unknown"
    if seen[STRING] or (seen[BOOLEAN] and (seen[INTEGRAL] or seen[FRACTIONAL])):
        return "String"
    if seen[BOOLEAN]:
        return "Boolean"
    return "Fractional" if seen[FRACTIONAL] else "Integral"
