"""Distances between the distribution of a column and its baseline, as Deequ's ``Distance`` computes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from engine.constraints.kll_ranks import Levels, rank_map

Method = Literal["Robust", "Simple"]
DEFAULT_C_ALPHA = 1.8
"""Kolmogorov-Smirnov coefficient for a level of about 0.003."""


def numerical_distance(
    sample: Levels,
    expected: Levels,
    method: Method = "Robust",
    alpha: float | None = None,
    compat_2_0: bool = True,
) -> float:
    """Largest gap between the distribution functions of two KLL sketches.

    Args:
        sample: Items of the observed sketch by level.
        expected: Items of the baseline sketch by level.
        method: ``Simple`` is the gap itself; ``Robust`` takes off what two samples of this size may differ by chance.
        alpha: Level of the correction; None for the coefficient 1.8.
        compat_2_0: See :func:`~engine.constraints.kll_ranks.rank_map`.

    Returns:
        A number from 0 to 1; NaN if a sketch is empty.
    """
    a, b = rank_map(sample, compat_2_0), rank_map(expected, compat_2_0)
    if not a.items.size or not b.items.size:
        return math.nan
    points = np.union1d(a.items, b.items)
    gap = float(np.max(np.abs(a.at(points) / a.total - b.at(points) / b.total)))
    return _select(gap, a.total, b.total, method, alpha)


def bucket_distance(
    sample: Levels,
    expected: Sequence[tuple[float, float, float]],
    method: Method = "Robust",
    alpha: float | None = None,
) -> float:
    """The same against a baseline that has only buckets ``(low, high, count)``, compared at the bounds of the buckets.

    Returns:
        A number from 0 to 1; NaN if either side is empty.
    """
    ranks = rank_map(sample, compat_2_0=False)
    counts = np.cumsum([count for _, _, count in expected])
    if not ranks.items.size or not counts.size or counts[-1] <= 0:
        return math.nan
    bounds = np.array([high for _, high, _ in expected], dtype=np.float64)
    below = ranks.below(bounds)
    below[-1] = ranks.at(bounds[-1:])[0]  # The last bucket holds its upper bound.
    under = (
        float(ranks.below(np.array([expected[0][0]]))[0]) / ranks.total
    )  # The baseline has nothing below its first bucket.
    gap = max(under, float(np.max(np.abs(below / ranks.total - counts / counts[-1]))))
    return _select(gap, ranks.total, float(counts[-1]), method, alpha)


def categorical_distance(
    sample: Mapping[str, int], expected: Mapping[str, int], method: Method = "Robust", alpha: float | None = None
) -> float:
    """Largest gap between the relative frequencies of a value.

    Args:
        sample: Observed counts by value.
        expected: Baseline counts by value.
        method: As in :func:`numerical_distance`.
        alpha: As in :func:`numerical_distance`.

    Returns:
        A number from 0 to 1; NaN if a side has no counts.
    """
    n, m = sum(sample.values()), sum(expected.values())
    if not n or not m:
        return math.nan
    gap = max(abs(sample.get(value, 0) / n - expected.get(value, 0) / m) for value in {**sample, **expected})
    return _select(gap, n, m, method, alpha)


def population_stability_index(actual: Sequence[float], expected: Sequence[float]) -> float:
    """PSI over buckets of equal number; above 0.1 is read as a change, above 0.2 as a large one.

    Returns:
        A number, or infinity or NaN where a bucket is empty on one side or both: nothing is smoothed.

    Raises:
        ValueError: The numbers of buckets differ.
    """
    if len(actual) != len(expected):
        raise ValueError(f"PSI needs buckets of equal number, found {len(actual)} and {len(expected)}")
    a, e = np.asarray(actual, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, e = a / a.sum(), e / e.sum()
        return float(np.sum((a - e) * np.log(a / e)))


def _select(gap: float, n: float, m: float, method: Method, alpha: float | None) -> float:
    if method == "Simple":
        return gap
    c_alpha = DEFAULT_C_ALPHA if alpha is None else math.sqrt(-math.log(alpha / 2.0) * 0.5)
    return max(0.0, gap - c_alpha * math.sqrt((n + m) / (n * m)))
