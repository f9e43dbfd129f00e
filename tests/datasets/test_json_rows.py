"""Rows of a JSON value. The expected counts are those that a person reads off the value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.json_flatten import flat_value
from engine.datasets.json_rows import Strength, row_counts, split_rows
from engine.datasets.json_wrapping import document_rows, wrapped_rows

values = st.recursive(
    st.none() | st.integers(0, 9) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["instances", "data", "a", "b", "columns"]), inner, max_size=3)
    ),
    max_leaves=12,
)
A, B = {"x": 1, "y": [1, 2]}, {"x": 2, "y": [3, 4]}


@pytest.mark.parametrize(
    ("value", "preferred", "allowed", "strength"),
    [
        ({"a": 1, "b": "x"}, 1, {1}, Strength.STRICT),
        ({}, 1, {1}, Strength.STRICT),
        (0.5, 1, {1}, Strength.STRICT),
        ("text", 1, {1}, Strength.STRICT),
        ([], 0, {0}, Strength.STRICT),
        ([A, B], 2, {2}, Strength.STRICT),
        ([A], 1, {1}, Strength.STRICT),
        ([[1, 2], [3, 4], [5, 6]], 3, {3, 1}, Strength.STRONG),
        ([0.2, 0.9], 1, {1, 2}, Strength.WEAK),
        ([[1, 2], 3], 1, {1, 2}, Strength.WEAK),
        ({"instances": [A, B]}, 2, {2, 1}, Strength.STRONG),
        ({"anything": [A, B], "model": "m"}, 2, {2, 1}, Strength.STRONG),
        ({"predictions": [[0.1], [0.2]]}, 2, {2, 1}, Strength.STRONG),
        ({"predictions": [0.1, 0.2]}, 1, {1, 2}, Strength.WEAK),
        ({"predictions": []}, 1, {1, 0}, Strength.WEAK),
        ({"a": [1, 2], "b": [3, 4]}, 2, {2, 1}, Strength.COLUMNAR),
        ({"a": [1], "b": [3]}, 1, {1}, Strength.STRICT),
        ({"a": [1, 2], "b": [3, 4, 5]}, 1, {1}, Strength.STRICT),
        ({"labels": [0, 1], "probabilities": [[0.9, 0.1], [0.2, 0.8]]}, 2, {2, 1}, Strength.STRONG),
        ({"columns": ["a", "b"], "data": [[1, 2], [3, 4], [5, 6]]}, 3, {3, 1}, Strength.STRONG),
        ({"data": {"ndarray": [[1, 2], [3, 4]]}}, 2, {2, 1}, Strength.STRONG),
        ({"dataframe_split": {"columns": ["a"], "data": [[1], [2]]}}, 2, {2, 1}, Strength.STRONG),
    ],
)
def test_row_counts_of_the_shapes_of_model_servers(
    value: Any, preferred: int, allowed: set[int], strength: Strength
) -> None:
    counts = row_counts(value)
    assert (counts.preferred, set(counts.allowed), counts.strength) == (preferred, allowed, strength)
    assert counts.allowed[0] == preferred


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ([A, B], [A, B]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ([[1, 2]], [[1, 2]]),
        ({"instances": [A, B], "model": "m"}, [{"instances": [A], "model": "m"}, {"instances": [B], "model": "m"}]),
        ({"a": [1, 2], "b": [3, 4]}, [{"a": [1], "b": [3]}, {"a": [2], "b": [4]}]),
        ({"l": [0, 1], "p": [[0.9, 0.1], [0.2, 0.8]]}, [{"l": [0], "p": [[0.9, 0.1]]}, {"l": [1], "p": [[0.2, 0.8]]}]),
        (
            {"columns": ["a", "b"], "data": [[1, 2], [3, 4]]},
            [{"columns": ["a", "b"], "data": [[1, 2]]}, {"columns": ["a", "b"], "data": [[3, 4]]}],
        ),
        ({"data": {"ndarray": [[1], [2]]}}, [{"data": {"ndarray": [[1]]}}, {"data": {"ndarray": [[2]]}}]),
    ],
)
def test_split_rows_gives_the_preferred_rows_with_their_paths(value: Any, rows: list[Any]) -> None:
    assert split_rows(value, row_counts(value).preferred) == rows


@given(values)
def test_split_rows_makes_every_number_that_is_allowed_and_no_other(value: Any) -> None:
    counts = row_counts(value)
    for count in counts.allowed:
        if count or isinstance(value, list):
            assert len(split_rows(value, count)) == count
    with pytest.raises(ValueError, match="cannot be 7 rows"):
        split_rows(value, 7)


@given(st.lists(st.fixed_dictionaries({"x": st.integers(), "y": st.lists(st.integers(), max_size=2)}), min_size=1))
def test_rows_of_a_batch_are_named_as_rows_of_batches_of_one(items: list[Any]) -> None:
    rows = split_rows({"instances": items}, len(items))
    assert [dict(flat_value(row)) for row in rows] == [dict(flat_value({"instances": [item]})) for item in items]


@pytest.mark.parametrize(
    ("record", "member"),
    [
        ({"instances": [A, B]}, "instances"),
        ({"predictions": [[0.1], [0.2]], "model": "m", "version": None}, "predictions"),
        ({"records": [A]}, "records"),
    ],
)
def test_wrapped_rows_splits_lines_that_are_batches(record: dict[str, Any], member: str) -> None:
    assert wrapped_rows(record) == (member, [{**record, member: [item]} for item in record[member]])
    assert document_rows(record) == wrapped_rows(record)


@pytest.mark.parametrize(
    ("record", "rows"),
    [
        (
            {"instances": [A, B], "predictions": [5, 6]},
            [{"instances": [A], "predictions": [5]}, {"instances": [B], "predictions": [6]}],
        ),
        (
            {"instances": [[1], [2]], "SageMakerOutput": {"predictions": [5, 6]}},
            [
                {"instances": [[1]], "SageMakerOutput": {"predictions": [5]}},
                {"instances": [[2]], "SageMakerOutput": {"predictions": [6]}},
            ],
        ),
        (
            {"columns": ["x"], "index": [7, 8], "data": [[1], [2]]},
            [{"columns": ["x"], "index": [7], "data": [[1]]}, {"columns": ["x"], "index": [8], "data": [[2]]}],
        ),
        (
            {"dataframe_split": {"columns": ["x", "y"], "data": [[1, 2], [3, 4]]}},
            [
                {"dataframe_split": {"columns": ["x", "y"], "data": [[1, 2]]}},
                {"dataframe_split": {"columns": ["x", "y"], "data": [[3, 4]]}},
            ],
        ),
        (
            {"data": {"names": ["x"], "ndarray": [[1], [2]]}},
            [{"data": {"names": ["x"], "ndarray": [[1]]}}, {"data": {"names": ["x"], "ndarray": [[2]]}}],
        ),
        (
            {"schema": {"fields": [{"name": "x"}, {"name": "y"}]}, "data": [A, B]},
            [
                {"schema": {"fields": [{"name": "x"}, {"name": "y"}]}, "data": [A]},
                {"schema": {"fields": [{"name": "x"}, {"name": "y"}]}, "data": [B]},
            ],
        ),
        ({"instances": [A, B], "ids": [7, 8]}, [{"instances": [A], "ids": [7]}, {"instances": [B], "ids": [8]}]),
    ],
)
def test_wrapped_rows_splits_what_has_an_item_for_each_row_beside_it(record: dict[str, Any], rows: list[Any]) -> None:
    wrapped = wrapped_rows(record)
    assert wrapped is not None
    assert wrapped[1] == rows


@pytest.mark.parametrize(
    "record",
    [
        {"user": 1, "items": [A, B]},
        {"items": [A, B]},
        {"instances": [A, B], "predictions": [1, 2, 3]},
        {"instances": [A, B], "SageMakerOutput": {"predictions": [1]}},
        {"dataframe_split": {"columns": ["x"], "data": [[1], [2]]}, "features": [1, 2]},
        {"features": [1, 2, 3]},
        {"features": [[1, 2], [3, 4]]},
        {"a": [1, 2], "b": [3, 4]},
        {"instances": [A, B], "meta": {"k": 1}},
        {"instances": [A, 5]},
        {"instances": A},
        {"data": [A, B], "tags": ["x", "y"]},
        {"start": "2026-01-01", "target": [1, 2], "dynamic_feat": [[1, 2], [3, 4]]},
        {"data": [1, 2]},
        {"instances": []},
        {},
    ],
)
def test_wrapped_rows_leaves_lines_that_are_records_with_lists(record: dict[str, Any]) -> None:
    assert wrapped_rows(record) is None


@pytest.mark.parametrize(
    ("record", "rows"),
    [
        ({"user": 1, "items": [A, B]}, 2),
        ({"features": [[1, 2], [3, 4], [5, 6]]}, 3),
        ({"a": [1, 2], "b": ["x", "y"]}, 2),
        ({"columns": ["a", "b"], "data": [[1, 2], [3, 4], [5, 6]]}, 3),
        ({"columns": ["a", "b"], "index": [7, 8], "data": [[1, 2], [3, 4]]}, 2),
    ],
)
def test_document_rows_splits_documents_that_are_tables(record: dict[str, Any], rows: int) -> None:
    wrapped = document_rows(record)
    assert wrapped is not None
    assert len(wrapped[1]) == rows


@pytest.mark.parametrize(
    "record",
    [
        {"a": [1, 2]},
        {"a": [1], "b": [2]},
        {"a": [1, 2], "b": [1]},
        {"a": [1, 2], "b": 3, "c": [1, 2]},
        {"items": [A, B], "meta": {"k": 1}},
        {"instances": []},
        {"a": 1},
    ],
)
def test_document_rows_leaves_documents_that_are_one_record(record: dict[str, Any]) -> None:
    assert document_rows(record) is None
