"""Few new values are as many bins: each distance is that of the two tables of frequencies, by its formula (scipy's for JS)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from plugins.drift.comparison import compare_numbers
from plugins.drift.points import points_of_values

BEFORE = [0.0] * 40 + [1.0] * 30 + [2.0] * 30


@pytest.mark.parametrize("new", [[7.0, 8.0, 9.0], [-3.0, -2.0, -1.0], [0.25, 0.5, 0.75], [-1.0, 0.5, 9.0]])
def test_compare_numbers_of_several_new_values_takes_each_by_itself(new: list[float]) -> None:
    now = [0.0] * 70 + [value for value in new for _ in range(10)]
    values = sorted({*BEFORE, *now})
    p, q = (np.array([side.count(value) / 100 for value in values]) for side in (BEFORE, now))
    expected = {
        "l_infinity": np.abs(p - q).max(),
        "total_variation": np.abs(p - q).sum() / 2,
        "jensen_shannon": jensenshannon(p, q, base=2),
    }
    before, current = points_of_values(BEFORE), points_of_values(now)
    assert {
        "l_infinity": compare_numbers(before, current, "l_infinity").distance,
        "total_variation": compare_numbers(before, current, "total_variation").distance,
        "jensen_shannon": compare_numbers(before, current, "jensen_shannon").distance,
    } == pytest.approx(expected)
