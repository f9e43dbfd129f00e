"""The table of results and ``constraint_violations.json`` agree: for every check of every monitor, whole and in one slice only."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import engine

Row = dict[str, Any]
Rows = list[Row]

CHECKS = [
    "data_type_check",
    "completeness_check",
    "categorical_values_check",
    "baseline_drift_check",
    "is_non_negative_check",
]
"""Those of a column."""


def people(count: int = 400) -> Rows:
    """Columns of every kind; half of the rows are of either region."""
    return [
        {
            "region": "EU" if i % 2 else "US",
            "age": i % 50,
            "colour": "red" if i % 4 < 2 else "green",
            "n": i + 0.5,
        }
        for i in range(count)
    ]


BREAK: dict[str, Callable[[Row, int], Row]] = {
    "data_type_check": lambda row, i: row | {"age": "old"},
    "completeness_check": lambda row, i: row | {"age": None} if i % 10 < 4 else row,
    "categorical_values_check": lambda row, i: row | {"colour": "blue"} if i % 10 == 0 else row,
    "baseline_drift_check": lambda row, i: row | {"n": row["n"] + 600},
    "is_non_negative_check": lambda row, i: row | {"age": -1} if i % 50 == 0 else row,
}


def write(path: Path, rows: Rows) -> Path:
    names = list(rows[0])
    lines = [",".join("" if row[name] is None else str(row[name]) for name in names) for row in rows]
    path.write_text("\n".join([",".join(names), *lines]) + "\n")
    return path


def jobs(tmp_path: Path, before: Rows, now: Rows, **options: Any) -> tuple[list[Row], list[Row]]:
    """The rows of the table and the violations of a monitoring job."""
    engine.baseline(write(tmp_path / "before.csv", before), output=tmp_path / "bl", runner="inline", **options)
    engine.monitor(
        write(tmp_path / "now.csv", now), baseline=tmp_path / "bl", output=tmp_path / "out", runner="inline", **options
    )
    return of_folder(tmp_path / "out")


def of_folder(folder: Path) -> tuple[list[Row], list[Row]]:
    path = folder / "constraint_violations.json"
    violations = json.loads(path.read_text())["violations"] if path.exists() else []
    return pq.read_table(folder / "metrics.parquet").to_pylist(), violations


def of_row(row: Row) -> tuple[Any, ...]:
    names = {"missing_column_check": "Missing columns", "extra_column_check": "Extra columns"}
    detail = json.loads(row["detail"] or "{}")
    if row["check"] == "bias_drift_check":
        return row["check"], None, row["column"], detail["group"], row["metric"]
    if row["check"] == "feature_attribution_drift_check":
        return row["check"], None, detail["label"]
    if row["monitor"] == "model_quality":
        return row["check"], None, row["metric"].replace("_", "").lower()
    if row["check"] == "metric_check":
        return row["check"], row["slice"], row["column"] or row["metric"], row["metric"]
    return row["check"], row["slice"], names.get(row["check"], row["column"])


def of_violation(violation: Row) -> tuple[Any, ...]:
    check = violation["constraint_check_type"]
    if check == "bias_drift_check":
        return check, None, violation["facet"], violation["facet_value"], violation["metric_name"]
    if check == "feature_attribution_drift_check":
        return check, None, violation["label"]
    if "feature_name" not in violation:
        return check, None, violation["metric_name"].lower()
    rest = (violation["metric_name"],) if check == "metric_check" else ()
    return check, violation.get("slice"), violation["feature_name"], *rest


def agreed(rows: list[Row], violations: list[Row]) -> Counter[tuple[Any, ...]]:
    """The violations, after a look at whether both files tell the same, and whether ``ok`` is said of nothing."""
    told = Counter(of_row(row) for row in rows if row["status"] == "violation")
    assert told == Counter(of_violation(violation) for violation in violations)
    assert all(count == 1 for count in told.values())
    for row in rows:
        if row["status"] in ("ok", "violation"):
            assert row["check"] is not None
            assert row["value"] is not None
    return told


def broken(check: str, where: Callable[[Row], bool]) -> Rows:
    return [BREAK[check](row, i // 2) if where(row) else row for i, row in enumerate(people())]


@pytest.mark.parametrize("check", CHECKS)
def test_a_broken_check_of_a_column_is_a_row_and_an_entry(tmp_path: Path, check: str) -> None:
    settings = {"check_non_negative": True}
    rows, violations = jobs(tmp_path, people(), broken(check, lambda row: True), settings=settings)
    told = agreed(rows, violations)
    assert check in {place[0] for place in told}
    column = next(place[2] for place in told if place[0] == check)
    (row,) = [row for row in rows if row["check"] == check and row["column"] == column]
    assert row["threshold"] is not None


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_that_one_slice_breaks_is_an_entry_of_that_slice(tmp_path: Path, check: str) -> None:
    options: dict[str, Any] = {"settings": {"check_non_negative": True}, "segments": ["region"]}
    now = broken(check, lambda row: row["region"] == "EU")
    rows, violations = jobs(tmp_path, people(), now, **options)
    told = agreed(rows, violations)
    assert {place[1] for place in told if place[0] == check} == {None, "region=EU"}
    assert not any(place[1] == "region=US" for place in told)
    of_slice = [v for v in violations if v.get("slice") == "region=EU" and v["constraint_check_type"] == check]
    assert of_slice[0]["description"].endswith("In slice region=EU")
    statuses = {
        row["slice"]: row["status"]
        for row in rows
        if row["check"] == check and row["column"] == of_slice[0]["feature_name"]
    }
    assert statuses == {None: "violation", "region=EU": "violation", "region=US": "ok"}


def test_drift_that_the_whole_does_not_show_is_seen_in_the_slice(tmp_path: Path) -> None:
    before = [{"region": "EU" if i % 2 else "US", "n": i + 5000 * (i % 2)} for i in range(2000)]
    swapped = [row | {"region": "US" if row["region"] == "EU" else "EU"} for row in before]
    told = agreed(*jobs(tmp_path, before, swapped, segments=["region"]))
    assert sorted(told) == [("baseline_drift_check", "region=EU", "n"), ("baseline_drift_check", "region=US", "n")]


def test_the_baselines_own_data_breaks_nothing_in_any_slice(tmp_path: Path) -> None:
    rows, violations = jobs(tmp_path, people(), people(), segments=["region", ["region", "colour"]], metrics=["drift"])
    assert agreed(rows, violations) == Counter()
    assert {row["slice"] for row in rows if row["check"] == "baseline_drift_check" and row["status"] == "ok"} >= {
        None, "region=EU", "region=US", "region=EU, colour=red",
    }  # fmt: skip


def test_a_slice_that_lacked_more_in_the_baseline_already_is_no_change(tmp_path: Path) -> None:
    """Nine in ten ages are there, and all that lack are of one region; also the region itself lacks in its own slice."""
    before = [
        row | {"age": None if row["region"] == "EU" and i % 10 == 1 else row["age"]} for i, row in enumerate(people())
    ]
    before += [row | {"region": None} for row in people(40)]
    assert agreed(*jobs(tmp_path, before, before, segments=["region"])) == Counter()
    worse = [
        row | {"age": None if row["region"] == "EU" and i % 10 in (1, 3) else row["age"]}
        for i, row in enumerate(before)
    ]
    told = agreed(*jobs(tmp_path, before, worse, segments=["region"]))
    assert {place[:2] for place in told} == {("completeness_check", None), ("completeness_check", "region=EU")}


def test_a_completeness_that_somebody_demands_holds_in_every_slice(tmp_path: Path) -> None:
    before = [
        row | {"age": None if row["region"] == "EU" and i % 10 == 1 else row["age"]} for i, row in enumerate(people())
    ]
    options: dict[str, Any] = {"runner": "inline", "segments": ["region"]}
    engine.baseline(write(tmp_path / "a.csv", before), output=tmp_path / "bl", **options)
    path = tmp_path / "bl" / "constraints.json"
    document = json.loads(path.read_text())
    document["features"][1]["completeness"] = 0.99
    path.write_text(json.dumps(document))
    engine.monitor(tmp_path / "a.csv", baseline=tmp_path / "bl", output=tmp_path / "out", **options)
    told = agreed(*of_folder(tmp_path / "out"))
    assert sorted(told, key=str) == [
        ("completeness_check", "region=EU", "age"), ("completeness_check", None, "age"),
    ]  # fmt: skip


def test_a_small_slice_has_no_verdict(tmp_path: Path) -> None:
    now = broken("completeness_check", lambda row: True)[:50]
    now = [row | {"region": "EU" if i < 20 else "US"} for i, row in enumerate(now)]
    rows, violations = jobs(tmp_path, people(), now, segments=["region"])
    agreed(rows, violations)
    small = [row for row in rows if row["slice"] == "region=EU" and row["check"]]
    assert {row["status"] for row in small} == {"not_enough_data"}
    assert any(row["slice"] == "region=US" and row["status"] == "violation" for row in rows)


def test_a_slice_that_the_baseline_did_not_have_has_no_drift_but_the_other_verdicts(tmp_path: Path) -> None:
    now = [row | {"region": "ASIA", "age": None} for row in people()]
    rows, violations = jobs(tmp_path, people(), now, segments=["region"])
    agreed(rows, violations)
    found = {(row["column"], row["check"]): row["status"] for row in rows if row["slice"] == "region=ASIA"}
    assert found["n", "baseline_drift_check"] == "no_baseline"
    assert found["age", "completeness_check"] == "violation"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["region", "age", "colour"], {"missing_column_check"}),
        (["region", "age", "colour", "n", "more"], {"extra_column_check"}),
        (["region", "age", "colour", "other"], {"missing_column_check", "extra_column_check"}),
    ],
)
def test_missing_and_extra_columns(tmp_path: Path, names: list[str], expected: set[str]) -> None:
    now = [{name: row.get(name, row["n"]) for name in names} for row in people()]
    rows, violations = jobs(tmp_path, people(), now)
    assert {place[0] for place in agreed(rows, violations)} == expected


@pytest.mark.parametrize("method", ["Simple", "Robust"])
def test_edited_constraints_and_switches(tmp_path: Path, method: str) -> None:
    """Every check off but one column's completeness; and a threshold that nothing exceeds."""
    engine.baseline(write(tmp_path / "a.csv", people()), output=tmp_path / "bl", runner="inline")
    path = tmp_path / "bl" / "constraints.json"
    document = json.loads(path.read_text())
    distribution = document["monitoring_config"]["distribution_constraints"]
    distribution |= {"comparison_method": method, "comparison_threshold": 0.99}
    document["features"][1]["monitoring_config_overrides"] = {"evaluate_constraints": "Disabled"}
    document["features"][2].pop("completeness")
    path.write_text(json.dumps(document))
    now = [row | {"age": None, "colour": None, "n": None if i % 2 else 70} for i, row in enumerate(people())]
    engine.monitor(write(tmp_path / "b.csv", now), baseline=tmp_path / "bl", output=tmp_path / "out", runner="inline")
    rows, violations = of_folder(tmp_path / "out")
    assert sorted(agreed(rows, violations)) == [
        ("completeness_check", None, "n"),
        ("data_type_check", None, "n"),
    ] or sorted(agreed(rows, violations)) == [("completeness_check", None, "n")]
    by_place = {(row["column"], row["metric"]): row for row in rows}
    assert by_place["age", "completeness"]["check"] is None
    assert by_place["age", "completeness"]["status"] == "measured"
    assert by_place["colour", "domain_match"]["status"] == "not_enough_data"


