"""The comparison of two columns by any method: the distance, its p-value, how sure it is, and what moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from plugins.drift.distances import PARTS, BinMethod, bin_distance
from plugins.drift.errors import bin_sampling_error, bin_sketch_error, ks_sampling_error, wasserstein_errors
from plugins.drift.histograms import Shares, shares_of_categories, shares_of_numbers
from plugins.drift.p_values import chi_squared_p, kolmogorov_smirnov_p
from plugins.drift.points import Points

Method = Literal[BinMethod, "kolmogorov_smirnov", "wasserstein"]
METHODS: tuple[Method, ...] = (*get_args(BinMethod), "kolmogorov_smirnov", "wasserstein")
SHOWN = 3


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Attributes:
        distance: See ``distances.py``; Wasserstein in standard deviations of the baseline.
        p_value: Where the method is that of a test.
        sampling_error: What chance alone stays below in 95 of 100 cases.
        sketch_error: How much the sketches may have moved it.
        contributions: Bin or category, share before, share now, part of the distance; the largest part first.
    """

    distance: float
    p_value: float | None
    sampling_error: float
    sketch_error: float
    contributions: tuple[tuple[str, float, float, float], ...]

    def sentences(self) -> tuple[str, ...]:
        """The largest contributions in words."""
        return tuple(
            f"{label}: {before:.1%} -> {now:.1%} ({now - before:+.1%}, {part:.0%} of the distance)"
            for label, before, now, part in self.contributions[:SHOWN]
            if part > 0
        )


def compare_numbers(baseline: Points, current: Points, method: Method, bins: int = 10) -> Comparison:
    """Compare two numeric columns; both must have values. What one side stores in 32 bits and the other in 64 is one value."""
    current = current.at(baseline)
    shares = shares_of_numbers(baseline, current, bins)
    if method == "kolmogorov_smirnov":
        at = np.union1d(baseline.values, current.values)
        distance = float(np.abs(baseline.share_up_to(at) - current.share_up_to(at)).max())
        p_value = kolmogorov_smirnov_p(distance, baseline.size, current.size)
        sampling = ks_sampling_error(baseline.size, current.size)
        sketch = baseline.rank_error + current.rank_error
        return Comparison(distance, p_value, sampling, sketch, contributions(shares, "total_variation"))
    if method == "wasserstein":
        return _wasserstein(baseline, current, shares)
    return _of_shares(shares, method, bin_sketch_error(method, shares, baseline, current))


def compare_categories(baseline: Mapping[str, int], current: Mapping[str, int], method: Method) -> Comparison:
    """Compare two columns of categories; both must have values.

    Raises:
        ValueError: The method needs numbers.
    """
    if method not in PARTS:
        raise ValueError(f"method {method!r} compares numbers; for categories use one of {', '.join(PARTS)}")
    return _of_shares(shares_of_categories(baseline, current), method, 0.0)


def _wasserstein(baseline: Points, current: Points, shares: Shares) -> Comparison:
    """In standard deviations of the baseline; where it has none, in the unit of the values."""
    from scipy import stats  # takes a second, and every job looks at every plugin

    exponent = _exponent(baseline, current)
    before, now = baseline.scaled(exponent), current.scaled(exponent)
    sampling, sketch = wasserstein_errors(before, now)
    found = np.array(
        [stats.wasserstein_distance(before.values, now.values, before.weights, now.weights), sampling, sketch]
    )
    with np.errstate(over="ignore"):
        found = found / before.std_dev if before.std_dev else np.ldexp(found, exponent)
    distance, sampling, sketch = np.nan_to_num(found).tolist()
    return Comparison(distance, None, sampling, sketch, contributions(shares, "total_variation"))


def _exponent(*sides: Points) -> int:
    """The power of two that brings the largest magnitude near 1, with room to add and to square."""
    return int(np.frexp(max(np.abs(side.values).max() for side in sides))[1])


def contributions(shares: Shares, method: BinMethod) -> tuple[tuple[str, float, float, float], ...]:
    """What each bin adds to a distance, the largest part first; bins without a part are left out."""
    parts = PARTS[method](shares.current, shares.baseline)
    total = parts.sum()
    order = [i for i in np.argsort(-parts, kind="stable") if parts[i] > 0]
    return tuple(
        (shares.labels[i], float(shares.baseline[i]), float(shares.current[i]), float(parts[i] / total)) for i in order
    )


def _of_shares(shares: Shares, method: BinMethod, sketch_error: float) -> Comparison:
    distance = float(bin_distance(method, shares.current, shares.baseline))
    p_value = chi_squared_p(shares) if method == "chi_squared" else None
    sampling = bin_sampling_error(method, shares)
    return Comparison(distance, p_value, sampling, sketch_error, contributions(shares, method))
