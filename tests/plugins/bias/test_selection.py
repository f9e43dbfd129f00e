"""Which rows a value or threshold stands for, from the types of cells to texts in the report."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from engine import BatchView, DataFormatError
from plugins.bias.column_kinds import ColumnKind, numbers_of
from plugins.bias.distinct import KEPT, Distinct
from plugins.bias.report import report_of
from plugins.bias.selection import cells_of, select
from plugins.bias.settings import BiasSettings
from plugins.bias.tally import Tally
from plugins.bias.verification import metrics_in


def selected(values: list[Any], listed: list[Any], rule: str = "clarify") -> tuple[list[Any], str]:
    batch = BatchView(pa.RecordBatch.from_arrays([pa.array(values)], ["x"]))
    kind = ColumnKind()
    kind.update(batch, "x")
    cells = cells_of(batch.labels("x"), numbers_of(batch, "x"), listed)
    names = [cells.names[code] for code in cells.codes]
    found = select(kind, listed, rule, "x")
    return [value for value, name in zip(values, names, strict=True) if name in found.cells], found.shown


MANY = [0, 1] * 25  # fewer distinct values than one in twenty: a category


@pytest.mark.parametrize(
    ("values", "listed", "expected", "shown"),
    [
        (MANY, [0], [0] * 25, "0"),
        (MANY, ["0"], [0] * 25, "0"),
        ([str(v) for v in MANY], [0], ["0"] * 25, "0"),
        ([0, 1, 2], [0], [1, 2], "(0, 2]"),
        ([0, 1, 2], [0, 2], [0, 2], "0,2"),
        ([0.25, 0.5, 0.75, None], [0.5], [0.75], "(0.5, 0.75]"),
        ([0.25, 0.5], [0.5], [], ""),
        ([1, 2, 3], [9], [], "(3, 9]"),
        (["a", "b", None, " a"], ["a"], ["a", " a"], "a"),
        (["1", "x", "1.0"], ["1"], ["1", "1.0"], "1"),
        (["1", "x", "1.0"], [1.0], ["1", "1.0"], "1.0"),
        ([True, False, True], [True], [True, True], "True"),
        ([True, False, True], [1], [True, True], "1"),
        (["true", "False"], [True], ["true"], "True"),
        (
            ["<script>alert(1)</script>", "b"],
            ["<script>alert(1)</script>"],
            ["<script>alert(1)</script>"],
            "<script>alert(1)</script>",
        ),
    ],
)
def test_selection(values: list[Any], listed: list[Any], expected: list[Any], shown: str) -> None:
    assert selected(values, listed) == (expected, shown)


def test_the_rule_of_values_reads_few_numbers_as_categories() -> None:
    assert selected([0, 1, 2], [0], "values") == ([0], "0")
    assert selected([0.0, 1.0, None], [1], "values") == ([1.0], "1")
    assert selected(list(range(40)), [37], "values") == ([38, 39], "(37, 39]")


def test_a_continuous_column_needs_a_number() -> None:
    with pytest.raises(ValueError, match=r"must be a single numeric threshold for continuous data"):
        selected([1, 2, 3], ["many"])


def test_missing_whole_numbers_make_a_column_of_floats() -> None:
    kind = ColumnKind()
    kind.update(BatchView(pa.RecordBatch.from_arrays([pa.array(["1", None, "0"] * 50)], ["x"])), "x")
    assert kind.storage == "float"
    assert kind.is_continuous(1, "clarify")


def test_many_distinct_numbers_are_estimated() -> None:
    distinct = Distinct()
    for start in range(0, 300_000, 50_000):
        distinct.update(np.arange(start, start + 60_000, dtype=np.float64))
    assert len(distinct.hashes) == KEPT
    assert distinct.estimate() == pytest.approx(310_000, rel=0.02)


def report(names: list[str], columns: list[list[Any]], **changed: Any) -> dict[tuple[str, str], Any]:
    chosen = {
        "label": "y", "label_values_or_threshold": [0], "facet": [{"name_or_index": "x"}], "group_variable": "z",
        "methods": {"pre_training_bias": {"methods": "all"}}, **changed,
    }  # fmt: skip
    tally = Tally(settings=BiasSettings.model_validate(chosen))
    tally.update(BatchView(pa.RecordBatch.from_arrays([pa.array(column) for column in columns], names)))
    return {(found.group, found.name): found.value for found in metrics_in(report_of(tally).analysis(tally))}


def test_the_trap_of_small_data() -> None:
    """Four rows: the label counts as continuous, so [0] means above 0."""
    found = report(["x", "y", "z"], [["a", "b", "b", "b"], [1, 1, 0, 0], [1, 1, 1, 0]])
    assert {group for group, _ in found} == {"a", "b"}
    expected = {
        "CDDL": -0.375,
        "CI": 0.5,
        "DPL": -2 / 3,
        "JS": 0.0872080,
        "KL": -0.3662041,
        "KS": 2 / 3,
        "LP": 2 / 3,
        "TVD": 1 / 3,
    }
    for name, value in expected.items():
        assert found["a", name] == pytest.approx(value, abs=1e-7), name
    assert (found["b", "CDDL"], found["b", "CI"]) == (pytest.approx(0.625), -0.5)


def test_one_group_only_and_null_facets() -> None:
    found = report(["x", "y", "z"], [["a", "a", "a"], [1, 1, 0], [1, 1, 1]])
    assert found["a", "CI"] is None
    with_null = report(["x", "y", "z"], [["a", "b", None], [1, 1, 0], [1, 1, 1]])
    assert with_null["a", "CI"] == pytest.approx(1 / 3), "the missing one is of the other group"


def test_an_unseen_group_is_an_empty_one() -> None:
    found = report(
        ["x", "y", "z"], [["a", "b"], [1, 1], [1, 1]], facet=[{"name_or_index": "x", "value_or_threshold": ["q"]}]
    )
    assert found["q", "CI"] is None


def test_a_continuous_facet_needs_a_threshold() -> None:
    with pytest.raises(DataFormatError, match="Threshold values must be provided for continuous features"):
        report(["x", "y", "z"], [[0.5, 0.25], [1, 0], [1, 1]])


@pytest.mark.parametrize(("key", "value", "says"), [
    ("label", "nope", "label: the data has no column 'nope'"),
    ("facet", [{"name_or_index": "nope"}], "Facet column nope is not present in the dataset"),
    ("group_variable", "nope", "group_variable: the data has no column 'nope'"),
    ("label_values_or_threshold", ["never"], "must be a single numeric threshold"),
    ("label_values_or_threshold", [1], "Positive label values or thresholds are empty for Label column y: labels are read as"),
])  # fmt: skip
def test_messages(key: str, value: Any, says: str) -> None:
    with pytest.raises(DataFormatError, match=says):
        report(["x", "y", "z"], [["a", "b", "b"], [1, 1, 0], [1, 1, 1]], **{key: value})


@pytest.mark.parametrize("listed", [[10**400], ["\ud800"], [10**400, 1], [float("nan")]])
def test_listed_values_that_no_data_can_have_select_nothing(listed: list[Any]) -> None:
    values, _ = selected(["a", "b", "c"], listed)
    assert values == []
