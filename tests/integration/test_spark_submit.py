"""spark-submit with the two scripts gives the documents of one process, and takes their options."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest

import engine
from engine.execution.java import ensure_java
from engine.testing.captures import write_captures
from tests.integration.conftest import REPOSITORY, documents

pytestmark = pytest.mark.spark


def submit(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    ensure_java()
    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-submit"), "--master", "local[2]"]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    return subprocess.run(
        [*command, str(REPOSITORY / "jobs" / script), *arguments],
        capture_output=True, text=True, cwd=folder, env=environment, timeout=300, check=False,
    )  # fmt: skip


def test_both_scripts(tmp_path: Path) -> None:
    write_captures(tmp_path / "before", 800, seed=1)
    write_captures(tmp_path / "after", 800, seed=2, drift=True)
    engine.baseline(tmp_path / "before", output=tmp_path / "own-baseline", runner="inline")
    own = engine.monitor(
        tmp_path / "after", baseline=tmp_path / "own-baseline", output=tmp_path / "own-report", runner="inline"
    )
    assert own.violations
    done = submit(tmp_path, "baseline.py", "before", "--output", "baseline")
    assert done.returncode == 0, done.stderr
    arguments = ["after", "--baseline", "baseline", "--output", "report", "--fail-on-violation"]
    done = submit(tmp_path, "monitor.py", *arguments)
    assert done.returncode == 3, done.stderr
    assert own.message in done.stdout
    for place in ("baseline", "report"):
        found, expected = documents(tmp_path / place), documents(tmp_path / f"own-{place}")
        assert found.keys() == expected.keys()
        for name in found.keys() - {"metrics.parquet"}:  # it holds the name of the run, which the paths of the job make
            assert found[name] == expected[name], (place, name)
