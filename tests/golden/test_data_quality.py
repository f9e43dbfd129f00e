"""Whole documents against real outputs of the closed container, through the whole pipeline."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import engine

FULL_PAIRS = [
    ("sdk-quality-check-data", "baseline_dataset.csv", "statistics.json", {"csv": {"header": False}}),
    ("cardio-aai540-2025", "cardio_engineered_reconstructed.csv", "statistics.json", {}),
]
EXACT = ("min", "max", "approximate_num_distinct_values", "completeness", "distinct_count")
CLOSE = ("mean", "sum", "std_dev")


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def pairs(shared: Path, tmp_path: Path, case: str, data: str, reference: str, options: Any) -> Iterator[Any]:
    """Each feature of the reference with ours of the same name."""
    source = shared / "golden" / case / data
    result = engine.baseline(source, output=tmp_path, runner="inline", input=options)
    ours = {feature["name"]: feature for feature in read(tmp_path / "statistics.json")["features"]}
    theirs = read(shared / "golden" / case / reference)
    assert result.rows == theirs["dataset"]["item_count"]
    for feature in theirs["features"]:
        if feature["name"] in ours:  # a column that could not be rebuilt is absent from the input
            yield ours[feature["name"]], feature


@pytest.mark.parametrize(("case", "data", "reference", "options"), FULL_PAIRS)
def test_statistics_of_a_full_pair(
    shared: Path, tmp_path: Path, case: str, data: str, reference: str, options: Any
) -> None:
    compared = 0
    for ours, theirs in pairs(shared, tmp_path, case, data, reference, options):
        assert ours["inferred_type"] == theirs["inferred_type"], theirs["name"]
        kind = "numerical_statistics" if "numerical_statistics" in theirs else "string_statistics"
        assert_statistics(ours[kind], theirs[kind], theirs["name"])
        compared += 1
    assert compared >= 5


def test_a_run_over_two_capture_files(shared: Path, tmp_path: Path) -> None:
    """The container's std_dev of a constant column is 4.97e-17: what Spark's merge of parts of 13 and 5 rows leaves."""
    folder = shared / "golden" / "cookbook-data-quality"
    header, *rows = (folder / "current_data_reconstructed.csv").read_text().splitlines()
    (tmp_path / "data").mkdir()
    for name, part in (("a.csv", rows[:13]), ("b.csv", rows[13:])):
        (tmp_path / "data" / name).write_text("\n".join([header, *part]) + "\n")
    a_file_a_split = {"split_bytes": (tmp_path / "data" / "a.csv").stat().st_size}
    engine.baseline(tmp_path / "data", output=tmp_path / "out", runner="inline", input=a_file_a_split)
    ours = read(tmp_path / "out" / "statistics.json")["features"]
    theirs = read(folder / "current_statistics.json")["features"]
    for mine, reference in zip(ours, theirs, strict=True):
        assert mine["inferred_type"] == reference["inferred_type"]
        assert_statistics(mine["numerical_statistics"], reference["numerical_statistics"], reference["name"])
    assert ours[0]["numerical_statistics"]["std_dev"] == theirs[0]["numerical_statistics"]["std_dev"]


def assert_statistics(ours: Any, theirs: Any, name: str) -> None:
    assert ours["common"] == theirs["common"], name
    for key in EXACT:
        if key in theirs:
            assert ours[key] == theirs[key], (name, key)
    for key in CLOSE:
        if key in theirs:
            assert math.isclose(ours[key], theirs[key], rel_tol=1e-9), (name, key, ours[key], theirs[key])
    mine, reference = ours["distribution"], theirs["distribution"]
    if "kll" in reference:
        assert mine["kll"] == reference["kll"], name
    else:
        assert as_counts(mine) == as_counts(reference), name


def as_counts(distribution: Any) -> dict[str, int]:
    return {bucket["value"]: bucket["count"] for bucket in distribution["categorical"]["buckets"]}


def as_sets(constraints: Any) -> Any:
    """The order of a domain is that of a hash map in the container; ours is by count."""
    for feature in constraints["features"]:
        if "string_constraints" in feature:
            feature["string_constraints"]["domains"] = sorted(feature["string_constraints"]["domains"])
    return constraints


@pytest.mark.parametrize(
    ("case", "data", "reference", "options"),
    [
        ("sdk-quality-check-data", "baseline_dataset.csv", "good_cases/constraints.json", {"csv": {"header": False}}),
        ("cardio-aai540-2025", "cardio_engineered_reconstructed.csv", "constraints.json", {}),
    ],
)
def test_suggested_constraints(
    shared: Path, tmp_path: Path, case: str, data: str, reference: str, options: Any
) -> None:
    folder = shared / "golden" / case
    engine.baseline(folder / data, output=tmp_path, runner="inline", input=options)
    ours, theirs = as_sets(read(tmp_path / "constraints.json")), as_sets(read(folder / reference))
    names = {feature["name"] for feature in ours["features"]}
    assert ours["features"] == [feature for feature in theirs["features"] if feature["name"] in names]
    for key, value in theirs["monitoring_config"]["distribution_constraints"].items():
        assert ours["monitoring_config"]["distribution_constraints"][key] == value


@pytest.mark.parametrize("data", ["current_data_reconstructed.csv", "captured_reconstructed.jsonl"])
def test_violations_of_the_monitoring_run(shared: Path, tmp_path: Path, data: str) -> None:
    """The run in which 18 rows of two kinds raise no drift: its statistics and violations, from CSV and from captures."""
    folder = shared / "golden" / "cookbook-data-quality"
    baseline = tmp_path / "baseline"
    baseline.mkdir()
    (baseline / "statistics.json").write_bytes((folder / "statistics.json").read_bytes())
    constraints = read(folder / "constraints.json")
    constraints["features"][0]["inferred_type"] = "Fractional"  # the edit that its author made before scheduling
    (baseline / "constraints.json").write_text(json.dumps(constraints))
    result = engine.monitor(folder / data, baseline=baseline, output=tmp_path / "out", runner="inline")
    theirs = read(folder / "constraint_violations.json")["violations"]
    ours = read(tmp_path / "out" / "constraint_violations.json")["violations"]
    assert sorted(ours, key=str) == sorted(theirs, key=str)
    assert result.message == "CompletedWithViolations: Job completed successfully with 2 violations."


@pytest.mark.parametrize(("constraints", "expected"), [("good_cases", []), ("bad_cases", ["_c5"])])
def test_quality_check(shared: Path, tmp_path: Path, constraints: str, expected: list[str]) -> None:
    folder = shared / "golden" / "sdk-quality-check-data"
    result = engine.monitor(
        folder / "baseline_dataset.csv",
        baseline={"statistics": folder / "statistics.json", "constraints": folder / constraints / "constraints.json"},
        output=tmp_path,
        runner="inline",
        input={"csv": {"header": False}},
    )
    found = [v.feature_name for v in result.violations if v.constraint_check_type == "data_type_check"]
    assert found == expected
    assert len(result.violations) == len(expected)
