"""Suggestions of Deequ, and that what is pasted runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import engine
from engine.deequ.config import DeequConfig
from engine.deequ.jvm import Jvm
from engine.deequ.running import run
from engine.deequ.suggestions import SuggestConfig, suggest
from jobs.cli import app
from tests.deequ.conftest import frame_from

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]

COLUMNS: dict[str, list[Any]] = {
    "age": [20 + i % 40 for i in range(300)],
    "plan": [["gold", "free, 'or' not)", 'a "b" _ Some('][i % 3] for i in range(300)],
    "region": [["eu", "us"][i % 2] for i in range(300)],
    "id": [f"id-{i}" for i in range(300)],
    "score": [None if i % 10 == 0 else i / 300 for i in range(300)],
}
TYPES = {"age": "int", "plan": "string", "region": "string", "id": "string", "score": "double"}


@pytest.mark.parametrize("rules", ["DEFAULT", "STRING", "NUMERICAL", "COMMON", "EXTENDED"])
def test_what_is_suggested_holds(jvm: Jvm, rules: str) -> None:
    frame = frame_from(jvm, COLUMNS, TYPES)
    found = suggest(jvm, frame, SuggestConfig(rules=rules))
    assert found.entries
    config = DeequConfig.model_validate(yaml.safe_load(found.yaml)["deequ"])
    assert len(config.checks) == len(found.usable)
    assert [o.check for o in run(jvm, frame, config).outcomes if o.failed] == []
    body = json.loads(found.json)["constraint_suggestions"]
    assert [line["code_for_constraint"] for line in body] == [entry.code for entry in found.entries]


def test_a_part_of_the_rows_tests_them(jvm: Jvm) -> None:
    frame = frame_from(jvm, COLUMNS, TYPES)
    found = suggest(jvm, frame, SuggestConfig(test_ratio=0.3, seed=1, columns=["plan"]))
    assert {entry.column for entry in found.entries} == {"plan"}
    assert {entry.test_status for entry in found.entries} <= {"Success", "Failure"}
    lines = json.loads(found.json)["constraint_suggestions"]
    assert all(line["constraint_result_on_test_set"] in ("Success", "Failure") for line in lines)


def test_the_rules_run(newer: Jvm) -> None:
    frame = frame_from(newer, COLUMNS, TYPES)
    found = suggest(newer, frame, SuggestConfig())
    outcomes = run(newer, frame, DeequConfig(rules=found.dqdl)).outcomes
    assert any(o.check.startswith('ColumnValues "region" in') for o in outcomes)
    assert [o.check for o in outcomes if o.failed] == []


def test_the_command(jvm: Jvm, tmp_path: Path) -> None:
    del jvm
    (tmp_path / "d.csv").write_text("age,plan\n" + "".join(f"{20 + i},{'ab'[i % 2]}\n" for i in range(50)))
    output = tmp_path / "s"
    done = CliRunner().invoke(app, ["suggest", str(tmp_path / "d.csv"), "--with", "deequ", "--output", str(output)])
    assert done.exit_code == 0, done.output
    pasted = yaml.safe_load((output / "deequ_suggestions.yaml").read_text())["deequ"]
    assert "isComplete" in {check["check"] for check in pasted["checks"]}
    assert (output / "deequ_suggestions.dqdl").read_text().startswith("Rules = [")
    result = engine.baseline(tmp_path / "d.csv", output=tmp_path / "out", deequ=pasted)
    assert result.violations == []
