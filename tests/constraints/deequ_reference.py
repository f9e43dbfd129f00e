"""The cases, and what their inputs are to the engine."""

from __future__ import annotations

import functools
import json
from typing import Any, Literal

import pytest

from engine.constraints.chi_square import chi_square
from engine.constraints.distance import categorical_distance, numerical_distance, population_stability_index
from engine.constraints.interval import Wald, Wilson
from engine.constraints.profile import Bin, ColumnProfile, profile_of
from engine.constraints.rule import Rule
from engine.constraints.rules_default import RetainCompletenessRule
from engine.constraints.suggest import rule_set
from tests.conftest import SHARED
from tests.constraints.text_metrics import metrics_of, shortest_and_longest

INTERVALS: dict[str, type[Wald | Wilson]] = {"Wald": Wald, "Wilson": Wilson}


@functools.cache
def all_cases() -> tuple[dict[str, Any], ...]:
    path = SHARED / "golden" / "deequ_cases.json"
    return tuple(json.loads(path.read_text())) if path.exists() else ()


def cases(kind: str) -> pytest.MarkDecorator:
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
        interval = INTERVALS[params.get("interval", "Wald")]()
        return RetainCompletenessRule(params.get("minCompleteness", 0.2), params.get("maxCompleteness", 1.0), interval)
    return next(rule for rule in rule_set("EXTENDED", deequ_compat=True) if type(rule).__name__ == name)


def run_of(case: dict[str, Any]) -> dict[str, Any]:
    """The input of a run; a profile run names the suggestion run it belongs to."""
    same = case["input"].get("same_as")
    found: dict[str, Any] = (
        next(other for other in all_cases() if other["id"] == same)["input"] if same else case["input"]
    )
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


def distance(case: dict[str, Any]) -> float:
    body, name, params = case["input"], case["target"]["name"], case["target"]["params"]
    method: Literal["Simple", "Robust"] = "Simple" if params.get("correctForLowNumberOfSamples") else "Robust"
    if name == "populationStabilityIndex":
        return population_stability_index(body["actual_counts"], body["expected_counts"])
    if name == "numericalDistance":
        return numerical_distance(body["data1"], body["data2"], method, compat_2_0=case["id"] == "rankmap-dup-207")
    if params["method"] == "Chisquare":
        result = chi_square(body["sample"], body["expected"])
        return result.statistic if method == "Simple" else result.p_value
    return categorical_distance(body["sample"], body["expected"], method, params.get("alpha"))
