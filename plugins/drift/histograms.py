"""Shares of baseline and current values in the same bins or categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from plugins.drift.points import FloatArray, Points

FLOOR = 1e-4
"""Share that stands for an empty bin where a logarithm of it is needed, as is the custom with PSI."""


@dataclass(frozen=True)
class Shares:
    """Two distributions over the same bins.

    Attributes:
        labels: What each bin holds.
        baseline: Share of the baseline's values in each.
        current: The same of the current values.
        baseline_size: Number of the baseline's values.
        current_size: Number of the current values.
    """

    labels: tuple[str, ...]
    baseline: FloatArray
    current: FloatArray
    baseline_size: int
    current_size: int


def shares_of_numbers(baseline: Points, current: Points, bins: int) -> Shares:
    """Shares in bins between the baseline's quantiles, which hold about the same share of it each; the outer ones are open.

    Args:
        baseline: Points of the baseline; not empty.
        current: Current points; not empty.
        bins: Their number; fewer where the baseline has fewer distinct values.
    """
    edges = np.unique(baseline.quantiles(np.arange(1, bins) / bins))
    edges = edges[edges < baseline.values[-1]] if len(edges) > 1 else edges
    ends = [f"{edge:.6g}" for edge in edges]
    labels = [
        f"up to {ends[0]}",
        *(f"above {a} up to {b}" for a, b in pairwise(ends)),
        f"above {ends[-1]}",
    ]
    return Shares(tuple(labels), _in_bins(baseline, edges), _in_bins(current, edges), baseline.size, current.size)


def shares_of_categories(baseline: Mapping[str, int], current: Mapping[str, int]) -> Shares:
    """Shares of all values that either side has, in the order of their names."""
    labels = tuple(sorted({*baseline, *current}))
    before = np.array([baseline.get(label, 0) for label in labels], np.float64)
    now = np.array([current.get(label, 0) for label in labels], np.float64)
    return Shares(labels, before / before.sum(), now / now.sum(), int(before.sum()), int(now.sum()))


def _in_bins(points: Points, edges: FloatArray) -> FloatArray:
    found: FloatArray = np.diff(points.share_up_to(edges), prepend=0.0, append=1.0)
    return found
