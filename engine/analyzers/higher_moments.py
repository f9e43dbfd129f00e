"""Skewness and kurtosis, which cost more than the first two moments and are computed only when asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import Self

from engine.analyzers.base import ColumnAnalyzer
from engine.columns.view import ColumnView


@dataclass(frozen=True)
class HigherMomentsResult:
    """Population skewness and excess kurtosis; 0.0 for a constant column, as in Deequ."""

    skewness: float
    kurtosis: float


@dataclass
class HigherMoments(ColumnAnalyzer):
    """Third and fourth central moments, merged pairwise (Pebay 2008; deequ.md 6.7)."""

    name: ClassVar[str] = "higher_moments"

    count: int = 0
    average: float = 0.0
    m2: float = 0.0
    m3: float = 0.0
    m4: float = 0.0

    def update(self, column: ColumnView) -> None:
        values = column.numbers
        if len(values):
            with np.errstate(over="ignore", invalid="ignore"):  # powers of huge values leave the range of doubles
                average = float(values.mean())
                d = values - average
                d2 = d * d
                powers = (float(d2.sum()), float((d2 * d).sum()), float((d2 * d2).sum()))
            self.merge(type(self)(len(values), average, *powers))

    def merge(self, other: Self) -> None:
        if not other.count:
            return
        n, m = self.count, other.count
        both = n + m
        d = other.average - self.average
        f = d / both
        self.m4 += other.m4 + d * f**3 * n * m * (n * n - n * m + m * m)
        self.m4 += 6 * f * f * (n * n * other.m2 + m * m * self.m2) + 4 * f * (n * other.m3 - m * self.m3)
        self.m3 += other.m3 + d * f * f * n * m * (n - m) + 3 * f * (n * other.m2 - m * self.m2)
        self.m2 += other.m2 + d * f * n * m
        self.average += f * m
        self.count = both

    def result(self) -> HigherMomentsResult | None:
        if not self.count or not math.isfinite(self.m4):
            return None
        if self.m2 == 0:
            return HigherMomentsResult(0.0, 0.0)
        n = self.count
        return HigherMomentsResult(math.sqrt(n) * self.m3 / self.m2**1.5, n * self.m4 / self.m2**2 - 3)
