"""Cuts a period into windows, and the configuration into one for each."""

from __future__ import annotations

from dataclasses import dataclass

from engine.backfill.inputs import WindowedInput
from engine.backfill.windows import Timetable, Window
from engine.chosen_metrics import choose
from engine.config import Config
from engine.errors import ConfigurationError
from engine.plugins import discover
from engine.s3.settings import use_s3


@dataclass(frozen=True)
class WindowTask:
    """One window to be done; sent to another process.

    Attributes:
        window: Which.
        config: The configuration of its job.
        files: Fingerprint of its files.
        redo: Whether to do it again when it is complete.
    """

    window: Window
    config: Config
    files: str
    redo: bool = False


def plan_backfill(config: Config, timetable: Timetable, *, redo: bool = False) -> list[WindowTask]:
    """Cut the period into windows, and the configuration into one for each.

    Args:
        config: As for one run; ``input.start`` and ``input.end`` must be left out.
        timetable: The period and its windows.
        redo: Do complete windows again.

    Raises:
        ConfigurationError: The period makes no windows, or the records cannot be told apart by them.
        NoDataError: The whole period has no files.
        PluginError: A file of plugins cannot be loaded.
    """
    if config.baseline is None:
        raise ConfigurationError("A backfill needs a baseline: give --baseline DIR, or baseline in the configuration.")
    if config.input.start or config.input.end:
        raise ConfigurationError(
            "input.start and input.end of the configuration: leave them out, each window has its own."
        )
    use_s3(config.s3)
    choose(
        config.metrics, discover(config.plugins.files)
    )  # what no window could load is said once, before any is begun
    windows = timetable.windows()
    source = WindowedInput(config, windows)
    tasks = []
    for window in windows:
        paths = source.paths(window)
        folder = "/".join([*_place(config), timetable.folder(window)])
        own = _configured(config, window, folder, source, paths)
        tasks.append(WindowTask(window, own, source.fingerprint(window), redo))
    return tasks


def _place(config: Config) -> list[str]:
    """Above the hours: output, endpoint, schedule, as far as they have names."""
    named = (config.cloudwatch.endpoint, config.cloudwatch.schedule)
    return [config.output.rstrip("/"), *(name for name in named if name)]


def _configured(config: Config, window: Window, folder: str, source: WindowedInput, paths: list[str]) -> Config:
    given = {"paths": paths, "start": window.start, "end": window.end, "window_filter": source.filter}
    metrics = config.cloudwatch.metrics_dir
    sent = {"metric_time": window.start, "metrics_dir": metrics and f"{metrics.rstrip('/')}/{window.at:%Y-%m-%dT%H%M}"}
    updates = {
        "input": config.input.model_copy(update=given),
        "output": folder,
        "cloudwatch": config.cloudwatch.model_copy(update=sent),
        "message_file": None,
    }
    return config.model_copy(update=updates)
