"""Sums one value after the other, and in lanes."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from engine.columns.summation import squares_in_lanes, sum_and_bounds, sum_in_lanes
from engine.kernels.lanes import LANES
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways

numbers = st.floats(-1e300, 1e300) | st.sampled_from([0.0, -0.0])


@given(st.lists(numbers, min_size=1, max_size=50), st.floats(-1e300, 1e300))
@example([0.0, -0.0], 0.0)
@example([-0.0, 0.0], -0.0)
@example([-1.0, -0.0, 0.0], 1.0)
def test_as_one_would_by_hand(values: list[float], start: float) -> None:
    total = start
    for value in values:
        total += value
    smallest, largest = values[0], values[0]
    for value in values:
        smallest, largest = (value if value < smallest else smallest), (value if value > largest else largest)  # noqa: FURB136
    found, bounds = sum_and_bounds(np.array(values), start)
    assert repr((found, bounds)) == repr((total, (smallest, largest)))


def test_without_values_there_are_no_bounds() -> None:
    assert sum_and_bounds(np.empty(0), 1.5) == (1.5, (math.inf, -math.inf))


def by_definition(values: list[float]) -> float:
    """Value i in lane i modulo 64; then the upper half of the lanes goes to the lower, until one is left."""
    lanes = [0.0] * LANES
    for i, value in enumerate(values):
        lanes[i % LANES] += value
    while len(lanes) > 1:
        half = len(lanes) // 2
        lanes = [lanes[i] + lanes[half + i] for i in range(half)]
    return lanes[0]


many = st.lists(numbers, max_size=40) | st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(3, 1e3, seed % 700).tolist()
)


@given(many)
@example([])
@example([-0.0])
@example([1e300] * 200)
@example([math.inf, -math.inf])
def test_lanes(values: list[float]) -> None:
    assert repr(sum_in_lanes(np.array(values, np.float64))) == repr(by_definition(values))


@given(many, st.floats(-1e300, 1e300))
@example([1e200, 1.0], 0.0)
def test_squares(values: list[float], average: float) -> None:
    squares = [(value - average) * (value - average) for value in values]
    assert repr(squares_in_lanes(np.array(values, np.float64), average)) == repr(by_definition(squares))


def test_lanes_lose_no_more_than_pairs() -> None:
    values = np.random.default_rng(5).normal(1e6, 1, 65_536)
    assert abs(sum_in_lanes(values) - math.fsum(values.tolist())) <= 1e-14 * abs(values).sum()
