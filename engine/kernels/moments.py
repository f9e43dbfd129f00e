"""Sums, bounds and moments in loops."""

from __future__ import annotations

import numpy as np

from engine.kernels.lanes import LANES
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


@loop
def sum_of_lanes(lanes: Floats) -> float:
    """Halve the lanes until one is left, which is the sum of all."""
    left = LANES
    while left > 1:
        left //= 2
        for i in range(left):
            lanes[i] += lanes[left + i]
    return lanes[0]


@loop
def sum_in_lanes(values: Floats) -> float:
    """The sum, with each value added to the lane of its place."""
    lanes = np.zeros(LANES)
    for start in range(0, len(values), LANES):
        row = values[start : start + LANES]
        for lane in range(len(row)):
            lanes[lane] += row[lane]
    return sum_of_lanes(lanes)


@loop
def squares_in_lanes(values: Floats, average: float) -> float:
    """The sum of the squared deviations from ``average``, added up as ``sum_in_lanes`` does."""
    lanes = np.zeros(LANES)
    for start in range(0, len(values), LANES):
        row = values[start : start + LANES]
        for lane in range(len(row)):
            deviation = row[lane] - average
            lanes[lane] += deviation * deviation
    return sum_of_lanes(lanes)
