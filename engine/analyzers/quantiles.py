"""The KLL sketch of a column's numbers, and its equal-width buckets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.analyzers.base import ColumnAnalyzer, setting
from engine.analyzers.state import Max, Min
from engine.columns.view import ColumnView
from engine.sketches.kll import SHRINKING_FACTOR, SKETCH_SIZE, KllSketch

# Deequ starts its extremes at the bounds of a 32-bit integer, so a column that lies wholly beyond them has a bucket bound there.
INT_MAX = 2147483647.0
INT_MIN = -2147483648.0


@dataclass(frozen=True)
class KllResult:
    """Buckets ``(low, high, count)``, the parameters ``(k, c)``, and the items of the sketch by level."""

    buckets: list[tuple[float, float, int]]
    parameters: tuple[int, float]
    data: list[list[float]]


@dataclass
class KllAnalyzer(ColumnAnalyzer):
    """KLL sketch and buckets as in Deequ's KLLSketch analyzer (deequ.md section 4).

    Attributes:
        k: Size of the sketch.
        c: Shrinking factor of the levels.
        buckets: Number of equal-width buckets.
    """

    name: ClassVar[str] = "kll"

    k: int = setting(SKETCH_SIZE)
    c: float = setting(SHRINKING_FACTOR)
    buckets: int = setting(10)
    sketch: KllSketch | None = field(default=None)
    smallest: Annotated[float, Min] = INT_MAX
    largest: Annotated[float, Max] = INT_MIN

    def update(self, column: ColumnView) -> None:
        values = column.numbers
        if not len(values):
            return
        self.sketch = self.sketch or KllSketch(self.k, self.c)
        self.sketch.update(values)
        smallest, largest = column.bounds
        self.smallest, self.largest = min(self.smallest, smallest), max(self.largest, largest)

    def result(self) -> KllResult | None:
        if self.sketch is None or math.isinf(self.smallest):
            return None
        found = self.sketch.buckets(self.smallest, self.largest, self.buckets)
        return KllResult(found, (self.k, self.c), self.sketch.data())
