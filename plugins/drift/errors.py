"""How sure a distance is: what chance alone gives for samples of these sizes, and what the sketches add."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from plugins.drift.distances import BinMethod, bin_distance
from plugins.drift.histograms import Shares
from plugins.drift.points import FloatArray, Points

DRAWS = 200
CONFIDENCE = 0.95
KS_COEFFICIENT = 1.358
"""Of the Kolmogorov distribution at 95 %."""
STEPS = 256


def ks_sampling_error(n: int, m: int) -> float:
    """The Kolmogorov-Smirnov distance that two samples of one distribution stay below in 95 of 100 cases."""
    return float(KS_COEFFICIENT * np.sqrt((n + m) / (n * m)))


def bin_sampling_error(method: BinMethod, shares: Shares) -> float:
    """The distance that two samples of one distribution stay below in 95 of 100 cases (parametric bootstrap, fixed seed).

    How many of m values lie beyond an extreme of n others is geometrically distributed, whatever the distribution.
    """
    n, m = shares.baseline_size, shares.current_size
    pooled = (shares.baseline * n + shares.current * m) / (n + m)
    pooled[list(shares.beyond)] = 0.0
    if not pooled.any():
        return 0.0
    rng = np.random.default_rng(0)
    p, q = _draw(rng, n, pooled), _draw(rng, m, pooled)
    for place in shares.beyond:
        q[:, place] = (rng.geometric(n / (n + m), DRAWS) - 1) / m
    distances = bin_distance(method, p, q / q.sum(axis=-1, keepdims=True))
    return float(np.quantile(distances, CONFIDENCE))


def bin_sketch_error(method: BinMethod, shares: Shares, baseline: Points, current: Points) -> float:
    """How much the sketches may have moved the distance.

    A sketch with rank error e knows a distribution about as well as a sample of (1.358 / e)^2 values does; distances of such
    samples scatter by so much (the largest of 200 draws). It counts twice, since the edges of the bins are known no better. To this
    comes what one bin does whose share is wrong by the rank error, which weighs where a bin is almost empty. Beyond extremes, which
    are exact, a side is surely empty.
    """
    sides = ((shares.baseline, baseline.rank_error), (shares.current, current.rank_error))
    if not any(error for _, error in sides):
        return 0.0
    rng = np.random.default_rng(0)
    p, q = (_draw(rng, effective_size(error), share) if error else share for share, error in sides)
    found = bin_distance(method, shares.baseline, shares.current)
    scatter = np.abs(bin_distance(method, p, q) - found).max()
    every = np.arange(len(shares.labels))
    inside = (current.least >= baseline.least, current.greatest <= baseline.greatest)
    empty = [place for place, is_inside in zip(shares.beyond, inside, strict=False) if is_inside]
    unsure = (np.setdiff1d(every, shares.beyond), np.setdiff1d(every, empty))
    steps = [
        np.abs(bin_distance(method, _one_bin_off(share, sign * error, bins), other) - found).max()
        for (share, error), (other, _), bins in zip(sides, sides[::-1], unsure, strict=True)
        for sign in (-1, 1)
    ]
    return float(2 * scatter + max(steps))


def wasserstein_errors(baseline: Points, current: Points) -> tuple[float, float]:
    """Sampling error and sketch error of the Wasserstein distance, in the unit of the values.

    Both are drawn on the values in 256 steps of equal share.
    """
    n, m = baseline.size, current.size
    steps = (np.arange(STEPS) + 0.5) / STEPS
    both = Points(*_merged(baseline, current))
    support = both.quantiles(steps)
    gaps = np.diff(support)
    equal = np.full(STEPS, 1 / STEPS)
    rng = np.random.default_rng(0)
    distances = _on_steps(_draw(rng, n, equal), _draw(rng, m, equal), gaps)
    sampling = float(np.quantile(distances, CONFIDENCE))
    sizes = [effective_size(points.rank_error) for points in (baseline, current) if points.rank_error]
    moved = sum(float(_on_steps(_draw(rng, size, equal), equal[None, :], gaps).max()) for size in sizes)
    ends = max(baseline.rank_error, current.rank_error) * float(both.values[-1] - both.values[0])
    return sampling, moved + ends if sizes else 0.0


def effective_size(rank_error: float) -> int:
    """Size of a sample whose largest error of a share is this in 95 of 100 cases.

    >>> effective_size(0.0018)
    569186
    """
    return int((KS_COEFFICIENT / rank_error) ** 2)


def _one_bin_off(shares: FloatArray, step: float, bins: npt.NDArray[np.int64]) -> FloatArray:
    """The distributions in which one of some bins holds more, or less, than it seems; one a row."""
    moved = np.maximum(np.tile(shares, (len(bins), 1)) + step * np.eye(len(shares))[bins], 0.0)
    found: FloatArray = moved / moved.sum(axis=-1, keepdims=True)
    return found


def _draw(rng: np.random.Generator, size: int, shares: FloatArray) -> FloatArray:
    found: FloatArray = rng.multinomial(size, shares / shares.sum(), size=DRAWS) / size
    return found


def _on_steps(p: FloatArray, q: FloatArray, gaps: FloatArray) -> FloatArray:
    difference = np.abs(np.cumsum(p - q, axis=-1))[..., :-1]
    found: FloatArray = (difference * gaps).sum(axis=-1)
    return found


def _merged(one: Points, other: Points) -> tuple[FloatArray, FloatArray]:
    values = np.concatenate([one.values, other.values])
    weights = np.concatenate([one.weights / one.size, other.weights / other.size])
    order = np.argsort(values, kind="stable")
    return values[order], weights[order]
