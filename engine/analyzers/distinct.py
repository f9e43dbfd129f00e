"""Approximate number of distinct values (Deequ's ApproxCountDistinct)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from engine.analyzers.base import ColumnAnalyzer
from engine.columns.view import ColumnView
from engine.sketches.hll import HyperLogLog


@dataclass
class ApproxCountDistinct(ColumnAnalyzer):
    """HyperLogLog++ over Spark's hashes; for text over the raw cells, so that ``1.0`` and ``1.00`` are two values."""

    name: ClassVar[str] = "distinct"

    sketch: HyperLogLog = field(default_factory=HyperLogLog)

    def update(self, column: ColumnView) -> None:
        self.sketch.update(column.hashes)

    def result(self) -> int:
        return self.sketch.estimate()
