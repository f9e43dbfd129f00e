from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from engine.analyzers.categories import Categories
from engine.analyzers.distinct import ApproxCountDistinct
from engine.columns.occurrences import occurrences, occurrences_of_flags
from engine.columns.view import ColumnView


@given(st.lists(st.booleans(), min_size=1))
def test_flags_are_counted_as_other_values_are(flags: list[bool]) -> None:
    array = pa.array(flags)
    values, counts = occurrences_of_flags(array)
    expected, expected_counts = occurrences(array.dictionary_encode())
    assert (values.to_pylist(), counts.tolist()) == (expected.to_pylist(), expected_counts.tolist())


@given(st.lists(st.none() | st.booleans()))
def test_analyzers_of_flags(flags: list[bool | None]) -> None:
    view, categories, distinct = ColumnView("x", pa.array(flags, pa.bool_())), Categories(), ApproxCountDistinct()
    categories.update(view)
    distinct.update(view)
    present = [str(flag).lower() for flag in flags if flag is not None]
    assert categories.result() == {text: present.count(text) for text in present}
    assert distinct.result() == len(set(present))
