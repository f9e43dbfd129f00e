"""Values outside the baseline's range and between its values are seen, by every distance over bins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import distance

from plugins.drift.comparison import METHODS, compare_numbers
from plugins.drift.distances import PARTS
from plugins.drift.histograms import shares_of_numbers
from plugins.drift.points import points_of_sketch, points_of_values

SMALLEST = 5e-324
LARGEST = 1.7976931348623157e308

samples = st.lists(st.sampled_from([-3.0, -1.0, 0.0, 0.5, 2.0, 7.0]), min_size=1, max_size=60)


def apart(before: list[float], now: list[float], method: str) -> float:
    found = compare_numbers(points_of_values(before), points_of_values(now), method)  # type: ignore[arg-type]
    return found.distance


def exact(before: list[float], now: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Relative frequencies of every value that occurs."""
    values = sorted({*before, *now})
    return tuple(np.array([side.count(v) / len(side) for v in values]) for side in (before, now))  # type: ignore[return-value]


@given(samples, samples)
def test_few_values_have_the_distances_of_their_exact_frequencies(before: list[float], now: list[float]) -> None:
    p, q = exact(before, now)
    # Values that the baseline lacks may share the bin of a gap: parts of the distances on which nothing depends but l_infinity.
    assert apart(before, now, "jensen_shannon") == pytest.approx(distance.jensenshannon(p, q, base=2), abs=1e-7)
    assert apart(before, now, "total_variation") == pytest.approx(np.abs(p - q).sum() / 2)
    if {*now} <= {*before}:
        assert apart(before, now, "l_infinity") == pytest.approx(np.abs(p - q).max())


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ([5.0], [3.0]),
        ([5.0], [8.0]),
        ([5.0], [np.nextafter(5.0, 0)]),
        ([0.0], [SMALLEST]),
        ([0.0], [-SMALLEST]),
        ([SMALLEST], [0.0]),
        ([LARGEST], [LARGEST / 2]),
        ([-LARGEST], [LARGEST]),
        ([-LARGEST / 2], [-LARGEST]),
        ([1.0, 5.0], [3.0]),
        (list(range(100)), [-1.0]),
        (list(range(100)), [1000.0]),
        (list(range(100)), [-1e300]),
    ],
)
@pytest.mark.parametrize("method", ["jensen_shannon", "hellinger", "chi_squared", "total_variation"])
def test_disjoint_values_are_at_distance_1(before: list[float], now: list[float], method: str) -> None:
    assert apart(before * 500, now * 500, method) == pytest.approx(1.0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("before", "now"), [([5.0], [3.0]), ([SMALLEST], [4 * SMALLEST]), ([1e308], [-1e308])])
def test_no_method_misses_a_constant_that_moves(method: str, before: list[float], now: list[float]) -> None:
    found = apart(before * 500, now * 500, method)
    assert found > 0
    assert not np.isnan(found)


def test_a_code_that_turns_into_minus_999() -> None:
    before = [0.0] * 406 + [1.0] * 200 + [2.0] * 200 + [3.0] * 194
    now = [-999.0] * 406 + before[406:]
    assert apart(before, now, "total_variation") == pytest.approx(0.406)
    p, q = exact(before, now)
    assert apart(before, now, "jensen_shannon") == pytest.approx(distance.jensenshannon(p, q, base=2))


def test_zeros_that_turn_negative_in_a_column_of_many_values() -> None:
    tail = list(np.linspace(0.1, 50, 50))
    assert apart([0.0] * 950 + tail, [-10.0] * 950 + tail, "total_variation") == pytest.approx(0.95)


def test_a_frequent_value_is_a_bin_of_its_own_among_many() -> None:
    rng = np.random.default_rng(0)
    rest = rng.normal(0, 1, 500).tolist()
    assert apart([0.5] * 500 + rest, [0.4999] * 500 + rest, "total_variation") == pytest.approx(0.5)


def test_the_largest_code_that_turns_into_999() -> None:
    before = [0.0] * 400 + [1.0] * 300 + [2.0] * 200 + [3.0] * 100
    assert apart(before, before[:900] + [999.0] * 100, "total_variation") == pytest.approx(0.1)


@pytest.mark.parametrize("method", PARTS)
def test_whole_numbers_equal_the_same_as_fractions(method: str) -> None:
    whole, fractions = np.arange(50).tolist() * 4, [float(i) for i in range(50)] * 4
    assert apart(whole, fractions, method) == 0
    assert apart([-0.0] * 100, [0.0] * 100, method) == 0


def test_infinities_and_nan_are_left_out() -> None:
    points = points_of_sketch([[np.inf, 1.0, -np.inf, np.nan, 2.0]], 2048, (-np.inf, np.inf))
    assert points.values.tolist() == [1.0, 2.0]
    assert (points.least, points.greatest) == (1.0, 2.0)


def test_the_extremes_of_a_sketch_that_dropped_them_bound_the_bins() -> None:
    inner = points_of_sketch([[1.0] * 100 + [2.0] * 100], 2048, (-5.0, 9.0))
    shares = shares_of_numbers(inner, points_of_values([-6.0, -4.0, 10.0]), 10)
    assert shares.labels == ("below -5", "from -5 below 1", "1", "2", "above 9")


def test_bins_that_nobody_uses_are_left_out() -> None:
    shares = shares_of_numbers(points_of_values([1.0, 2.0]), points_of_values([2.0]), 10)
    assert shares.labels == ("1", "2")
    assert shares.current.tolist() == [0.0, 1.0]
