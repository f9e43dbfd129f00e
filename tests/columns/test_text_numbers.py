"""Texts of numbers beyond doubles: missing in a column of numbers, as in JSON and Parquet; texts like others elsewhere."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.completeness import Completeness
from engine.analyzers.data_types import DataTypes
from engine.analyzers.distinct import ApproxCountDistinct
from engine.analyzers.moments import Moments
from engine.analyzers.quantiles import KllAnalyzer
from engine.columns.view import ColumnView

TOO_LARGE = ["1e400", "-1e400", "9" * 400, "9" * 400 + ".5", "1.8e308"]


def results(parts: list[pa.Array]) -> dict[str, Any]:
    """Results of the standard analyzers over parts of a column, each with a state of its own."""
    kinds: list[type[ColumnAnalyzer]] = [Completeness, DataTypes, Moments, KllAnalyzer, ApproxCountDistinct]
    found = {}
    for kind in kinds:
        whole = kind()
        for part in parts:
            analyzer = kind()
            analyzer.update(ColumnView("x", part))
            whole.merge(analyzer)
        found[kind.name] = whole.result()
    return found


def ways(cells: list[str | None]) -> list[list[pa.Array]]:
    """The same cells stored in several ways, and cut in two."""
    plain, stored = pa.array(cells, pa.string()), pa.array(cells, pa.string()).dictionary_encode()
    wide = pa.DictionaryArray.from_arrays(stored.indices, stored.dictionary.cast(pa.large_string()))
    half = len(cells) // 2
    return [[plain], [stored], [wide], [plain.cast(pa.large_string())], [plain[:half], plain[half:]]]


@pytest.mark.parametrize("text", TOO_LARGE)
@pytest.mark.parametrize("times", [1, 300])
def test_in_a_column_of_numbers_it_is_missing_as_in_one_of_doubles(text: str, times: int) -> None:
    cells = ["1.5", text, "2.5", None] * times
    expected = results([pa.array([1.5, float("inf"), 2.5, None] * times)])
    for parts in ways(cells):
        assert results(parts) == expected
    assert expected["completeness"].num_missing == 2 * times


@pytest.mark.parametrize("text", TOO_LARGE)
def test_among_words_it_is_a_text_wherever_the_data_is_cut(text: str) -> None:
    for parts in ways(["12", text, "a3e", None]):
        found = results(parts)
        assert found["completeness"].num_present == 3
        assert found["data_type"].inferred == "String"
        assert found["data_type"].counts["Unknown"] == 1


def test_alone_it_leaves_a_column_without_values() -> None:
    found = results([pa.array(["1e400", "1e500"])])
    assert (found["completeness"].num_present, found["data_type"].inferred, found["moments"]) == (0, "Unknown", None)
    assert found["distinct"] == 0


def test_zeros_of_either_sign_are_one_category_of_a_typed_column() -> None:
    for kind in (pa.float64(), pa.float32()):
        for values in ([0.0, -0.0, 1.0] * 20, [-0.0, *range(50)]):
            texts, counts = ColumnView("x", pa.array(values, kind)).value_counts
            assert "-0.0" not in texts
            assert dict(zip(texts, counts.tolist(), strict=True))["0.0"] == sum(value == 0 for value in values)
