"""How many values are present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.analyzers.base import ColumnAnalyzer
from engine.columns.data_types import BOOLEAN, STRING
from engine.columns.view import ColumnView


@dataclass(frozen=True)
class CompletenessResult:
    """Counts of present and missing values, and the share of present ones (0.0 for no rows)."""

    num_present: int
    num_missing: int
    completeness: float


@dataclass
class Completeness(ColumnAnalyzer):
    """Number of present and missing values (Deequ's Completeness).

    A text of a number beyond doubles is missing where all other cells are numbers, too.

    >>> import pyarrow as pa
    >>> c = Completeness(); c.update(ColumnView("x", pa.array([1, None]))); c.result()
    CompletenessResult(num_present=1, num_missing=1, completeness=0.5)
    """

    name: ClassVar[str] = "completeness"

    present: int = 0
    missing: int = 0
    excess: int = 0
    holds_words: bool = False

    def update(self, column: ColumnView) -> None:
        missing = column.null_count
        self.present += len(column) - missing
        self.missing += missing
        if column.is_text:
            self.excess += int(column.excess.sum())
            self.holds_words = self.holds_words or bool(column.type_counts[[BOOLEAN, STRING]].any())

    def result(self) -> CompletenessResult:
        rows = self.present + self.missing
        present = self.present if self.holds_words else self.present - self.excess
        return CompletenessResult(present, rows - present, present / rows if rows else 0.0)
