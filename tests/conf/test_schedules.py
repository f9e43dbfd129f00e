"""The examples for schedulers are what their readers take."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file
from cfnlint.decode.cfn_yaml import load
from statelint.linter import Linter
from typer.testing import CliRunner

from jobs.cli import app

CONF = Path(__file__).resolve().parents[2] / "conf"
STACK = CONF / "eventbridge" / "model-monitor.yaml"


def test_the_stack_is_what_cloudformation_takes() -> None:
    assert lint_file(STACK) == []


def _on_one_line(value: Any) -> Any:
    """The linter knows expressions of one line only."""
    if isinstance(value, dict):
        return {key: _on_one_line(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_on_one_line(inner) for inner in value]
    return " ".join(value.split()) if isinstance(value, str) else value


def test_the_state_machine_is_what_step_functions_takes(tmp_path: Path) -> None:
    machine = load(str(STACK))["Resources"]["StateMachine"]["Properties"]["Definition"]
    plain = json.loads(json.dumps(machine))
    assert Linter.validate(_on_one_line(plain)) == []
    assert len(json.dumps(plain)) < 1_000_000, "the limit of a definition"


def test_the_line_for_cron_is_a_command() -> None:
    [line] = [line for line in (CONF / "cron" / "crontab").read_text().splitlines() if re.match(r"[\d*]", line)]
    *times, command = line.split(maxsplit=5)
    assert times == ["5", "*", "*", "*", "*"]
    assert "%" not in command, "cron takes it for the end of the line"
    words = shlex.split(command)
    arguments = words[words.index("model-monitor") + 1 :]
    said = CliRunner(env={"TERM": "dumb"}).invoke(app, arguments)
    assert "/etc/model-monitor/monitor.yaml: the configuration cannot be read" in said.stderr, "all options are known"


@pytest.mark.parametrize("name", ["airflow/model_monitor.py", "cron/crontab", "eventbridge/model-monitor.yaml"])
def test_every_example_says_how_to_install_it(name: str) -> None:
    head = (CONF / name).read_text()[:900]
    assert re.search(r"Copy|Install|deploy", head)
