"""Properties of ranks and distances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.constraints.chi_square import chi_square, upper_tail
from engine.constraints.distance import (
    bucket_distance,
    categorical_distance,
    numerical_distance,
    population_stability_index,
)
from engine.constraints.kll_ranks import rank_map
from engine.sketches.kll import KllSketch

levels = st.lists(st.lists(st.floats(-5, 5).map(lambda x: round(x, 1)), max_size=8), min_size=1, max_size=3).filter(any)
counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1)


@given(levels)
def test_ranks_count_weights_at_or_below(data: list[list[float]]) -> None:
    found = rank_map(data, compat_2_0=False)
    for item, rank in zip(found.items, found.ranks, strict=True):
        assert rank == sum(2**h for h, level in enumerate(data) for x in level if x <= item)
    assert found.total == sum(2**h * len(level) for h, level in enumerate(data))


@given(levels)
def test_old_ranks_count_an_item_once_with_its_highest_level(data: list[list[float]]) -> None:
    highest = {x: 2**h for h, level in enumerate(data) for x in level}
    found = rank_map(data)
    assert list(found.items) == sorted(highest)
    assert list(found.ranks) == list(np.cumsum([highest[x] for x in sorted(highest)]))


@given(st.lists(st.floats(-5, 5).map(lambda x: round(x, 1)), min_size=1, max_size=300), st.sampled_from([2, 8, 64]))
def test_ranks_of_a_document_are_those_of_its_sketch(values: list[float], k: int) -> None:
    sketch = KllSketch(k)
    sketch.update(np.array(values))
    ranks, points = rank_map(sketch.data(), compat_2_0=False), np.linspace(-6, 6, 25)
    assert ranks.at(points).tolist() == sketch.rank(points, inclusive=True).tolist()
    assert ranks.below(points).tolist() == sketch.rank(points, inclusive=False).tolist()


@given(levels, levels, st.booleans())
def test_numerical_distance_is_a_corrected_gap(a: list[list[float]], b: list[list[float]], compat: bool) -> None:
    simple = numerical_distance(a, b, "Simple", compat_2_0=compat)
    assert 0 <= simple <= 1
    assert simple == pytest.approx(numerical_distance(b, a, "Simple", compat_2_0=compat))
    assert numerical_distance(a, a, "Simple", compat_2_0=compat) == 0
    assert 0 <= numerical_distance(a, b, compat_2_0=compat) <= simple


@given(counts, counts)
def test_categorical_distance_is_symmetric(a: dict[str, int], b: dict[str, int]) -> None:
    assert categorical_distance(a, b, "Simple") == pytest.approx(categorical_distance(b, a, "Simple"))
    assert 0 <= categorical_distance(a, b) <= categorical_distance(a, b, "Simple") <= 1
    assert categorical_distance(a, a, "Simple") == 0


def test_buckets_stand_in_for_a_sketch() -> None:
    buckets = [(0.0, 1.0, 5.0), (1.0, 2.0, 5.0)]
    assert bucket_distance([[0.5] * 5 + [2.0] * 5], buckets, "Simple") == 0
    assert bucket_distance([[0.5] * 10], buckets, "Simple") == 0.5
    # All of the current values lie where the baseline has none, on either side: the gap of the distributions is 1.
    assert bucket_distance([[-1.0] * 10], buckets, "Simple") == 1
    assert bucket_distance([[99.0] * 10], buckets, "Simple") == 1
    assert bucket_distance([[3.0] * 500], [(5.0, 5.0, 500)], "Simple") == 1
    assert bucket_distance([[5.0] * 500], [(5.0, 5.0, 500)], "Simple") == 0


def test_nothing_has_no_distance() -> None:
    assert math.isnan(numerical_distance([[]], [[1.0]]))
    assert math.isnan(bucket_distance([[1.0]], []))
    assert math.isnan(categorical_distance({}, {"a": 1}))
    assert math.isnan(chi_square({}, {"a": 20, "b": 20}).p_value)


@pytest.mark.parametrize(
    ("statistic", "degrees", "p"),
    # Tables of the chi-square distribution.
    [
        (2.7055, 1, 0.1),
        (9.2103, 2, 0.01),
        (18.307, 10, 0.05),
        (76.154, 50, 0.01),
        (29.707, 50, 0.99),
        (140.169, 100, 0.005),
    ],
)
def test_p_values(statistic: float, degrees: int, p: float) -> None:
    assert upper_tail(statistic, degrees) == pytest.approx(p, rel=1e-3)


@given(counts)
def test_a_sample_like_the_baseline_has_p_one(a: dict[str, int]) -> None:
    p = chi_square(a, a).p_value
    assert math.isnan(p) or p == pytest.approx(1.0)


def test_psi_needs_equal_buckets() -> None:
    assert population_stability_index([1, 1], [1, 1]) == 0
    assert population_stability_index([1, 0], [1, 1]) == math.inf
    with pytest.raises(ValueError, match="equal number"):
        population_stability_index([1], [1, 2])
