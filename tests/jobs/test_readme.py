"""The README shows what ``make demo`` prints, and its example runs."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from engine.documents.violations import Violations
from jobs.demo import app
from jobs.display import violations_table

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo has been run."""
    folder = tmp_path_factory.mktemp("demo")
    done = CliRunner().invoke(app, ["--output", str(folder / "demo-output"), "--runner", "inline"])
    assert done.exit_code == 0, done.output
    assert "CompletedWithViolations" in done.output
    return folder


def test_the_violations_are_those_of_the_demo(folder: Path) -> None:
    written = (folder / "demo-output" / "report" / "constraint_violations.json").read_text(encoding="utf-8")
    text = io.StringIO()
    Console(width=100, file=text).print(violations_table(Violations.model_validate_json(written).violations))
    shown = "\n".join(line.rstrip() for line in text.getvalue().splitlines())
    assert shown in README


def test_the_statistics_are_those_of_the_demo(folder: Path) -> None:
    written = (folder / "demo-output" / "report" / "statistics.json").read_text(encoding="utf-8")
    [excerpt] = re.findall(r'```text\n( +"name" : .*?)\n +\.\.\.\n```', README, re.DOTALL)
    assert excerpt in written


def test_the_example_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in example.splitlines() if line]) == 5
    monkeypatch.chdir(folder)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own text
    assert "baseline drift distance" in capsys.readouterr().out.lower()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(app, ["--output", str(tmp_path), "--runner", "inline"])
    assert done.exit_code == 1
    assert "holds files that are not a demo's" in done.stderr
    assert (tmp_path / "mine.txt").exists()


def test_the_demo_of_model_quality(tmp_path: Path) -> None:
    from jobs.demo_model_quality import app as model_quality

    place = ["--output", str(tmp_path / "demo-output"), "--runner", "inline", "--records", "800"]
    done = CliRunner().invoke(model_quality, place)
    assert done.exit_code == 0, done.output
    assert "before: 800 captured records: 7" in done.output
    assert "LessThanThreshold" in done.output
    assert "CompletedWithViolations" in done.output
