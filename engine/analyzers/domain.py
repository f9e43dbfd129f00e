"""How many values of a column lie in the baseline's domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from engine.analyzers.base import ColumnAnalyzer, setting
from engine.columns.java_text import as_text
from engine.columns.view import ColumnView


@dataclass(frozen=True)
class DomainResult:
    """Present values, and how many of them are in the domain."""

    matched: int
    present: int


@dataclass
class DomainMatch(ColumnAnalyzer):
    """Exact count of values in a domain, however many distinct values there are (contract 3.8, categorical_values_check).

    Attributes:
        domain: The legal values, as text.
    """

    name: ClassVar[str] = "domain"

    domain: tuple[str, ...] = setting(())
    matched: int = 0
    present: int = 0

    def update(self, column: ColumnView) -> None:
        if column.is_nested or not len(column.valid):
            return
        inside = pc.is_in(as_text(column.valid), pa.array(self.domain, pa.string()))
        self.matched += pc.sum(inside).as_py() or 0
        self.present += len(column.valid)

    def result(self) -> DomainResult:
        return DomainResult(self.matched, self.present)
