from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from engine.errors import RunnerError
from engine.execution import java
from engine.execution.java import ensure_java


def runtime(folder: Path, version: str) -> Path:
    """A folder that looks like a Java runtime of some version."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with /bin/sh and no Java; what is under test sets JAVA_HOME, which is put back after it."""
    monkeypatch.setenv("JAVA_HOME", "")
    monkeypatch.setenv("PATH", str(tmp_path / "path" / "bin"))
    monkeypatch.setattr(java, "java_home", lambda: None)
    monkeypatch.setattr(java, "_spark_version", lambda: "3.5.9")


def test_the_machines_own_java_is_left_alone(tmp_path: Path) -> None:
    runtime(tmp_path / "path", "1.8.0_392")
    ensure_java()
    assert os.environ["JAVA_HOME"] == ""


def test_without_one_the_bundled_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = runtime(tmp_path / "bundled", "17.0.9")
    monkeypatch.setattr(java, "java_home", lambda: bundled)
    ensure_java()
    assert os.environ["JAVA_HOME"] == str(bundled)


@pytest.mark.parametrize("own", ["25.0.2", "no version at all"])
def test_one_that_spark_cannot_use_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str) -> None:
    runtime(tmp_path / "path", own)
    bundled = runtime(tmp_path / "bundled", "17.0.9")
    monkeypatch.setattr(java, "java_home", lambda: bundled)
    ensure_java()
    assert os.environ["JAVA_HOME"] == str(bundled)


def test_none_at_all() -> None:
    with pytest.raises(RunnerError, match=r"no 'java' is on the PATH.*--runner inline"):
        ensure_java()


def test_only_one_that_is_too_new(tmp_path: Path) -> None:
    runtime(tmp_path / "path", "25.0.2")
    with pytest.raises(RunnerError, match=r"Spark 3.5.9 cannot use the Java found: .*\(Java 25\)"):
        ensure_java()


def test_spark_4_needs_a_newer_one_than_spark_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime(tmp_path / "path", "11.0.21")
    ensure_java()
    monkeypatch.setattr(java, "_spark_version", lambda: "4.1.0")
    with pytest.raises(RunnerError, match=r"Spark 4.1.0 cannot use the Java found: .*\(Java 11\)"):
        ensure_java()
