"""Texts by reference to a dictionary give every analyzer the state that the texts themselves give it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.categories import Categories
from engine.analyzers.completeness import Completeness
from engine.analyzers.data_types import DataTypes
from engine.analyzers.distinct import ApproxCountDistinct
from engine.analyzers.domain import DomainMatch
from engine.analyzers.moments import Moments
from engine.analyzers.quantiles import KllAnalyzer
from engine.analyzers.state import encode_state
from engine.analyzers.state_bytes import dumps
from engine.columns.view import ColumnView
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways

ANALYZERS = (
    Completeness(),
    DataTypes(),
    Moments(),
    KllAnalyzer(),
    ApproxCountDistinct(),
    Categories(limit=3),
    DomainMatch(domain=("a", "2.5")),
)
DICTIONARY = ["a", "7", "unused", "2.5", "true", "", "- 5", "é"]


def states(*batches: pa.Array) -> list[bytes]:
    return [dumps(encode_state(_fed(analyzer, batches))) for analyzer in ANALYZERS]


def _fed(analyzer: ColumnAnalyzer, batches: tuple[pa.Array, ...]) -> ColumnAnalyzer:
    analyzer = analyzer.fresh()
    for batch in batches:
        analyzer.update(ColumnView("x", batch))
    return analyzer


indices = st.lists(st.sampled_from([None, 0, 1, 3, 4, 5, 6, 7]) | st.sampled_from([None, 0, 1]), max_size=80)


@given(indices, indices)
def test_stored_texts_are_the_texts(one: list[int | None], two: list[int | None]) -> None:
    batches = [pa.DictionaryArray.from_arrays(pa.array(part, pa.int32()), DICTIONARY) for part in (one, two)]
    assert states(*batches) == states(*(batch.cast(pa.string()) for batch in batches))


@pytest.mark.parametrize(
    "dictionary", [["a", "a", "b"], ["a", None, "b"], pa.array(["a", "b", "c"], pa.large_string())]
)
def test_odd_dictionaries(dictionary: list[str | None] | pa.Array) -> None:
    batch = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None, 1] * 9), dictionary)
    texts = batch.to_pylist()
    assert states(batch) == states(pa.array(texts, pa.string()))
    assert states(batch[3:20]) == states(pa.array(texts[3:20], pa.string()))


@pytest.mark.parametrize("length", [1000, 1001, 5000])
def test_categories_are_given_up_by_the_exact_number(length: int) -> None:
    column = pa.array([f"t{i % length}" for i in range(20_000)])
    for batches in ([column], [column[:900], column[900:]]):
        found = _fed(Categories(), tuple(batches))
        assert isinstance(found, Categories)
        assert found.overflow == (length > 1000)
        assert len(found.counts) == (0 if length > 1000 else length)
