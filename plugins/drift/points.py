"""The distribution of a numeric column as weighted points: the items of its KLL sketch, or all its values with weight 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """Weighted points, sorted.

    Attributes:
        values: The points, ascending.
        weights: How many values each stands for.
        rank_error: Largest error of a share of values up to a point, with 99 % confidence; 0 where the points are the values.
        extremes: Smallest and largest value where they are known otherwise: a sketch may have dropped them.
    """

    values: FloatArray
    weights: FloatArray
    rank_error: float = 0.0
    extremes: tuple[float, float] | None = None

    @property
    def least(self) -> float:
        """The smallest value."""
        known = float(self.values[0])
        return min(known, self.extremes[0]) if self.extremes else known

    @property
    def greatest(self) -> float:
        """The largest value."""
        known = float(self.values[-1])
        return max(known, self.extremes[1]) if self.extremes else known

    def scaled(self, exponent: int) -> Points:
        """The values divided by a power of two, which changes no digit: huge and tiny ones come near 1."""
        return replace(self, values=np.ldexp(self.values, -exponent), extremes=None)

    @property
    def size(self) -> int:
        """Number of values that they stand for."""
        return int(self.weights.sum())

    @property
    def std_dev(self) -> float:
        """Standard deviation of the population."""
        if not self.size:
            return 0.0
        mean = np.average(self.values, weights=self.weights)
        return float(np.sqrt(np.average((self.values - mean) ** 2, weights=self.weights)))

    def at(self, others: Points) -> Points:
        """The points, of which those that are another's value in 32 bits, or the other way round, lie at that value.

        Whole numbers stay: they are codes and counts, which 32 bits hold as they are.

        >>> stored = points_of_values([float(np.float32(0.1)), 0.25, 7.0])
        >>> stored.at(points_of_values([0.1, 0.25, 7.5])).values.tolist()
        [0.1, 0.25, 7.0]
        """
        above = np.minimum(np.searchsorted(others.values, self.values), len(others.values) - 1)
        values = self.values.copy()
        for places in (above, np.maximum(above - 1, 0)):
            other = others.values[places]
            same = (_in_32_bits(other) == self.values) | (_in_32_bits(self.values) == other)
            values = np.where(same & (self.values % 1 != 0) & (other % 1 != 0), other, values)
        values = np.where(np.isin(self.values, others.values), self.values, values)
        order = np.argsort(values, kind="stable")
        return replace(self, values=values[order], weights=self.weights[order])

    def share_up_to(self, bounds: FloatArray) -> FloatArray:
        """Share of values that are at most each bound."""
        cumulative = np.concatenate([[0.0], np.cumsum(self.weights)])
        found: FloatArray = cumulative[np.searchsorted(self.values, bounds, side="right")] / self.size
        return found

    def quantiles(self, shares: Sequence[float] | FloatArray) -> FloatArray:
        """The smallest point up to which at least each share of the values lies."""
        cumulative = np.cumsum(self.weights)
        places = np.searchsorted(cumulative, np.asarray(shares) * cumulative[-1] * (1 - 1e-12))
        found: FloatArray = self.values[np.minimum(places, len(self.values) - 1)]
        return found


def _in_32_bits(values: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", under="ignore"):
        return values.astype(np.float32).astype(np.float64)


def points_of_values(values: Sequence[float] | FloatArray) -> Points:
    """Exact points: every value with weight 1."""
    ordered = np.sort(np.asarray(values, np.float64))
    return Points(ordered, np.ones(len(ordered)))


def points_of_sketch(
    levels: Sequence[Sequence[float]], size: int, extremes: tuple[float, float] | None = None
) -> Points:
    """The items of a KLL sketch: one of level h stands for 2^h values. Infinities and NaN are left out.

    Args:
        levels: Items by level, as in ``statistics.json``.
        size: The sketch's parameter k.
        extremes: Smallest and largest value, where they are known.

    >>> points_of_sketch([[3.0], [1.0, 2.0]], 2048).weights.tolist()
    [2.0, 2.0, 1.0]
    """
    values = np.concatenate([np.asarray(level, np.float64) for level in levels] or [np.empty(0)])
    weights = np.concatenate([np.full(len(level), 2.0**h) for h, level in enumerate(levels)] or [np.empty(0)])
    finite = np.isfinite(values)
    values, weights = values[finite], weights[finite]
    order = np.argsort(values, kind="stable")
    exact = len(levels) < 2 or not any(len(level) for level in levels[1:])
    known = extremes if extremes and np.isfinite(extremes).all() else None
    return Points(values[order], weights[order], 0.0 if exact else rank_error(size), known)


def rank_error(size: int) -> float:
    """Normalised rank error of a KLL sketch with 99 % confidence (the fit that Apache DataSketches publishes for its KLL).

    >>> round(rank_error(2048), 4)
    0.0018
    """
    return float(2.446 / size**0.9433)
