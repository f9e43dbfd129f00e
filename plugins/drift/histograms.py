"""Shares of baseline and current values in the same bins or categories."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from plugins.drift.points import FloatArray, Points

FLOOR = 1e-4
"""Share that stands for an empty bin where a logarithm of it is needed, as is the custom with PSI."""
FEW = 32
"""Different values of the baseline up to which each is a bin of its own: hours, days of a month, ratings, codes."""


@dataclass(frozen=True)
class Shares:
    """Two distributions over the same bins.

    Attributes:
        labels: What each bin holds.
        baseline: Share of the baseline's values in each.
        current: The same of the current values.
        baseline_size: Number of the baseline's values.
        current_size: Number of the current values.
        beyond: Bins beyond the extremes of a baseline of many values: it has nothing there by construction, and chance alone puts
            some current values there.
    """

    labels: tuple[str, ...]
    baseline: FloatArray
    current: FloatArray
    baseline_size: int
    current_size: int
    beyond: tuple[int, ...] = ()


@dataclass(frozen=True, order=True)
class Edge:
    """A border between two bins.

    Attributes:
        value: Where it lies.
        above: Whether the value itself belongs to the bin below the border.
    """

    value: float
    above: bool


def shares_of_numbers(baseline: Points, current: Points, bins: int) -> Shares:
    """Shares in bins between the baseline's quantiles, which hold about the same share of it each.

    Values below the baseline's smallest and above its largest have bins of their own. So has each value that fills a bin, and each
    of a baseline with few different values, and each that only the current data has where both together are few; what lies
    between two of these is another bin. Bins that nobody uses are left out.

    Args:
        baseline: Points of the baseline; not empty.
        current: Current points; not empty.
        bins: Number of quantiles.
    """
    distinct, places = np.unique(baseline.values, return_inverse=True)
    few = len(distinct) <= max(bins, FEW)
    weights = np.bincount(places, baseline.weights)
    alone = distinct if few else distinct[weights * bins >= baseline.size]
    both = np.union1d(distinct, current.values)
    holds_all = (baseline.least, baseline.greatest) == (distinct[0], distinct[-1])
    if few and holds_all and len(both) <= FEW:  # what only the current data has are as many bins, not the gaps between
        alone = both
    edges = _edges(baseline, alone, baseline.quantiles(np.arange(1, bins) / bins))
    before, now, labels = _in_bins(baseline, edges), _in_bins(current, edges), np.array(_labels(edges), dtype=object)
    used = (before > 0) | (now > 0)
    if not few:
        used[[0, -1]] = True
    beyond = () if few else (0, int(used.sum()) - 1)
    return Shares(tuple(labels[used]), before[used], now[used], baseline.size, current.size, beyond)


def _edges(baseline: Points, alone: FloatArray, ends: FloatArray) -> list[Edge]:
    """The borders of the bins, ascending: around the values that stand alone, at the quantiles, and at the extremes."""
    upper = {Edge(float(value), above=True) for value in [*ends, *alone, baseline.greatest]}
    lower = {Edge(float(value), above=False) for value in [*alone, baseline.least]}
    return sorted(upper | lower)


def shares_of_categories(baseline: Mapping[str, int], current: Mapping[str, int]) -> Shares:
    """Shares of all values that either side has, in the order of their names."""
    labels = tuple(sorted({*baseline, *current}))
    before = np.array([baseline.get(label, 0) for label in labels], np.float64)
    now = np.array([current.get(label, 0) for label in labels], np.float64)
    return Shares(labels, before / before.sum(), now / now.sum(), int(before.sum()), int(now.sum()))


def _in_bins(points: Points, edges: list[Edge]) -> FloatArray:
    bounds = np.array([edge.value if edge.above else math.nextafter(edge.value, -math.inf) for edge in edges])
    shares: FloatArray = np.diff(points.share_up_to(bounds), prepend=0.0, append=1.0)
    return shares


def _labels(edges: list[Edge]) -> list[str]:
    """What each bin holds, for people.

    >>> _labels([Edge(1.0, False), Edge(1.0, True), Edge(2.5, True)])
    ['below 1', '1', 'above 1 up to 2.5', 'above 2.5']
    """
    between = [
        f"{low.value:.6g}" if low.value == high.value else f"{_start(low)} {_end(high)}"
        for low, high in pairwise(edges)
    ]
    return [_end(edges[0]), *between, _start(edges[-1])]


def _start(edge: Edge) -> str:
    return f"{'above' if edge.above else 'from'} {edge.value:.6g}"


def _end(edge: Edge) -> str:
    return f"{'up to' if edge.above else 'below'} {edge.value:.6g}"
