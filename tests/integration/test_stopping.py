"""SIGTERM in the middle of a job: no half-written document, no folder left behind, and a word about it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.testing.captures import write_captures
from engine.testing.labels import write_labels
from tests.integration.conftest import REPOSITORY

SLOW = """
import pathlib, time
def preprocess_handler(record):
    pathlib.Path({mark!r}).touch()
    time.sleep(0.05)
    return {{"a": 1}}
"""


def start(command: list[str], **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY,
        env=os.environ | environment,
    )  # fmt: skip


def stop_when(mark: Path, process: subprocess.Popen[str]) -> tuple[int, str]:
    deadline = time.monotonic() + 120
    while not mark.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    assert mark.exists(), process.communicate()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


@pytest.fixture
def job(tmp_path: Path) -> Path:
    write_captures(tmp_path / "captures", 2000, seed=5)
    (tmp_path / "slow.py").write_text(SLOW.format(mark=str(tmp_path / "running")))
    (tmp_path / "report").mkdir()
    (tmp_path / "report/statistics.json").write_text("of an earlier job")
    return tmp_path


@pytest.mark.parametrize(
    "runner", ["inline", pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.xdist_group("spark")])]
)
def test_a_command(job: Path, runner: str) -> None:
    (job / "monitor.yaml").write_text(f"input: {{preprocessor: {job / 'slow.py'}}}\n")
    before = sorted(path.name for path in job.iterdir())
    status, errors = stop_when(
        job / "running",
        start([
            "jobs.cli", "baseline", str(job / "captures"), "--output", str(job / "report"), "--runner", runner,
            "--config", str(job / "monitor.yaml"),
        ]),
    )  # fmt: skip
    assert status == 143, errors
    assert "Stopped before the documents were written: none was changed." in " ".join(errors.split())
    assert "Traceback" not in errors
    assert (job / "report/statistics.json").read_text() == "of an earlier job"
    assert [path.name for path in (job / "report").iterdir()] == ["statistics.json"]
    assert sorted(path.name for path in job.iterdir() if path.name != "running") == before


def test_a_processing_job(job: Path) -> None:
    status, errors = stop_when(
        job / "running",
        start(
            ["jobs.sagemaker"], OPT_ML_ROOT=str(job / "ml"), dataset_source=str(job / "captures"), MONITOR_RUNNER="inline",
            dataset_format='{"sagemakerCaptureJson": {}}', output_path=str(job / "report"),
            record_preprocessor_script=str(job / "slow.py"),
        ),
    )  # fmt: skip
    assert status == 143, errors
    assert "Traceback" not in errors
    message = (job / "ml/output/message").read_text()
    assert message == "Stopped before the documents were written: none was changed."
    assert [path.name for path in (job / "report").iterdir()] == ["statistics.json"]


def test_a_merge(tmp_path: Path) -> None:
    write_captures(tmp_path / "captures", 100_000, seed=5)
    write_labels(tmp_path / "captures", tmp_path / "labels")
    command = ["merge", str(tmp_path / "captures"), str(tmp_path / "labels"), "--output", str(tmp_path / "merged")]
    job = start(["jobs.cli", *command, "--runner", "inline"])
    deadline = time.monotonic() + 120
    while not any(tmp_path.glob("merged/.merge-*/written")) and time.monotonic() < deadline and job.poll() is None:
        time.sleep(0.01)
    job.send_signal(signal.SIGTERM)
    _, errors = job.communicate(timeout=60)
    assert (job.returncode, errors.strip()) == (143, "Error: Stopped.")
    assert not [path for path in (tmp_path / "merged").rglob("*") if path.is_file()]


def test_a_merge_that_cannot_write(tmp_path: Path) -> None:
    write_captures(tmp_path / "captures", 20, seed=5)
    write_labels(tmp_path / "captures", tmp_path / "labels")
    (tmp_path / "file").touch()
    command = ["merge", str(tmp_path / "captures"), str(tmp_path / "labels"), "--output", str(tmp_path / "file/merged")]
    _, errors = (job := start(["jobs.cli", *command, "--runner", "inline"])).communicate(timeout=60)
    assert job.returncode == 1
    assert "failed, and changed nothing" in " ".join(errors.split())
    assert "Traceback" not in errors
