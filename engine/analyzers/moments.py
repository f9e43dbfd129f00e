"""Count, sum, mean, standard deviation, minimum and maximum of the numbers of a column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import Self

from engine.analyzers.base import ColumnAnalyzer
from engine.columns.summation import squares_in_lanes, sum_in_lanes
from engine.columns.view import ColumnView, FloatArray
from engine.kernels.compilation import compiled, readonly

ROW_BY_ROW = 2048
"""Values that are taken in one by one, as Spark does, so that small files reproduce the closed container to the last bit."""


@dataclass(frozen=True)
class MomentsResult:
    """Statistics of the numbers; ``std_dev`` and ``variance`` are those of the population."""

    count: int
    mean: float
    sum: float
    std_dev: float
    variance: float
    min: float
    max: float


@dataclass
class Moments(ColumnAnalyzer):
    """First two moments and extremes in one pass.

    The sum is accumulated in row order; central moments follow Spark's ``CentralMomentAgg`` row by row at the start and the
    pairwise formulas of Chan, Golub and LeVeque (1979) beyond.

    >>> import pyarrow as pa
    >>> m = Moments(); m.update(ColumnView("x", pa.array([1, 2, 3, 4]))); m.result().std_dev
    1.118033988749895
    """

    name: ClassVar[str] = "moments"

    count: int = 0
    total: float = 0.0
    average: float = 0.0
    m2: float = 0.0
    smallest: float = math.inf
    largest: float = -math.inf

    def update(self, column: ColumnView) -> None:
        values = column.numbers
        if not len(values):
            return
        self.total = column.added_to(self.total)
        smallest, largest = column.bounds
        self.smallest, self.largest = min(self.smallest, smallest), max(self.largest, largest)
        room = max(0, ROW_BY_ROW - self.count)
        self._update_row_by_row(values[:room])
        self._update_together(values[room:])

    def _update_row_by_row(self, values: FloatArray) -> None:
        loops = compiled("moments", len(values))
        if loops is not None:
            self.average, self.m2 = loops.central_moments(readonly(values), self.count, self.average, self.m2)
            self.count += len(values)
            return
        count, average, m2 = self.count, self.average, self.m2
        for value in values.tolist():
            count += 1
            delta = value - average
            step = delta / count
            average += step
            m2 += delta * (delta - step)
        self.count, self.average, self.m2 = count, average, m2

    def _update_together(self, values: FloatArray) -> None:
        if len(values):
            average = sum_in_lanes(values) / len(values)
            self._combine(len(values), average, squares_in_lanes(values, average))

    def _combine(self, count: int, average: float, m2: float) -> None:
        both = self.count + count
        delta = average - self.average
        self.average += delta / both * count
        self.m2 += m2 + delta * (delta / both) * self.count * count
        self.count = both

    def merge(self, other: Self) -> None:
        if other.count:
            self._combine(other.count, other.average, other.m2)
        self.total += other.total
        self.smallest = min(self.smallest, other.smallest)
        self.largest = max(self.largest, other.largest)

    def result(self) -> MomentsResult | None:
        if not self.count:
            return None
        # Squares beyond doubles are an infinity or NaN, as the data is cut: the deviation is unknown, and NaN as Deequ's is.
        variance = self.m2 / self.count if math.isfinite(self.m2) else math.nan
        return MomentsResult(
            self.count, self.total / self.count, self.total, math.sqrt(variance), variance, self.smallest, self.largest
        )
