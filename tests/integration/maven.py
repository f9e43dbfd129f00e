"""Jars from Maven Central, downloaded once into a folder of the home, as Deequ's are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.execution.java import ensure_java

_DOWNLOAD = """
from pyspark.sql import SparkSession
SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.jars.ivy", {ivy!r}).config(
    "spark.jars.packages", {packages!r}).getOrCreate().stop()
"""


def jars(name: str, packages: str) -> list[Path]:
    """The jars of packages and of what these need; where they cannot be had, the test is skipped.

    Args:
        name: Tells the folder of these packages from others.
        packages: As for ``spark.jars.packages``.
    """
    ivy = Path.home() / f".ivy2-{name}"
    done = ivy / "complete"
    if not done.exists():
        ensure_java()
        code = _DOWNLOAD.format(ivy=str(ivy), packages=packages)
        got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=400)
        if got.returncode:
            pytest.skip(f"{packages} cannot be downloaded from Maven Central: {got.stderr[-300:]}")
        done.touch()
    return sorted((ivy / "jars").glob("*.jar"))
