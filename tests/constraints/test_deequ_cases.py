"""All cases of Deequ's own tests and of runs of its jar on rules, intervals, distances and suggestions.

Left out by kind: ``analyzer``, ``kll`` (tests of the analyzers), ``check``, ``anomaly*`` (other features). Left out
within kinds:

* ``profile``/``profile_run``: fields of other analyzers (kll, zerosCount, range, interquartileRange, variance,
  skewness, kurtosis, approxPercentiles), and typed columns, which the engine types from the column, not from text: what
  remains are completeness, type, histogram, minimum, maximum, mean, sum, stdDev and lengths.
* ``constraint_name``: the text of Scala case classes, which changes with every version of Deequ.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from engine.constraints.profile import Bin, ColumnProfile
from engine.constraints.suggest import rule_set, suggest
from tests.constraints.deequ_reference import (
    INTERVALS,
    all_cases,
    cases,
    distance,
    estimates_of,
    profile,
    profiles_of,
    rule,
    run_of,
)


@cases("rule")
def test_rule(case: dict[str, Any]) -> None:
    target, subject = case["target"], profile(case["input"]["profile"])
    tested = rule(target["name"], target["params"])
    assert set(case["expected"]) <= {"applies", "code"}
    if "applies" in case["expected"]:
        assert tested.applies(subject, target["numRecords"]) == case["expected"]["applies"]
    if "code" in case["expected"]:
        assert tested.suggest(subject, target["numRecords"]).code_for_constraint == case["expected"]["code"]


@cases("interval")
def test_interval(case: dict[str, Any]) -> None:
    strategy = INTERVALS[case["target"]["name"]](case["target"]["params"]["confidence"])
    found = strategy.interval(case["input"]["pHat"], case["input"]["numRecords"])
    assert {"lowerBound": found.lower, "upperBound": found.upper} == case["expected"]


@cases("distance")
def test_distance(case: dict[str, Any]) -> None:
    found, expected = distance(case), float(case["expected"]["value"])
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-15, nan_ok=True)


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    """A suggestion without the version's own text, and with values of equal count in any order."""
    chosen = {key: value for key, value in row.items() if key != "constraint_name"}
    chosen["column_name"] = chosen["column_name"].strip("`")
    if "Range" in row["rule"]:
        for key in ("description", "code_for_constraint"):
            chosen[key] = sorted(chosen[key])
    return {key: value.replace("`", "") if isinstance(value, str) else value for key, value in chosen.items()}


@cases("suggestion_run")
def test_suggestion_run(case: dict[str, Any]) -> None:
    run = case["input"]
    profiles = profiles_of(run, estimates_of(case["id"]))
    records = len(next(iter(run["columns"].values())))
    rows = [suggestion.as_row() for suggestion in suggest(profiles, records, rule_set("EXTENDED", deequ_compat=True))]
    by_column: dict[str, list[Any]] = {}
    for row in case["expected"]["suggestions"]:
        by_column.setdefault(row["column_name"].strip("`"), []).append(row)
    ordered = [row for name in run["columns"] for row in by_column.get(name, [])]
    assert len(rows) == len(ordered) > 30
    for ours, theirs in zip(rows, ordered, strict=True):
        assert close(comparable(ours), comparable(theirs)), (ours, theirs)


def close(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Equal, but for the last digits of a standard deviation or a sum of shares: Deequ adds up in another order."""
    inexact = {"HasStandardDeviation": ["current_value", "description", "code_for_constraint"]}
    fields = inexact.get(ours["rule"], ["current_value"] if ours["rule"].startswith("Fractional") else [])
    mine, other = (float(row["current_value"].partition(": ")[2]) if fields else 0.0 for row in (ours, theirs))
    exact = ours.keys() - set(fields)
    return math.isclose(mine, other, rel_tol=1e-12) and all(ours[key] == theirs[key] for key in exact)


@cases("profile_run")
def test_profile_run(case: dict[str, Any]) -> None:
    ours = {p.column.strip("`"): p for p in profiles_of(run_of(case), estimates_of(case["id"]))}
    assert len(ours) == len(case["expected"]["columns"])
    for expected in case["expected"]["columns"]:
        found = ours[expected["column"].strip("`")]
        assert found.data_type == expected["dataType"]
        assert found.is_data_type_inferred == (expected["isDataTypeInferred"] == "true")
        assert found.completeness == expected["completeness"]
        histogram = {entry["value"]: Bin(entry["count"], entry["ratio"]) for entry in expected.get("histogram", [])}
        assert dict(found.histogram or {}) == histogram
        assert_numbers(found, expected)


@cases("profile")
def test_profile(case: dict[str, Any]) -> None:
    params, expected = case["target"]["params"], case["expected"]
    column = case["target"]["column"]
    if "predefinedTypes" in params:
        pytest.skip("the engine has no predefined types: a column's type is found from its values")
    run = {"columns": {column: case["input"]["columns"][column]}, "types": case["input"]["types"]}
    distinct = len({value for value in run["columns"][column] if value is not None})
    (found,) = profiles_of(run, {column: distinct}, params.get("lowCardinalityHistogramThreshold", 120))
    assert found.data_type == expected.get("dataType", found.data_type)
    assert found.is_data_type_inferred == expected.get("isDataTypeInferred", found.is_data_type_inferred)
    assert found.completeness == expected.get("completeness", found.completeness)
    if expected.get("histogram"):
        values = {k: Bin(v["absolute"], v["ratio"]) for k, v in expected["histogram"]["values"].items()}
        assert dict(found.histogram or {}) == values
    elif "histogram" in expected:
        assert found.histogram is None
    assert_numbers(found, expected)


def assert_numbers(found: ColumnProfile, expected: dict[str, Any]) -> None:
    names = {
        "minimum": "minimum", "maximum": "maximum", "mean": "mean", "sum": "sum", "stdDev": "std_dev",
        "minLength": "min_length", "maxLength": "max_length",
    }  # fmt: skip
    for key, name in names.items():
        if key in expected:
            assert getattr(found, name) == pytest.approx(expected[key], rel=1e-9), key


def test_the_reference_is_complete(shared: Path) -> None:
    kinds = [case["target"]["kind"] for case in all_cases()]
    assert {kind: kinds.count(kind) for kind in ("rule", "interval", "distance", "suggestion_run")} == {
        "rule": 62, "interval": 13, "distance": 22, "suggestion_run": 2,
    }  # fmt: skip
