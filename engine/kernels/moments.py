"""Sums, bounds and moments in loops."""

from __future__ import annotations

import numpy as np

from engine.kernels.looping import Floats, loop

LANES = 64
"""Sums that are kept side by side. None waits for another, and processors add several at a time."""


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
    lanes, whole = np.zeros(LANES), len(values) // LANES
    for i in range(whole):
        row = values[i * LANES : (i + 1) * LANES]
        for lane in range(LANES):
            lanes[lane] += row[lane]
    rest = values[whole * LANES :]
    for lane in range(len(rest)):
        lanes[lane] += rest[lane]
    return sum_of_lanes(lanes)


@loop
def squares_in_lanes(values: Floats, average: float) -> float:
    """The sum of the squared deviations from ``average``, added up as ``sum_in_lanes`` does."""
    lanes, whole = np.zeros(LANES), len(values) // LANES
    for i in range(whole):
        row = values[i * LANES : (i + 1) * LANES]
        for lane in range(LANES):
            deviation = row[lane] - average
            lanes[lane] += deviation * deviation
    rest = values[whole * LANES :]
    for lane in range(len(rest)):
        deviation = rest[lane] - average
        lanes[lane] += deviation * deviation
    return sum_of_lanes(lanes)
