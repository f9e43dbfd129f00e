"""Sums and bounds, one value after the other."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from engine.columns.numbers import sum_and_bounds
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
