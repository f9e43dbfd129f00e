"""How many values of a column lie in the baseline's domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from engine.analyzers.base import ColumnAnalyzer, setting
from engine.columns.java_text import as_text
from engine.columns.kinds import kind_of_type
from engine.columns.labels import canonical_labels
from engine.columns.view import ColumnView


@dataclass(frozen=True)
class DomainResult:
    """Present values, and how many of them are in the domain."""

    matched: int
    present: int


@dataclass
class DomainMatch(ColumnAnalyzer):
    """Exact count of values in a domain, however many distinct values there are.

    Attributes:
        domain: The allowed values, as text.
    """

    name: ClassVar[str] = "domain"

    domain: tuple[str, ...] = setting(())
    matched: int = 0
    present: int = 0

    def update(self, column: ColumnView) -> None:
        if column.is_nested or column.null_count == len(column):
            return
        domain = pa.array(self.domain, pa.string())
        if kind_of_type(column.kind) == "number":
            self._match_numbers(column, canonical_labels(domain))
            return
        if column.encoded is None:
            self.matched += pc.sum(pc.is_in(as_text(column.valid), domain)).as_py() or 0
        else:
            texts, counts = column.value_counts
            inside = pc.is_in(pa.array(texts, pa.string()), domain).to_numpy(zero_copy_only=False)
            self.matched += int(counts[inside].sum())
        self.present += len(column) - column.null_count

    def _match_numbers(self, column: ColumnView, domain: pa.Array) -> None:
        """A number is in the domain in whatever way it is written there: 10000000.0 as ``10000000``."""
        values, counts = column.weighted
        inside = pc.is_in(canonical_labels(values), domain).to_numpy(zero_copy_only=False)
        self.matched += int(counts[inside].sum())
        self.present += len(column) - column.null_count

    def result(self) -> DomainResult:
        return DomainResult(self.matched, self.present)
