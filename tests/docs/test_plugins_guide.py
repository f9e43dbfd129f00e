"""The guide for plugins runs: its files are written, its commands executed, its outputs found, in the order of the page."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "plugins.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?([\w.]*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def run(line: str, folder: Path) -> str:
    words = shlex.split(line)
    program = {"model-monitor": [sys.executable, "-m", "jobs.cli"], "python": [sys.executable]}[words[0]]
    environment = os.environ | {
        "PYTHONPATH": str(REPOSITORY),
        "COLUMNS": "400",
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }
    done = subprocess.run(
        [*program, *words[1:]], capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=120
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert "Failed:" not in done.stdout, done.stdout
    return done.stdout


def test_every_block_runs(tmp_path: Path) -> None:
    output, shown = "", 0
    for language, name, text in BLOCKS:
        if name:
            (tmp_path / name).write_text(text)
        elif language == "sh":
            output = "".join(run(line, tmp_path) for line in text.splitlines())
        else:
            assert language == "text"
            assert " ".join(text.split()) in " ".join(output.split()), output
            shown += 1
    assert shown >= 4


def test_the_smallest_metric_has_twelve_lines() -> None:
    [source] = [text for _, name, text in BLOCKS if name == "blank_notes.py"]
    assert len([line for line in source.splitlines() if line.strip()]) <= 12


@pytest.mark.parametrize("name", re.findall(r"\]\((\.\./[\w/.-]+)\)", PAGE))
def test_links_lead_somewhere(name: str) -> None:
    assert (REPOSITORY / "docs" / name).exists()
