"""The scripts that spark-submit starts are files, not modules: their packages must be found beside their folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

JOBS = Path(__file__).resolve().parents[2] / "jobs"


@pytest.mark.parametrize(("script", "text"), [("baseline.py", "suggest constraints"), ("monitor.py", "--baseline")])
def test_scripts_start_from_any_folder(script: str, text: str, tmp_path: Path) -> None:
    command = [sys.executable, str(JOBS / script), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert text in done.stdout
