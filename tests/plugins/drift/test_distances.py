"""Distances equal scipy's, and brute force where scipy has none; equal distributions are at distance 0."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

from plugins.drift.comparison import METHODS, compare_categories, compare_numbers
from plugins.drift.distances import PARTS, bin_distance
from plugins.drift.points import points_of_values

values = st.lists(st.floats(-100, 100, width=32), min_size=2, max_size=60)
shares = st.lists(st.floats(0.01, 1), min_size=2, max_size=8).map(lambda found: np.array(found) / sum(found))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    size = draw(st.integers(2, 8))
    weights = st.lists(st.floats(0.01, 1), min_size=size, max_size=size).map(np.array)
    one, other = draw(weights), draw(weights)
    return one / one.sum(), other / other.sum()


@given(pairs())
def test_jensen_shannon_is_scipys(pair: tuple[np.ndarray, np.ndarray]) -> None:
    expected = distance.jensenshannon(*pair, base=2)
    assert bin_distance("jensen_shannon", *pair) == pytest.approx(expected, abs=1e-7)


@given(pairs())
def test_psi_is_the_sum_of_both_divergences(pair: tuple[np.ndarray, np.ndarray]) -> None:
    p, q = (np.maximum(side, 1e-4) for side in pair)
    expected = float(np.sum(p * np.log(p / q)) + np.sum(q * np.log(q / p)))
    assert bin_distance("psi", p, q) == pytest.approx(expected, abs=1e-12)
    assert bin_distance("psi", *pair) >= 0


def test_an_empty_bin_counts_as_a_ten_thousandth() -> None:
    p, q = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    assert bin_distance("psi", p, q) == pytest.approx(0.5 * math.log(2) + 0.4999 * math.log(5000))


@given(pairs())
def test_the_others_by_hand(pair: tuple[np.ndarray, np.ndarray]) -> None:
    p, q = (side.tolist() for side in pair)
    hellinger = math.sqrt(sum((math.sqrt(a) - math.sqrt(b)) ** 2 for a, b in zip(p, q, strict=True)) / 2)
    assert bin_distance("hellinger", *pair) == pytest.approx(hellinger, abs=1e-9)
    gaps = [abs(a - b) for a, b in zip(p, q, strict=True)]
    assert bin_distance("total_variation", *pair) == pytest.approx(sum(gaps) / 2)
    assert bin_distance("l_infinity", *pair) == pytest.approx(max(gaps))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=6), st.integers(1, 5))
def test_chi_squared_is_scipys(counts: list[tuple[int, int]], factor: int) -> None:
    before = {f"v{i}": a for i, (a, _) in enumerate(counts)}
    now = {f"v{i}": b * factor for i, (_, b) in enumerate(counts)}
    if not sum(before.values()):
        return
    found = compare_categories(before, now, "chi_squared")
    table = np.array([list(before.values()), list(now.values())])
    expected = stats.chi2_contingency(table, correction=False)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)
    if sum(before.values()) == sum(now.values()):
        assert found.distance == pytest.approx(math.sqrt(expected.statistic / table.sum()), abs=1e-9)


@given(values, values)
def test_kolmogorov_smirnov_is_scipys(one: list[float], other: list[float]) -> None:
    found = compare_numbers(points_of_values(one), points_of_values(other), "kolmogorov_smirnov")
    expected = stats.ks_2samp(one, other, method="asymp")
    assert found.distance == pytest.approx(expected.statistic, abs=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)


@given(values, values)
def test_wasserstein_is_scipys_in_standard_deviations(one: list[float], other: list[float]) -> None:
    baseline = points_of_values(one)
    found = compare_numbers(baseline, points_of_values(other), "wasserstein")
    unit = float(np.std(one)) or 1.0
    assert baseline.std_dev == pytest.approx(float(np.std(one)), abs=1e-6)
    expected = stats.wasserstein_distance(one, other) / (baseline.std_dev or 1.0)
    assert found.distance == pytest.approx(expected, rel=1e-6, abs=1e-6 / unit)


@pytest.mark.parametrize("method", METHODS)
@given(values)
def test_nothing_moved(method: str, sample: list[float]) -> None:
    points = points_of_values(sample)
    found = compare_numbers(points, points, method)  # type: ignore[arg-type]
    assert found.distance == pytest.approx(0, abs=1e-7)
    assert found.sampling_error >= 0
    assert found.sketch_error == 0


@pytest.mark.parametrize("method", PARTS)
@given(pairs())
def test_distances_are_symmetric(method: str, pair: tuple[np.ndarray, np.ndarray]) -> None:
    p, q = pair
    assert bin_distance(method, p, q) == pytest.approx(float(bin_distance(method, q, p)), abs=1e-9)  # type: ignore[arg-type]


def test_what_moved_is_explained() -> None:
    found = compare_categories({"red": 10, "green": 90}, {"red": 30, "green": 60, "blue": 10}, "total_variation")
    assert found.distance == pytest.approx(0.3)
    assert found.sentences() == (
        "green: 90.0% -> 60.0% (-30.0%, 50% of the distance)",
        "red: 10.0% -> 30.0% (+20.0%, 33% of the distance)",
        "blue: 0.0% -> 10.0% (+10.0%, 17% of the distance)",
    )
    assert sum(part for *_, part in found.contributions) == pytest.approx(1)


def test_methods_of_numbers_alone_refuse_categories() -> None:
    with pytest.raises(ValueError, match="compares numbers; for categories use one of psi"):
        compare_categories({"a": 1}, {"a": 1}, "wasserstein")
