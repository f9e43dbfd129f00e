"""Progress of a job is drawn for a person at a terminal, and for nobody else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from engine.config import make_config
from engine.pipeline import run_job


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_shows_how_many_splits_are_done(tmp_path: Path, *, terminal: bool) -> None:
    (tmp_path / "in").mkdir()
    for name in ("1", "2", "3"):
        (tmp_path / "in" / f"{name}.csv").write_text("a\n1\n")
    shown = io.StringIO()
    options = {"input": {"split_bytes": 4}}
    config = make_config([str(tmp_path / "in")], str(tmp_path / "out"), runner="inline", options=options)
    run_job(config, "baseline", Console(file=shown, force_terminal=terminal, width=100))
    if terminal:
        assert "baseline: analysing" in shown.getvalue()
        assert "3/3" in shown.getvalue()
    else:
        assert not shown.getvalue()
