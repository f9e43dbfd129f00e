"""Every case of Deequ's own tests, and of runs of its real jar, that concerns rules, intervals, distances and suggestions.

Left out by kind: ``analyzer``, ``kll`` (tests of the analyzers), ``check``, ``anomaly*`` (other features). Left out within kinds:

* ``profile``/``profile_run``: fields of other analyzers (kll, zerosCount, range, interquartileRange, variance, skewness, kurtosis,
  approxPercentiles), and typed columns, which the engine types from the column, not from text: what remains are completeness, type,
  histogram, minimum, maximum, mean, sum, stdDev and lengths.
* ``constraint_name``: the text of Scala case classes, which changes with every version of Deequ.
"""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path
from typing import Any

import pytest

from engine.constraints.chi_square import chi_square
from engine.constraints.distance import categorical_distance, numerical_distance, population_stability_index
from engine.constraints.interval import IntervalStrategy, Wald, Wilson
from engine.constraints.profile import Bin, ColumnProfile, profile_of
from engine.constraints.rule import Rule
from engine.constraints.rules_default import RetainCompletenessRule
from engine.constraints.suggest import rule_set, suggest
from tests.constraints.text_metrics import metrics_of, shortest_and_longest
from tests.conftest import SHARED

INTERVALS: dict[str, IntervalStrategy] = {"Wald": Wald(), "Wilson": Wilson()}


@functools.cache
def all_cases() -> tuple[dict[str, Any], ...]:
    path = SHARED / "golden" / "deequ_cases.json"
    return tuple(json.loads(path.read_text())) if path.exists() else ()


def cases(kind: str) -> Any:
    found = [pytest.param(case, id=case["id"]) for case in all_cases() if case["target"]["kind"] == kind]
    return pytest.mark.parametrize("case", found or [pytest.param(None, marks=pytest.mark.skip("no reference data"))])


def profile(body: dict[str, Any]) -> ColumnProfile:
    histogram = body["histogram"]
    return ColumnProfile(
        column=body["column"],
        completeness=body["completeness"],
        approx_distinct=body["approxDistinct"],
        data_type=body["dataType"],
        is_data_type_inferred=body["isDataTypeInferred"],
        histogram=None if histogram is None else {k: Bin(v["absolute"], v["ratio"]) for k, v in histogram.items()},
        minimum=body.get("minimum"),
        maximum=body.get("maximum"),
        mean=body.get("mean"),
        std_dev=body.get("stdDev"),
        min_length=body.get("minLength"),
        max_length=body.get("maxLength"),
    )


def rule(name: str, params: dict[str, Any]) -> Rule:
    if name == "RetainCompletenessRule":
        interval = INTERVALS[params.get("interval", "Wald")]
        return RetainCompletenessRule(params.get("minCompleteness", 0.2), params.get("maxCompleteness", 1.0), interval)
    return next(rule for rule in rule_set("EXTENDED", deequ_compat=True) if type(rule).__name__ == name)


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
    strategy = type(INTERVALS[case["target"]["name"]])(case["target"]["params"]["confidence"])
    found = strategy.interval(case["input"]["pHat"], case["input"]["numRecords"])
    assert {"lowerBound": found.lower, "upperBound": found.upper} == case["expected"]


@cases("distance")
def test_distance(case: dict[str, Any]) -> None:
    found, expected = distance(case), float(case["expected"]["value"])
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-15, nan_ok=True)


def distance(case: dict[str, Any]) -> float:
    body, name, params = case["input"], case["target"]["name"], case["target"]["params"]
    method = "Simple" if params.get("correctForLowNumberOfSamples") else "Robust"
    if name == "populationStabilityIndex":
        return population_stability_index(body["actual_counts"], body["expected_counts"])
    if name == "numericalDistance":
        return numerical_distance(body["data1"], body["data2"], method, compat_2_0=case["id"] == "rankmap-dup-207")
    if params["method"] == "Chisquare":
        result = chi_square(body["sample"], body["expected"])
        return result.statistic if method == "Simple" else result.p_value
    return categorical_distance(body["sample"], body["expected"], method, params.get("alpha"))


def run_of(case: dict[str, Any]) -> dict[str, Any]:
    """The input of a run; a profile run names the suggestion run it belongs to."""
    same = case["input"].get("same_as")
    found: dict[str, Any] = next(other for other in all_cases() if other["id"] == same)["input"] if same else case["input"]
    return found


def profiles_of(run: dict[str, Any], distinct: dict[str, int], threshold: int = 120) -> list[ColumnProfile]:
    """Profiles of the columns; the HyperLogLog estimates, which other tests cover, are those of the real run."""
    return [
        profile_of(
            name,
            metrics_of(values, run["types"][name], distinct[name]),
            inferred=run["types"][name] == "string",
            lengths=shortest_and_longest(values) if run["types"][name] == "string" else None,
            threshold=threshold,
            deequ_compat=True,
        )
        for name, values in run["columns"].items()
    ]


def estimates_of(run_id: str) -> dict[str, int]:
    version = run_id.removeprefix("suggest-e2e-").removeprefix("profile-e2e-")
    expected = next(case for case in all_cases() if case["id"] == f"profile-e2e-{version}")["expected"]
    return {entry["column"].strip("`"): entry["approximateNumDistinctValues"] for entry in expected["columns"]}


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
