"""The two jobs as Python functions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.config import make_config
from engine.pipeline import JobResult, run_job

Paths = str | Path | Sequence[str | Path]


def baseline(inputs: Paths, *, output: str | Path, runner: str = "spark", **options: Any) -> JobResult:
    """Analyse a dataset and suggest constraints.

    Args:
        inputs: File, folder, glob or several of them; local or ``s3://``.
        output: Folder for ``statistics.json`` and ``constraints.json``.
        runner: ``spark`` or ``inline``.
        options: Other keys of the configuration, for example ``input={"format": "csv"}``.

    Returns:
        What was found and where it is written.
    """
    return run_job(make_config(_texts(inputs), str(output), runner=runner, options=options), "baseline")


def monitor(
    inputs: Paths, *, baseline: str | Path, output: str | Path, runner: str = "spark", **options: Any
) -> JobResult:
    """Analyse a dataset and verify it against the documents in the folder ``baseline``."""
    config = make_config(_texts(inputs), str(output), baseline=str(baseline), runner=runner, options=options)
    return run_job(config, "monitor")


def _texts(inputs: Paths) -> list[str]:
    return [str(inputs)] if isinstance(inputs, str | Path) else [str(item) for item in inputs]
