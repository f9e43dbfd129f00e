from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from engine.documents.violations import Violation
from engine.errors import NoDataError
from jobs.cli import app
from tests.jobs.conftest import FakePipeline

RUN = ["run", "captures", "--baseline", "base", "--output", "out"]


def call(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "120", "TERM": "dumb"}).invoke(app, list(arguments))


def test_baseline(fake: FakePipeline) -> None:
    result = call("baseline", "a.csv", "b.csv", "--output", "out", "--format", "csv", "--runner", "inline")
    assert result.exit_code == 0, result.output
    assert fake.kind == "baseline"
    assert fake.config.input.paths == ["a.csv", "b.csv"]
    assert (fake.config.input.format, fake.config.output, fake.config.runner.kind) == ("csv", "out", "inline")
    assert "1,234 records were read, none was malformed." in result.stdout
    assert "Written: out/statistics.json" in result.stdout
    assert "Completed: Job completed successfully with no violations." in result.stdout


def test_run_with_all_options(fake: FakePipeline) -> None:
    times = ["--start", "2026-01-31T10:00:00Z", "--end", "2026-01-31T11:00:00Z"]
    assert call(*RUN, *times, "--master", "local[2]", "-v").exit_code == 0
    assert fake.kind == "monitor"
    assert fake.config.runner.master == "local[2]"
    assert fake.config.input.end is not None
    assert fake.config.baseline is not None
    assert fake.config.baseline.statistics == "base"


def test_options_win_over_the_file(fake: FakePipeline, tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text("input: {paths: [a]}\noutput: from-file\nbaseline: base\nrunner: inline\n")
    assert call("run", "--config", str(path), "--output", "from-option").exit_code == 0
    assert fake.config.output == "from-option"
    assert fake.config.input.paths == ["a"]
    assert fake.config.runner.kind == "inline"


@pytest.mark.parametrize(("option", "status"), [([], 0), (["--fail-on-violation"], 3)])
def test_violations_are_a_table(fake: FakePipeline, violation: Violation, option: list[str], status: int) -> None:
    fake.violations = [violation]
    result = call(*RUN, *option)
    assert result.exit_code == status
    assert "data_type_check" in result.stdout
    assert "Only 50.0% is Integral." in result.stdout
    assert "CompletedWithViolations: Job completed successfully with 1 violations." in result.stdout


def test_captured_names_are_not_interpreted(fake: FakePipeline, violation: Violation) -> None:
    fake.violations = [violation]
    output = call(*RUN).stdout
    assert "\x1b[2J" not in output
    assert r"age[red]\x1b[2J" in output


@pytest.mark.parametrize(
    ("malformed", "told"), [(1, "1 could not be and is listed"), (7, "7 could not be and are listed")]
)
def test_malformed_records_are_reported(fake: FakePipeline, malformed: int, told: str) -> None:
    fake.malformed = malformed
    assert f"{told} in out/quarantine.jsonl." in call(*RUN).stdout


def test_a_failure_is_one_clear_message(fake: FakePipeline) -> None:
    fake.error = NoDataError("No files under [captures].")
    result = call(*RUN)
    assert result.exit_code == 1
    assert result.stderr == "Error: No files under [captures].\n"
    assert result.stdout == ""


def test_a_defect_is_named_without_a_traceback(fake: FakePipeline) -> None:
    fake.error = ZeroDivisionError("division by zero")
    result = call(*RUN)
    assert result.exit_code == 1
    assert "Unexpected ZeroDivisionError: division by zero" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_dry_run_prints_the_plan(fake: FakePipeline) -> None:
    result = call(*RUN, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout == "files      1\nsplits     2\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["baseline", "a.csv"], "'output' is missing"),
        (["baseline", "--output", "out"], "'input.paths' is missing"),
        (["run", "a.csv", "--output", "out"], "needs a baseline"),
        (["baseline", "a", "--output", "o", "--start", "soon"], "'input.start' is 'soon'"),
        (["baseline", "a", "--output", "o", "--format", "xml"], "xml"),
        (["baseline", "--nonsense"], "nonsense"),
    ],
)
def test_wrong_use_has_status_2(fake: FakePipeline, arguments: list[str], text: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert text in result.stderr


def test_a_wrong_configuration_has_status_1(fake: FakePipeline, tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text("ouput: x\n")
    result = call("run", "--config", str(path))
    assert result.exit_code == 1
    assert "Did you mean 'output'?" in result.stderr


def test_init_writes_a_configuration_that_runs(fake: FakePipeline, tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    assert call("init", str(path)).exit_code == 0
    assert call("run", "--config", str(path)).exit_code == 0
    assert fake.config.input.paths == ["captures"]


def test_init_leaves_a_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text("mine")
    result = call("init", str(path))
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert path.read_text() == "mine"
    assert call("init", str(path), "--force").exit_code == 0


@pytest.mark.parametrize("command", ["baseline", "run", "init"])
def test_help(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert "--help" in result.stdout
