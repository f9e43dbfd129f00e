"""Columns with any name, and faulty neighbours: each check, metric and rule has its own value, found by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.deequ.config import DeequConfig
from engine.deequ.jvm import Jvm
from engine.deequ.profiler import profile
from engine.deequ.running import run
from engine.deequ.suggestions import SuggestConfig, suggest

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]

ODD = [
    "a.b",
    "x y",
    "tick`s",
    "p(1)",
    "c:d",
    "ünï",
    "1st",
    "select",
    "true",
    "it's",
    'quo"te',
    "e,f",
    "back\\slash",
    "[0]",
    "a.0",
]
VALUES = [1, 2, 2, None]


def frame(jvm: Jvm, names: list[str]) -> Any:
    """``plain`` is complete; every other column holds 1, 2, 2 and a null."""
    rows = [(index, *[value] * len(names)) for index, value in enumerate(VALUES)]
    types = ", ".join(["plain int", *(f"c{index} int" for index in range(len(names)))])
    return jvm.session.createDataFrame(rows, types).toDF("plain", *names).coalesce(1)


def checks_of(name: str) -> list[dict[str, Any]]:
    return [
        {"check": "hasCompleteness", "column": name, "assertion": "== 0.75"},
        {"check": "hasUniqueness", "columns": [name], "assertion": "== 1/3"},
        {"check": "isNonNegative", "column": name},
        {"check": "isContainedIn", "column": name, "arguments": {"lowerBound": 1, "upperBound": 2}},
        {"check": "kllSketchSatisfies", "column": name, "assertion": "count of 99 == 2"},
        {"check": "hasApproxQuantile", "column": name, "assertion": "== 2", "arguments": {"quantile": 0.5}},
        {"check": "isLessThanOrEqualTo", "columns": [name, name], "assertion": "== 0.75"},  # a null is not compared
        {"check": "isPositive", "column": name, "where": f"`{name.replace('`', '``')}` > 1"},
    ]


def test_checks_of_columns_with_any_name_hold_beside_a_plain_one(jvm: Jvm) -> None:
    entries = [{"check": "isComplete", "column": "plain"}, *(entry for name in ODD for entry in checks_of(name))]
    config = DeequConfig.model_validate({"checks": entries, "analyzers": [{"name": "Mean", "column": n} for n in ODD]})
    results = run(jvm, frame(jvm, ODD), config)
    assert [(o.check, o.message) for o in results.outcomes if o.failed] == []
    assert len(results.outcomes) == 1 + 8 * len(ODD)
    assert [o.columns for o in results.outcomes[1::8]] == [(name,) for name in ODD]
    means = {metric.instance: metric.value for metric in results.metrics if metric.name == "Mean"}
    assert means == pytest.approx(dict.fromkeys(ODD, 5 / 3))
    assert {m.instance for m in results.metrics if m.name == "Completeness"} >= {"plain", *ODD}


def test_checks_that_fail_name_the_column_as_the_user_wrote_it(jvm: Jvm) -> None:
    entries = [{"check": "isComplete", "column": name} for name in ("a.b", "`x y`", "A.B", "no.such", "PLAIN", "plian")]
    config = DeequConfig.model_validate({"checks": entries, "failing_rows": 5})
    results = run(jvm, frame(jvm, ["a.b", "x y"]), config)
    assert [(o.check, o.value, o.failed) for o in results.outcomes] == [
        ("isComplete(a.b)", 0.75, True),
        ("isComplete(`x y`)", 0.75, True),
        ("isComplete(A.B)", 0.75, True),
        ("isComplete(no.such)", None, True),
        ("isComplete(PLAIN)", 1.0, False),
        ("isComplete(plian)", None, True),
    ]
    assert "does not include column no.such! Columns: plain, a.b, x y." in results.outcomes[3].message
    assert "Did you mean 'plain'?" in results.outcomes[5].message
    assert results.failing_rows is not None
    rows = results.failing_rows.to_pylist()
    assert {"check": "isComplete(a.b)", "plain": 3, "a.b": None, "x y": None} in rows
    assert {row["check"] for row in rows} == {"isComplete(a.b)", "isComplete(`x y`)", "isComplete(A.B)"}


def test_columns_that_differ_by_case_alone_are_told_apart(jvm: Jvm) -> None:
    data = jvm.session.createDataFrame([(1, None), (2, 5)], "c0 int, c1 int").toDF("Age", "age")
    entries = [{"check": "isComplete", "column": name} for name in ("Age", "age", "AGE")]
    results = run(jvm, data, DeequConfig.model_validate({"checks": entries}))
    assert [(o.value, o.failed) for o in results.outcomes] == [(1.0, False), (0.5, True), (None, True)]
    assert "Age, age" in results.outcomes[2].message


def test_checks_that_spark_refuses_fail_alone(jvm: Jvm) -> None:
    faulty = [
        {"check": "satisfies", "arguments": {"columnCondition": "rand() < 2"}},
        {"check": "satisfies", "arguments": {"columnCondition": "sum(plain) > 1"}},
        {"check": "satisfies", "arguments": {"columnCondition": "plain > (select 1)"}},
        {"check": "isComplete", "column": "plain", "where": "row_number() over (order by plain) > 1"},
    ]
    sound = [
        {"check": "isComplete", "column": "plain"},
        {"check": "hasMean", "column": "plain", "assertion": "== 1.5"},
        {"check": "hasUniqueness", "columns": ["v"], "assertion": "== 1/3"},
        {"check": "hasSize", "assertion": "== 4"},
        {"check": "satisfies", "arguments": {"columnCondition": "plain >= 0"}},
    ]
    entries = [sound[0], faulty[0], sound[1], faulty[1], sound[2], faulty[2], sound[3], sound[4], faulty[3]]
    analyzers = [{"name": "Mean", "column": "plain"}, {"name": "Mean", "column": "no.such"}]
    results = run(jvm, frame(jvm, ["v"]), DeequConfig.model_validate({"checks": entries, "analyzers": analyzers}))
    assert [o.failed for o in results.outcomes] == [entry in faulty for entry in entries]
    assert [o.value for o in results.outcomes if not o.failed] == pytest.approx([1.0, 1.5, 1 / 3, 4.0, 1.0])
    assert all(o.message for o in results.outcomes if o.failed)
    assert ("Mean", "plain", 1.5) in [(m.name, m.instance, m.value) for m in results.metrics]
    (failure,) = results.failures
    assert (failure.metric, failure.column) == ("deequ.Mean", "no.such")


def test_suggestions_and_profile_of_columns_with_any_name(jvm: Jvm) -> None:
    data = frame(jvm, ODD)
    suggestions = suggest(jvm, data, SuggestConfig())
    assert {entry.column for entry in suggestions.entries} == {"plain", *ODD}
    config = DeequConfig.model_validate({"checks": [entry.check for entry in suggestions.usable]})
    assert [o.check for o in run(jvm, data, config).outcomes if o.failed] == []
    metrics = profile(jvm, data)
    assert list(metrics.columns) == ["plain", *ODD]
    assert [metrics.columns[name]["completeness"].completeness for name in ODD] == [0.75] * len(ODD)
    assert [metrics.columns[name]["moments"].sum for name in ODD] == [5.0] * len(ODD)


def test_checks_of_a_job_on_flattened_json_names(jvm: Jvm, tmp_path: Path) -> None:
    del jvm  # its session is the active one
    (tmp_path / "d.jsonl").write_text('{"a": {"b": 1}, "x y": [1, 2]}\n{"a": {"b": 2}, "x y": [3, null]}\n')
    entries = [{"check": "isComplete", "column": "a.b"}, {"check": "isComplete", "column": "x y.1"}]
    result = engine.baseline(tmp_path / "d.jsonl", output=tmp_path / "out", deequ={"checks": entries})
    assert [violation.feature_name for violation in result.violations] == ["x y.1"]
    values = {m.metric: (m.column, m.value) for m in result.measurements if m.metric.startswith("deequ_check")}
    assert values == {
        "deequ_check.isComplete(a.b)": ("a.b", 1.0),
        "deequ_check.isComplete(x y.1)": ("x y.1", 0.5),
    }


RULES = {  # with the value, and whether it passes
    'CustomSql "select 7 from primary limit 1" = 7': (7.0, True),
    'CustomSql "select count(*) from primary" = 4': (4.0, True),
    'CustomSql "select sum(plain) from primary" > 7': (6.0, False),
    'CustomSql "select sum(plain) from dataset" > 5': (6.0, True),
    'CustomSql "select sum(`a.b`) from primary" = 5': (5.0, True),
    'CustomSql "select nosuch from primary" = 1': (None, False),
    'IsComplete "plain"': (1.0, True),
    'IsComplete "a.b"': (0.75, False),
    'Completeness "A.B" > 0.7': (0.75, True),
    'ColumnExists "x y"': (1.0, True),
    'DistinctValuesCount "x y" = 3': (3.0, True),  # for Deequ null is a value
    'ColumnValues "no.such" > 1': (None, False),
    'ColumnValues "plain" in [0, 1, 2] with threshold > 0.6': (0.75, True),
    'ColumnValues "plain" in [0, 1, 2] with threshold > 0.8': (0.75, False),
    'ColumnValues "a.b" in [2] with threshold >= 0.5': (0.5, True),
    "ColumnCount = 3": (3.0, True),
    "RowCount = 4": (4.0, True),
}


def test_rules_have_their_own_values_and_a_faulty_one_fails_alone(newer: Jvm) -> None:
    text = "Rules = [\n  " + ",\n  ".join(RULES) + "\n]"
    outcomes = run(newer, frame(newer, ["a.b", "x y"]), DeequConfig(rules=text)).outcomes
    seen = {written: (o.value, not o.failed) for written, o in zip(RULES, outcomes, strict=True)}
    assert seen == RULES
    assert [o.columns for o in outcomes][6:9] == [("plain",), ("a.b",), ("A.B",)]
    assert all(o.message for o in outcomes if o.failed)
    assert not newer.session.catalog.tableExists("primary")


def test_rules_with_a_threshold_that_deequ_ignores_are_refused(newer: Jvm) -> None:
    text = 'Rules = [ ColumnValues "plain" > 1 with threshold > 0.3 ]'
    (outcome,) = run(newer, frame(newer, []), DeequConfig(rules=text)).outcomes
    assert outcome.failed
    assert "Deequ ignores 'with threshold > 0.3' here. Write it as a check" in outcome.message
    assert outcome.value is None or not math.isnan(outcome.value)
