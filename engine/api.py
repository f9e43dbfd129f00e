"""The two jobs as Python functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.config import make_config
from engine.pipeline import JobResult, run_job

Paths = str | Path | Sequence[str | Path]
Metrics = type[Any] | str | Mapping[str, Any]


def baseline(
    inputs: Paths, *, output: str | Path, runner: str = "spark", metrics: Sequence[Metrics] = (), **options: Any
) -> JobResult:
    """Analyse a dataset and suggest constraints.

    Args:
        inputs: File, folder, glob or several of them; local or ``s3://``.
        output: Folder for ``statistics.json`` and ``constraints.json``.
        runner: ``spark`` or ``inline``.
        metrics: Metrics beside the monitor's own: classes, or names or mappings as in the configuration.
        options: Other keys of the configuration, for example ``input={"format": "csv"}``.

    Returns:
        What was found and where it is written.
    """
    classes, options = _metrics(metrics, options)
    config = make_config(_texts(inputs), str(output), runner=runner, options=options)
    return run_job(config, "baseline", metrics=classes)


def monitor(
    inputs: Paths,
    *,
    baseline: str | Path | Mapping[str, str | Path],
    output: str | Path,
    runner: str = "spark",
    metrics: Sequence[Metrics] = (),
    **options: Any,
) -> JobResult:
    """Analyse a dataset and verify it against a baseline.

    Args:
        inputs: As for :func:`baseline`.
        baseline: Folder of the baseline's documents, or ``{"statistics": path, "constraints": path}``.
        output: Folder for the documents, ``constraint_violations.json`` among them.
        runner: ``spark`` or ``inline``.
        metrics: Metrics beside the monitor's own: classes, or names or mappings as in the configuration.
        options: Other keys of the configuration.

    Returns:
        What was found; ``violations`` holds what does not meet the baseline.
    """
    classes, options = _metrics(metrics, options)
    config = make_config(_texts(inputs), str(output), baseline=_location(baseline), runner=runner, options=options)
    return run_job(config, "monitor", metrics=classes)


def _texts(inputs: Paths) -> list[str]:
    return [str(inputs)] if isinstance(inputs, str | Path) else [str(item) for item in inputs]


def _location(baseline: str | Path | Mapping[str, str | Path]) -> str | dict[str, str]:
    if isinstance(baseline, Mapping):
        return {key: str(value) for key, value in baseline.items()}
    return str(baseline)


def _metrics(metrics: Sequence[Metrics], options: Mapping[str, Any]) -> tuple[list[type[Any]], dict[str, Any]]:
    """Classes, and the options with all others under ``metrics``."""
    classes = [item for item in metrics if isinstance(item, type)]
    named = [item for item in metrics if not isinstance(item, type)]
    return classes, {**options, **({"metrics": named} if named else {})}
