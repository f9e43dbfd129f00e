"""Sums, bounds and moments in loops."""

from __future__ import annotations

import numpy as np

from engine.kernels.looping import Floats, loop


@loop
def sum_and_bounds(values: Floats, start: float) -> tuple[float, float, float]:
    """``start`` plus the values, one after the other, and the first that no other is smaller, or larger, than.

    A processor waits for each addition; the comparisons are done meanwhile.
    """
    total, smallest, largest = start, np.inf, -np.inf
    for value in values:
        total += value
        smallest = value if value < smallest else smallest  # noqa: FURB136 - min and max look for NaN
        largest = value if value > largest else largest  # noqa: FURB136
    return total, smallest, largest


@loop
def central_moments(values: Floats, count: int, average: float, m2: float) -> tuple[float, float]:
    """Mean and sum of squared deviations after the values have been taken in one by one, as Spark's ``CentralMomentAgg`` does."""
    for value in values:
        count += 1
        delta = value - average
        step = delta / count
        average += step
        m2 += delta * (delta - step)
    return average, m2
