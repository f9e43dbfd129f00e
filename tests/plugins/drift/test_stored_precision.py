"""Values that one side stores in 32 bits and the other in 64 are the same values: no distance, by any method."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from plugins.drift.comparison import Method, compare_numbers
from plugins.drift.points import points_of_values

METHODS = get_args(Method.__value__ if hasattr(Method, "__value__") else Method)
TENTHS = [0.1 * (i % 5) for i in range(500)]
SINGLES = [float(np.float32(value)) for value in TENTHS]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("before", "now"), [(TENTHS, SINGLES), (SINGLES, TENTHS), (TENTHS, SINGLES[::-1])])
def test_compare_numbers_of_one_column_in_two_precisions_is_no_distance(
    method: Method, before: list[float], now: list[float]
) -> None:
    assert compare_numbers(points_of_values(before), points_of_values(now), method).distance == pytest.approx(
        0, abs=1e-12
    )


@pytest.mark.parametrize("method", METHODS)
def test_compare_numbers_of_whole_numbers_that_32_bits_cannot_tell_apart_is_a_distance(method: Method) -> None:
    before, now = [16777216.0] * 500, [16777217.0] * 500  # the second in 32 bits is the first
    assert compare_numbers(points_of_values(before), points_of_values(now), method).distance > 0


def test_points_that_are_values_of_the_other_side_stay_where_they_are() -> None:
    both = [0.1, float(np.float32(0.1))]
    assert points_of_values(both).at(points_of_values(both)).values.tolist() == sorted(both)
