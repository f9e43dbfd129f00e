"""The environment variables of the ground truth merger's container."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.config_sections import RunnerConfig
from engine.errors import ConfigurationError
from engine.ground_truth.merging import MergeSettings
from engine.times import parse_time
from jobs.container_environment import Container


def is_merge(container: Container) -> bool:
    """Whether the variables are those of the merger: only it has a source of ground truth."""
    return bool(container.variables.get("ground_truth_source"))


def merge_settings(container: Container) -> MergeSettings:
    """What to merge.

    Raises:
        ConfigurationError: A variable is missing or wrong.
    """
    found = {name: (value or "").strip() or None for name, value in container.variables.items()}
    missing = [name for name in ("dataset_source", "ground_truth_source", "output_path") if not found.get(name)]
    if missing:
        raise ConfigurationError(f"Environment variable {missing[0]} is not set; the merge job needs it.")
    window = (_time(found, "start_time"), _time(found, "end_time"))
    runner = {"kind": (found.get("MONITOR_RUNNER") or "spark").lower(), "master": found.get("MONITOR_MASTER")}
    if runner["kind"] not in ("spark", "inline"):
        raise ConfigurationError(
            f"The environment variable MONITOR_RUNNER is {runner['kind']!r}; allowed: spark and inline."
        )
    places = [str(found[name]) for name in ("dataset_source", "ground_truth_source", "output_path")]
    return MergeSettings((places[0],), (places[1],), places[2], None, *window, RunnerConfig.model_validate(runner))


def _time(variables: Mapping[str, str | None], name: str) -> datetime | None:
    try:
        moment: datetime | None = parse_time(variables.get(name))
    except ValueError as error:
        raise ConfigurationError(f"The environment variable {name} is {error}.") from None
    return moment
