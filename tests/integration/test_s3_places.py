"""Every place on S3 that a command names: not reachable, no such bucket, no such object. One line, soon, from every command."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engine.s3.reaching import _is_there
from jobs.cli import app

COMMANDS = {
    "input": ["baseline", "{s3}/b", "--output", "o"],
    "glob": ["baseline", "{s3}/b/*.csv", "--output", "o"],
    "output": ["baseline", "d.csv", "--output", "{s3}/o"],
    "baseline": ["run", "d.csv", "--baseline", "{s3}/b", "--output", "o"],
    "config": ["run", "--config", "{s3}/c.yaml"],
    "plugin": ["baseline", "d.csv", "--plugin", "{s3}/p.py", "--output", "o"],
    "preprocessor": ["baseline", "--config", "preprocessor.yaml"],
    "message file": ["baseline", "--config", "metrics.yaml"],
    "constraints": ["run", "--config", "constraints.yaml"],
    "backfill": ["backfill", "{s3}/b", "--baseline", "base", "--output", "o", "--last", "2h"],
    "backfill output": ["backfill", "d.csv", "--baseline", "base", "--output", "{s3}/o", "--last", "2h"],
    "merge": ["merge", "{s3}/b", "d.csv", "--output", "o"],
    "labels": ["merge", "d.csv", "{s3}/b", "--output", "o"],
    "unmatched": ["merge", "d.csv", "d.csv", "--output", "o", "--keep-unmatched", "{s3}/b"],
    "deliver": ["deliver", "{s3}/b", "--config", "preprocessor.yaml"],
    "migrate": ["from-job-definition", "{s3}/b"],
    "plugins": ["plugins", "show", "{s3}/p.py"],
    "dry run": ["run", "d.csv", "--baseline", "{s3}/b", "--output", "o", "--dry-run"],
}
RUNS_INLINE = ("baseline", "run", "backfill", "merge")


def invoke(name: str, bucket: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, float]:
    """What a command prints, and how long it takes."""
    monkeypatch.chdir(folder)
    place = f"s3://{bucket}"
    (folder / "d.csv").write_text("a,b\n1,2\n3,4\n")
    plain = "input: {paths: [d.csv]%s}\noutput: o\nrunner: inline\n"
    (folder / "preprocessor.yaml").write_text(plain % f", preprocessor: '{place}/p.py'")
    (folder / "metrics.yaml").write_text(plain % "" + f"cloudwatch: {{enabled: true, metrics_dir: '{place}/m'}}\n")
    (folder / "constraints.yaml").write_text(plain % "" + f"baseline: {{constraints: '{place}/c.json'}}\n")
    (folder / "base").mkdir(exist_ok=True)
    for document, text in (
        ("statistics", '{"dataset": {"item_count": 1}, "features": []}'),
        ("constraints", '{"features": []}'),
    ):
        (folder / "base" / f"{document}.json").write_text(text)
    arguments = [argument.replace("{s3}", place) for argument in COMMANDS[name]]
    inline = ["--runner", "inline"] if arguments[0] in RUNS_INLINE and "--config" not in arguments else []
    _is_there.cache_clear()
    started = time.monotonic()
    result = CliRunner().invoke(app, [*arguments, *inline])
    assert result.exit_code in (1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output, time.monotonic() - started


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint at which nobody listens."""
    for key, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(key, value)


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_store_that_nobody_answers_for_is_said_soon(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, seconds = invoke(name, "nobucket", tmp_path, monkeypatch)
    assert "S3 at http://127.0.0.1:1: it cannot be reached (Could not connect to server)" in text
    assert "s3://nobucket" in text
    assert text.count("\n") == 1
    assert seconds < 15


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bucket_that_is_not_there_is_named(
    name: str, aws: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, seconds = invoke(name, "nobucket", tmp_path, monkeypatch)
    assert "there is no bucket 'nobucket'" in text
    assert text.count("\n") == 1
    assert seconds < 15


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in COMMANDS
        if "output" not in name and name not in ("message file", "unmatched", "plugin", "deliver")
    ],
)
def test_an_object_that_is_not_there_is_named(
    name: str, aws: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, seconds = invoke(name, "bucket", tmp_path, monkeypatch)
    assert "s3://bucket" in text
    assert "defect" not in text
    assert "AWS Error" not in text
    assert seconds < 15
