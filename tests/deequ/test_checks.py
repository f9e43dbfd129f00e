"""Every method of Check of the default release, and Deequ's own cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.deequ.config import DeequConfig
from engine.deequ.jvm import Jvm
from engine.deequ.running import run
from engine.deequ.signatures import CHECKS
from tests.deequ.conftest import frame_from
from tests.deequ.golden import cases, check_entry

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]

COLUMNS: dict[str, list[Any]] = {
    "age": [20, 30, 40, 50],
    "score": [0.1, 0.2, None, 0.4],
    "plan": ["gold", "gold", "free", None],
    "mail": ["a@example.com", "b@example.com", "c@example.com", "none"],
    "number": ["4111 1111 1111 1111", "https://example.com/a", "078-05-1120", ""],
}
TYPES = {"age": "int", "score": "double", "plan": "string", "mail": "string", "number": "string"}

HELD: list[dict[str, Any]] = [
    {"check": "hasSize", "assertion": 4},
    {"check": "hasColumnCount", "assertion": "== 5"},
    {"check": "isComplete", "column": "age"},
    {"check": "hasCompleteness", "column": "score", "assertion": ">= 0.75"},
    {"check": "areComplete", "columns": ["age", "mail"]},
    {"check": "haveCompleteness", "columns": ["score", "plan"], "assertion": "== 1/2"},
    {"check": "areAnyComplete", "columns": ["score", "plan"]},
    {"check": "haveAnyCompleteness", "columns": ["score", "plan"], "assertion": ">= 1"},
    {"check": "isUnique", "column": "mail"},
    {"check": "isPrimaryKey", "columns": ["age", "plan"]},
    {"check": "hasUniqueness", "columns": ["plan"], "assertion": "== 1/3"},
    {"check": "hasDistinctness", "column": "plan", "assertion": "== 2/3"},
    {"check": "hasUniqueValueRatio", "columns": ["plan"], "assertion": "== 0.5"},
    {"check": "hasNumberOfDistinctValues", "column": "plan", "assertion": "== 3"},
    {"check": "hasHistogramValues", "column": "plan", "assertion": "ratio of 'gold' == 0.5 and count of 'free' == 1"},
    {"check": "hasHistogramValues", "column": "plan", "assertion": "bins == 3 and ratio of 'lead' == 0"},
    {
        "check": "kllSketchSatisfies", "column": "age", "assertion": "count of 0 == 2 and low of 0 == 20 and high of 1 == 50",
        "arguments": {"kllParameters": {"sketchSize": 64, "numberOfBuckets": 2}},
    },
    {"check": "kllSketchSatisfies", "column": "age", "assertion": "percentile of 50 between 20 and 40"},
    {"check": "hasEntropy", "column": "plan", "assertion": "between 0.6 and 0.7"},
    {"check": "hasMutualInformation", "columns": ["age", "plan"], "assertion": "> 0"},
    {"check": "hasCorrelation", "columns": ["age", "score"], "assertion": "> 0.99"},
    {"check": "hasApproxQuantile", "column": "age", "arguments": {"quantile": 0.5}, "assertion": "between 30 and 40"},
    {"check": "hasExactQuantile", "column": "age", "arguments": {"quantile": 0.5}, "assertion": "== 35"},
    {"check": "hasMinLength", "column": "plan", "assertion": "== 4"},
    {"check": "hasMaxLength", "column": "mail", "assertion": "< 20"},
    {"check": "hasMinLength", "column": "plan", "assertion": "== 0", "arguments": {"nullBehavior": "EmptyString"}},
    {"check": "hasMin", "column": "age", "assertion": "== 20"},
    {"check": "hasMax", "column": "age", "assertion": "!= 40"},
    {"check": "hasMean", "column": "age", "assertion": "== 35"},
    {"check": "hasSum", "column": "age", "assertion": "== 140"},
    {"check": "hasStandardDeviation", "column": "age", "assertion": "between 11.18 and 11.19"},
    {"check": "hasApproxCountDistinct", "column": "age", "assertion": "== 4"},
    {"check": "satisfies", "arguments": {"columnCondition": "age > 25 AND plan = 'gold'"}, "assertion": "== 0.25"},
    {"check": "hasPattern", "column": "mail", "arguments": {"pattern": r"@example\.com$"}, "assertion": ">= 0.75"},
    {"check": "containsCreditCardNumber", "column": "number", "assertion": "== 0.25"},
    {"check": "containsEmail", "column": "mail", "assertion": "== 0.75"},
    {"check": "containsURL", "column": "number", "assertion": "== 0.25"},
    {"check": "containsSocialSecurityNumber", "column": "number", "assertion": "<= 0.25"},
    {"check": "hasDataType", "column": "age", "arguments": {"dataType": "Integral"}},
    {"check": "isNonNegative", "column": "score"},
    {"check": "isPositive", "column": "age"},
    {"check": "isLessThan", "columns": ["score", "age"], "assertion": "== 0.75"},
    {"check": "isLessThanOrEqualTo", "columns": ["score", "age"], "where": "score IS NOT NULL"},
    {"check": "isGreaterThan", "columns": ["age", "score"], "where": "score IS NOT NULL"},
    {"check": "isGreaterThanOrEqualTo", "columns": ["age", "age"]},
    {"check": "isContainedIn", "column": "plan", "arguments": {"allowedValues": ["gold", "free"]}},
    {"check": "isContainedIn", "column": "plan", "arguments": {"allowedValues": ["gold"]}, "assertion": "== 0.75"},
    {"check": "isContainedIn", "column": "age", "arguments": {"lowerBound": 20, "upperBound": 50}},
]  # fmt: skip
"""Checks that hold; each method of the default release is among them."""

NEWER: list[dict[str, Any]] = [
    {"check": "hasColumn", "column": "age"},
    {"check": "areUnique", "columns": ["age", "plan"]},
    {"check": "hasDuplicateRowCount", "columns": ["plan"], "assertion": "== 2"},
    {
        "check": "hasHistogramBinnedValues",
        "column": "age",
        "assertion": "count of 0 == 2",
        "arguments": {"binCount": 2},
    },
    {"check": "hasHistogramBinnedBins", "column": "age", "assertion": "== 2", "arguments": {"binCount": 2}},
    {"check": "hasVariance", "column": "age", "assertion": "== 125"},
    {"check": "hasSkewness", "column": "age", "assertion": "== 0"},
    {"check": "hasKurtosis", "column": "age", "assertion": "between -1.37 and -1.35"},
    {"check": "hasRange", "column": "age", "assertion": "== 30"},
    {"check": "hasInterquartileRange", "column": "age", "assertion": "== 15"},
    {"check": "hasZerosCount", "column": "age", "assertion": "== 0"},
    {"check": "customSql", "arguments": {"expression": "SELECT max(age) FROM dataset"}, "assertion": "== 50"},
]
"""The same for the methods that only the newer release has."""

ELSEWHERE = {"doesDatasetMatch", "isNewestPointNonAnomalous"}
"""Tested below and in test_in_jobs.py: they need other data."""


def test_every_method_is_here() -> None:
    default = {name for name, signature in CHECKS.items() if not signature.newer}
    assert {entry["check"] for entry in HELD} == default - ELSEWHERE
    assert {entry["check"] for entry in NEWER} == CHECKS.keys() - default


def test_checks_of_the_newer_release(newer: Jvm) -> None:
    results = run(newer, frame_from(newer, COLUMNS, TYPES), DeequConfig.model_validate({"checks": NEWER}))
    assert [(o.check, o.message) for o in results.outcomes if o.failed] == []
    assert len(results.outcomes) == len(NEWER)


def test_checks_that_hold(jvm: Jvm) -> None:
    results = run(jvm, frame_from(jvm, COLUMNS, TYPES), DeequConfig.model_validate({"checks": HELD}))
    assert [(o.check, o.message) for o in results.outcomes if o.failed] == []
    assert len(results.outcomes) == len(HELD)
    assert results.status == "Success"


def test_the_opposite_fails(jvm: Jvm) -> None:
    """Of each check with an assertion on a number, its negation fails: the assertion is really looked at."""
    numbers = [
        entry | {"assertion": "between -2000 and -1000"}
        for entry in HELD
        if "assertion" in entry and entry["check"] not in ("hasHistogramValues", "kllSketchSatisfies")
    ]
    results = run(jvm, frame_from(jvm, COLUMNS, TYPES), DeequConfig.model_validate({"checks": numbers}))
    assert [o.check for o in results.outcomes if not o.failed] == []


def test_another_dataset(jvm: Jvm, tmp_path: Path) -> None:
    """As many rows, of which one is different; with other numbers of rows Deequ does not compare at all."""
    frame = frame_from(jvm, COLUMNS, TYPES)
    changed = frame.selectExpr("age", "CASE WHEN age = 20 THEN 'other' ELSE mail END AS mail")
    changed.write.parquet(str(tmp_path / "other"))
    entry = {
        "check": "doesDatasetMatch",
        "assertion": "== 0.75",
        "arguments": {
            "otherDataset": f"parquet:{tmp_path / 'other'}",
            "keyColumnMappings": {"age": "age"},
            "matchColumnMappings": {"mail": "mail"},
        },
    }
    assert run(jvm, frame, DeequConfig.model_validate({"checks": [entry]})).status == "Success"
    strict = DeequConfig.model_validate({"checks": [entry | {"assertion": "> 0.75"}]})
    assert run(jvm, frame, strict).status == "Error"


@cases("check")
def test_deequs_own_cases(sessions: Any, shared: Path, case: dict[str, Any]) -> None:
    target = case["target"]
    entries = [check_entry(constraint, target["level"]) for constraint in target["constraints"]]
    config = DeequConfig.model_validate({"checks": entries})
    jvm = sessions.enter(config.chosen_release)
    results = run(jvm, frame_from(jvm, case["input"]["columns"], case["input"]["types"]), config)
    assert results.status == case["expected"]["check_status"]
    if "constraint_statuses" in case["expected"]:
        assert [outcome.status for outcome in results.outcomes] == case["expected"]["constraint_statuses"]
