"""Any split of the rows, merged in order, gives the result of the whole; and state survives its bytes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.built_in import BUILT_IN
from engine.analyzers.categories import Categories
from engine.analyzers.completeness import Completeness
from engine.analyzers.data_types import DataTypes
from engine.analyzers.distinct import ApproxCountDistinct
from engine.analyzers.domain import DomainMatch
from engine.analyzers.higher_moments import HigherMoments
from engine.analyzers.moments import Moments
from engine.analyzers.quantiles import KllAnalyzer
from engine.analyzers.state import decode_state, encode_state
from engine.analyzers.state_bytes import dumps, loads
from engine.columns.view import ColumnView

EXACT: list[Callable[[], ColumnAnalyzer]] = [
    Completeness,
    DataTypes,
    ApproxCountDistinct,
    Categories,
    lambda: Categories(limit=3),
    lambda: DomainMatch(domain=("a", "1", "true")),
]
ALL = [*EXACT, Moments, KllAnalyzer, HigherMoments]
texts = st.none() | st.sampled_from(["a", "b", "1", "2.5", "true", "", "1e5", "- 5", "NaN", "é"]) | st.text(max_size=12)
floats = st.none() | st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf])
columns = st.one_of(
    st.lists(texts, max_size=60).map(lambda v: pa.array(v, pa.string())),
    st.lists(floats, max_size=60).map(lambda v: pa.array(v, pa.float64())),
    st.lists(st.none() | st.integers(-(2**31), 2**31), max_size=60).map(lambda v: pa.array(v, pa.int64())),
    st.lists(st.none() | st.booleans(), max_size=60).map(lambda v: pa.array(v, pa.bool_())),
    st.lists(texts, max_size=60).map(lambda v: pa.array(v, pa.string()).dictionary_encode()),
)
cuts = st.lists(st.integers(0, 60), max_size=4).map(sorted)


def whole(make: Callable[[], ColumnAnalyzer], array: pa.Array) -> ColumnAnalyzer:
    analyzer = make()
    analyzer.update(ColumnView("x", array))
    return analyzer


def merged(make: Callable[[], ColumnAnalyzer], array: pa.Array, cut: list[int]) -> ColumnAnalyzer:
    """Analyse the parts one by one, send each through its bytes, and merge them in order."""
    bounds = [0, *(min(c, len(array)) for c in cut), len(array)]
    total = make()
    for start, end in itertools.pairwise(bounds):
        part = whole(make, array[start:end])
        total.merge(decode_state(make(), loads(dumps(encode_state(part)))))
    return total


@pytest.mark.parametrize("make", EXACT)
@given(array=columns, cut=cuts)
def test_exact(make: Callable[[], ColumnAnalyzer], array: pa.Array, cut: list[int]) -> None:
    assert merged(make, array, cut).result() == whole(make, array).result()


@given(array=columns, cut=cuts)
def test_moments(array: pa.Array, cut: list[int]) -> None:
    one, other = whole(Moments, array).result(), merged(Moments, array, cut).result()
    if one is None:
        assert other is None
        return
    size = max(abs(one.min), abs(one.max), 1e-300)
    assert (one.count, one.min, one.max) == (other.count, other.min, other.max)
    assert math.isclose(one.sum, other.sum, rel_tol=1e-12, abs_tol=1e-12 * size * one.count)
    assert math.isclose(one.std_dev, other.std_dev, rel_tol=1e-12, abs_tol=1e-7 * size)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=60), cuts)
def test_higher_moments(values: list[float], cut: list[int]) -> None:
    array = pa.array(values, pa.float64())
    one, other = whole(HigherMoments, array), merged(HigherMoments, array, cut)
    assert isinstance(one, HigherMoments)
    assert isinstance(other, HigherMoments)
    for key in ("average", "m2", "m3", "m4"):
        assert math.isclose(getattr(one, key), getattr(other, key), rel_tol=1e-9, abs_tol=1e-4), key


@given(array=columns, cut=cuts)
def test_quantiles(array: pa.Array, cut: list[int]) -> None:
    """Small sketches compact often; whatever the split, weights add up and extremes are exact."""

    def make() -> ColumnAnalyzer:
        return KllAnalyzer(k=4)

    numbers = ColumnView("x", array).numbers
    for analyzer in (whole(make, array), merged(make, array, cut)):
        result: Any = analyzer.result()
        if not len(numbers):
            assert result is None
            continue
        assert sum(len(level) << height for height, level in enumerate(result.data)) == len(numbers)
        assert set().union(*map(set, result.data)) <= set(numbers.tolist())
        assert result.buckets[0][0] == min(numbers.min(), 2147483647.0)


def test_every_analyzer_is_among_them() -> None:
    assert {make().name for make in ALL} == BUILT_IN.keys()


@pytest.mark.parametrize("make", ALL)
@given(array=columns)
def test_state_survives_its_bytes(make: Callable[[], ColumnAnalyzer], array: pa.Array) -> None:
    analyzer = whole(make, array)
    state = dumps(encode_state(analyzer))
    assert dumps(encode_state(decode_state(make(), loads(state)))) == state


@pytest.mark.parametrize(
    "array",
    [
        pa.nulls(3),
        pa.array([], pa.string()),
        pa.array([1, None], pa.uint8()),
        pa.array([1.5, None], pa.float32()),
        pa.array([[1], None]),
        pa.array([{"a": 1}, None]),
        pa.array([b"\xff", None], pa.binary()),
        pa.array([10, None], pa.date32()),
        pa.array([10, None], pa.timestamp("ns", "UTC")),
        pa.array([10, None], pa.time64("us")),
        pa.array([10, None], pa.duration("ms")),
        pa.array([1, None], pa.decimal128(10, 2)),
        pa.array([1, None], pa.decimal256(40, 2)),
        pa.array(["a", None], pa.large_string()),
    ],
    ids=lambda array: str(array.type),
)
@pytest.mark.parametrize("make", ALL)
def test_every_type_is_taken(make: Callable[[], ColumnAnalyzer], array: pa.Array) -> None:
    before = array.to_pylist()
    whole(make, array).result()
    assert array.to_pylist() == before