def test_without_constraints_nothing_is_verified(tmp_path: Path) -> None:
    engine.baseline(write(tmp_path / "a.csv", people()), output=tmp_path / "bl", runner="inline")
    only = {"statistics": str(tmp_path / "bl" / "statistics.json")}
    engine.monitor(tmp_path / "a.csv", baseline=only, output=tmp_path / "out", runner="inline")
    rows, violations = of_folder(tmp_path / "out")
    assert violations == []
    assert {row["status"] for row in rows} == {"measured"}
    baseline_rows, _ = of_folder(tmp_path / "bl")
    assert {row["status"] for row in baseline_rows} == {"measured"}


def test_metrics_of_plugins_whole_and_in_one_slice(tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "metrics": ["drift", "outlier_share", {"name": "old", "sql": "avg(if(age > 40, 1, 0))", "threshold": 0.3}],
        "segments": ["region"],
    }
    now = [row | {"age": 49, "n": 500} if row["region"] == "EU" else row for row in people()]
    told = agreed(*jobs(tmp_path, people(), now, **options))
    assert ("metric_check", "region=EU", "old", "old") in told
    assert ("metric_check", "region=EU", "n", "drift") in told
    assert not any(place[1] == "region=US" for place in told)


def test_model_quality(tmp_path: Path) -> None:
    settings = {
        "problem_type": "BinaryClassification",
        "ground_truth_attribute": "label",
        "inference_attribute": "guess",
    }
    before = [{"label": i % 2, "guess": i % 2 if i % 10 else 1 - i % 2} for i in range(400)]
    now = [row | {"guess": i % 3 % 2} for i, row in enumerate(before)]
    rows, violations = jobs(tmp_path, before, now, monitor="model_quality", settings=settings)
    assert len(agreed(rows, violations)) > 3
    assert {row["status"] for row in rows if row["metric"] == "f0_5"} == {"measured"}


def test_bias(tmp_path: Path) -> None:
    settings = {
        "label": "label", "predicted_label": "guess", "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "group", "value_or_threshold": ["a"]}],
    }  # fmt: skip
    before = [{"group": "ab"[i % 2], "label": i % 4 // 2, "guess": i % 4 // 2} for i in range(400)]
    now = [row | {"guess": int(row["group"] == "b")} for row in before]
    assert agreed(*jobs(tmp_path, before, now, monitor="bias", settings=settings))


def test_attribution(tmp_path: Path) -> None:
    settings = {"columns": {"label0": {"x": "sx", "y": "sy"}}}
    before = [{"x": i, "y": i, "sx": 0.9, "sy": 0.1} for i in range(50)]
    now = [row | {"sx": 0.1, "sy": 0.9} for row in before]
    assert agreed(*jobs(tmp_path, before, now, monitor="attribution", settings=settings))
