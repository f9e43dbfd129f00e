"""Which monitors there are: the built-in one and those that installed packages offer in the entry-point group ``engine.plugins``.

A plugin is an entry point whose object is a monitor class (see ``engine/monitors/base.py``). A plugin that cannot be imported is
named when it is asked for, and never stops the others.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import ValidationError

from engine.errors import ConfigurationError, PluginError
from engine.monitors.base import Monitor
from engine.monitors.data_quality import DataQualityMonitor

GROUP = "engine.plugins"


def monitor_names() -> list[str]:
    """Names of all monitors, built-in ones first."""
    return [DataQualityMonitor.name, *sorted(point.name for point in entry_points(group=GROUP))]


def load_monitor(name: str, settings: dict[str, Any] | None = None) -> Monitor:
    """Make a monitor by its name.

    Raises:
        ConfigurationError: There is no such monitor, or a setting is wrong.
        PluginError: The plugin fails to import.
    """
    cls = DataQualityMonitor if name == DataQualityMonitor.name else _load(name)
    try:
        monitor: Monitor = cls(cls.Settings(**(settings or {})))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigurationError.unknown_key(
                key, cls.Settings.model_fields, f"settings of monitor {name}"
            ) from error
        raise ConfigurationError(
            f"settings of monitor {name}: {key} is {first.get('input')!r}: {first['msg']}. Legal settings: "
            f"{', '.join(sorted(cls.Settings.model_fields))}."
        ) from error
    return monitor


def _load(name: str) -> Any:
    points: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        raise ConfigurationError.unknown_key(name, monitor_names(), "monitor")
    point = points[name]
    try:
        return point.load()
    except Exception as error:
        distribution = point.dist.name if point.dist else "unknown distribution"
        raise PluginError(f"Plugin {name!r} ({distribution}, {point.value}) fails to import: {error!r}") from error
