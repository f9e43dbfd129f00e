"""Baselines that a person has edited, and baselines of another format than the data: what they mean, in whole jobs."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.documents.constraints import Constraints
from engine.errors import BaselineError

CODES = [f"{i % 7:05d}" for i in range(700)]


def write_csv(path: Path, **columns: list[Any]) -> Path:
    rows = zip(*columns.values(), strict=True)
    path.write_text(",".join(columns) + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


def write_json(path: Path, **columns: list[Any]) -> Path:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def baseline(data: Path, folder: Path, **options: Any) -> Path:
    engine.baseline(data, output=folder, runner="inline", **options)
    return folder


def edit(folder: Path, change: Any) -> None:
    file = folder / "constraints.json"
    body = json.loads(file.read_text())
    change(body)
    file.write_text(json.dumps(body))


def run(data: Path, baseline_folder: Path, output: Path, **options: Any) -> list[tuple[str | None, str]]:
    result = engine.monitor(data, baseline=baseline_folder, output=output, runner="inline", **options)
    return [(v.feature_name, v.constraint_check_type) for v in result.violations]


def declare_text(body: dict[str, Any]) -> None:
    feature = body["features"][0]
    feature["inferred_type"] = "string"
    del feature["num_constraints"]


def test_a_column_declared_to_be_text_is_profiled_and_compared_as_text(tmp_path: Path) -> None:
    folder = baseline(write_csv(tmp_path / "a.csv", zip=CODES), tmp_path / "b")
    edit(folder, declare_text)
    assert run(write_csv(tmp_path / "same.csv", zip=CODES), folder, tmp_path / "o") == []
    feature = json.loads((tmp_path / "o" / "statistics.json").read_text())["features"][0]
    assert feature["inferred_type"] == "String"
    counts = {b["value"]: b["count"] for b in feature["string_statistics"]["distribution"]["categorical"]["buckets"]}
    assert counts == {f"{i:05d}": 100 for i in range(7)}
    moved = write_csv(tmp_path / "moved.csv", zip=["00003"] * 700)
    assert run(moved, folder, tmp_path / "p") == [("zip", "baseline_drift_check")]
    words = write_csv(tmp_path / "words.csv", zip=[*CODES, "SW1A"])
    assert run(words, folder, tmp_path / "q") == []


def test_a_typed_column_declared_to_be_text_is_compared_by_its_values(tmp_path: Path) -> None:
    folder = baseline(write_json(tmp_path / "a.jsonl", zip=[int(code) for code in CODES]), tmp_path / "b")
    edit(folder, declare_text)
    assert run(write_csv(tmp_path / "same.csv", zip=CODES), folder, tmp_path / "o") == []
    assert run(write_json(tmp_path / "same.jsonl", zip=[int(c) for c in CODES]), folder, tmp_path / "p") == []


def test_the_type_string_with_constraints_of_numbers_beside_it_fails_as_in_the_original(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "a.csv", zip=CODES)
    folder = baseline(data, tmp_path / "b")
    edit(folder, lambda body: body["features"][0].update(inferred_type="String"))
    assert run(data, folder, tmp_path / "o") == [("zip", "data_type_check")]


FLAGS = [True, False, True] * 40


@pytest.mark.parametrize("spell", [str, lambda flag: str(flag).upper(), lambda flag: str(flag).lower()])
def test_flags_of_a_csv_and_of_json_are_the_same_values(tmp_path: Path, spell: Any) -> None:
    texts, flags = {"f": [spell(flag) for flag in FLAGS]}, {"f": FLAGS}
    of_csv = baseline(write_csv(tmp_path / "a.csv", **texts), tmp_path / "b")
    assert run(write_json(tmp_path / "a.jsonl", **flags), of_csv, tmp_path / "o") == []
    of_json = baseline(write_json(tmp_path / "b.jsonl", **flags), tmp_path / "c")
    assert run(write_csv(tmp_path / "b.csv", **texts), of_json, tmp_path / "p") == []
    other = write_csv(tmp_path / "c.csv", f=[*texts["f"], "maybe"])
    assert run(other, of_json, tmp_path / "q") == [("f", "categorical_values_check")]


@pytest.mark.parametrize("spelling", ["integral", "INTEGRAL", "Integral"])
def test_types_in_constraints_may_be_written_in_any_case(tmp_path: Path, spelling: str) -> None:
    data = write_csv(tmp_path / "a.csv", n=list(range(50)))
    folder = baseline(data, tmp_path / "b")
    edit(folder, lambda body: body["features"][0].update(inferred_type=spelling))
    assert run(data, folder, tmp_path / "o") == []
    assert run(write_csv(tmp_path / "c.csv", n=["x"] * 50), folder, tmp_path / "p") == [("n", "data_type_check")]


def test_a_type_that_there_is_not_is_refused_with_the_allowed_ones(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "a.csv", n=[1, 2])
    folder = baseline(data, tmp_path / "b")
    edit(folder, lambda body: body["features"][0].update(inferred_type="number"))
    with pytest.raises(BaselineError, match="'Integral', 'Fractional', 'String' or 'Unknown'"):
        run(data, folder, tmp_path / "o")


@pytest.mark.parametrize("key", ["comparison_threshold", "comparisonThreshold"])
def test_a_threshold_one_level_too_high_counts(tmp_path: Path, key: str) -> None:
    folder = baseline(write_csv(tmp_path / "a.csv", n=list(range(1000))), tmp_path / "b")
    moved = write_csv(tmp_path / "c.csv", n=list(range(300, 1300)))
    assert run(moved, folder, tmp_path / "o") == [("n", "baseline_drift_check")]

    def lift(body: dict[str, Any]) -> None:
        del body["monitoring_config"]["distribution_constraints"]["comparison_threshold"]
        body["monitoring_config"][key] = 0.5

    edit(folder, lift)
    assert run(moved, folder, tmp_path / "p") == []


def test_a_threshold_in_its_place_wins_over_one_that_stands_too_high() -> None:
    body = {
        "features": [],
        "monitoring_config": {"comparison_threshold": 0.5, "distribution_constraints": {"comparison_threshold": 0.2}},
    }
    config = Constraints.model_validate(body).monitoring_config
    assert config is not None
    assert config.distribution_constraints is not None
    assert config.distribution_constraints.comparison_threshold == 0.2


def test_an_unknown_key_of_the_configuration_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Constraints.model_validate(
            {"features": [], "monitoring_config": {"drift_threshold": 0.5, "min_domain_mass": 1.0}}
        )
    assert "the key 'drift_threshold' of a monitoring_config has no effect" in caplog.text
    assert "min_domain_mass" not in caplog.text


@pytest.mark.parametrize("excluded", ["id", "ID", "0"])
def test_an_excluded_column_is_neither_missing_nor_judged(tmp_path: Path, excluded: str) -> None:
    columns: dict[str, list[Any]] = {"id": list(range(100)), "x": [1.5] * 100}
    folder = baseline(write_csv(tmp_path / "a.csv", **columns), tmp_path / "b")
    now = write_csv(tmp_path / "c.csv", id=["?"] * 100, x=[1.5] * 100)
    assert run(now, folder, tmp_path / "o", input={"exclude_features": [excluded]}) == []
    both = write_csv(tmp_path / "d.csv", id=["?"] * 100, x=[1.5] * 100, y=[1] * 100)
    assert run(both, folder, tmp_path / "p", input={"exclude_features": [excluded]}) == [
        ("Extra columns", "extra_column_check")
    ]


def test_an_excluded_column_that_the_data_lacks_is_not_missing(tmp_path: Path) -> None:
    folder = baseline(write_csv(tmp_path / "a.csv", id=[1, 2], x=[1.5, 2.5]), tmp_path / "b")
    now = write_csv(tmp_path / "c.csv", x=[1.5, 2.5])
    assert run(now, folder, tmp_path / "o", input={"exclude_features": ["Id"]}) == []
    assert run(now, folder, tmp_path / "p") == [("Missing columns", "missing_column_check")]


def test_an_excluded_column_of_json_lines_is_not_missing(tmp_path: Path) -> None:
    folder = baseline(write_json(tmp_path / "a.jsonl", id=[1, 2], x=[1.5, 2.5]), tmp_path / "b")
    now = write_json(tmp_path / "c.jsonl", id=["a", "b"], x=[1.5, 2.5])
    assert run(now, folder, tmp_path / "o", input={"exclude_features": ["id"]}) == []


def test_a_baseline_that_left_the_column_out_too_agrees(tmp_path: Path) -> None:
    excluding: dict[str, Any] = {"input": {"exclude_features": ["id"]}}
    data = write_csv(tmp_path / "a.csv", id=[1, 2], x=[1.5, 2.5])
    folder = baseline(data, tmp_path / "b", **excluding)
    assert run(data, folder, tmp_path / "o", **excluding) == []
    assert run(data, folder, tmp_path / "p") == [("Extra columns", "extra_column_check")]
