"""Distances from sketches stay within the stated error of the exact ones, and chance stays within the sampling error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sketches.kll import KllSketch
from plugins.drift.comparison import METHODS, compare_numbers
from plugins.drift.points import Points, points_of_sketch, points_of_values, rank_error


def sketched(values: np.ndarray, k: int) -> Points:
    sketch = KllSketch(k, 0.64)
    for part in np.array_split(values, 3):
        sketch.update(part)
    return points_of_sketch(sketch.data(), k, (values.min(), values.max()))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0.5, 2), st.sampled_from([256, 2048]))
def test_the_sketch_error_bounds_what_the_sketch_does(seed: int, shift: float, scale: float, k: int) -> None:
    rng = np.random.default_rng(seed)
    before, now = rng.normal(0, 1, 40_000), rng.normal(shift, scale, 30_000)
    for method in METHODS:
        exact = compare_numbers(points_of_values(before), points_of_values(now), method)
        found = compare_numbers(sketched(before, k), sketched(now, k), method)
        assert found.sketch_error > 0
        assert abs(found.distance - exact.distance) <= found.sketch_error, method


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ranks_of_a_sketch_are_within_the_rank_error(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 1, 50_000)
    points, exact = sketched(values, 512), points_of_values(values)
    at = exact.quantiles(np.arange(1, 100) / 100)
    assert np.abs(points.share_up_to(at) - exact.share_up_to(at)).max() <= 2 * rank_error(512)
    assert points.size == 50_000


@pytest.mark.parametrize("method", METHODS)
def test_chance_stays_below_the_sampling_error_in_95_of_100_cases(method: str) -> None:
    rng, beyond = np.random.default_rng(11), 0
    for _ in range(60):
        one, other = rng.normal(0, 1, 800), rng.normal(0, 1, 500)
        found = compare_numbers(points_of_values(one), points_of_values(other), method)  # type: ignore[arg-type]
        beyond += found.distance > found.sampling_error
    assert beyond <= 9  # 3 are expected; 10 or more happen once in a thousand times


def test_small_columns_are_their_own_sketch() -> None:
    assert sketched(np.arange(100.0), 2048).rank_error == 0
    assert sketched(np.arange(100.0), 2048).quantiles([0.5]).tolist() == [49.0]
