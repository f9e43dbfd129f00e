"""Which metrics of plugins a job computes: those of files and classes it was given, and those that its configuration names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engine.analyzers.built_in import BUILT_IN
from engine.config_sections import MetricConfig
from engine.errors import ConfigurationError, MonitorError, PluginError
from engine.foreign_code import ForeignError, call_foreign
from engine.measurements.use import MetricUse
from engine.metrics import WHOLE, MetricFailure
from engine.plugins import Plugin, Registry


@dataclass
class ChosenMetrics:
    """The metrics to compute, and those that cannot be."""

    uses: list[MetricUse] = field(default_factory=list)
    failures: list[MetricFailure] = field(default_factory=list)


def choose(entries: Sequence[MetricConfig], registry: Registry) -> ChosenMetrics:
    """Choose metrics.

    Args:
        entries: What the configuration names.
        registry: All plugins.

    Raises:
        ConfigurationError: There is no such metric, or a setting is wrong.
        PluginError: Two metrics would have one name.
    """
    chosen = ChosenMetrics()
    for entry in entries:
        try:
            chosen.uses.append(_use(entry, registry))
        except ForeignError as error:
            chosen.failures.append(MetricFailure(entry.key or entry.name, WHOLE, "start", str(error)))
        except (ConfigurationError, PluginError) as error:
            if entry.name in registry.plugins or entry.sql is not None or not registry.failures:
                raise
            chosen.failures.append(MetricFailure(entry.name, WHOLE, "start", f"{error} Failed plugins are named below"))
    named = {entry.name for entry in entries}
    for plugin in registry.of_kind("metric"):
        if plugin.chosen and plugin.name not in named:
            try:
                chosen.uses.append(_used(plugin, key=plugin.name))
            except ForeignError as error:
                chosen.failures.append(MetricFailure(plugin.name, WHOLE, "start", str(error), plugin.origin))
    _check_names(chosen.uses)
    asked = [failure for name, failure in registry.failures.items() if name in named]
    reported = asked if not chosen.failures else list(registry.failures.values())
    chosen.failures += [MetricFailure("plugin", WHOLE, "start", text) for text in reported]
    return chosen


def _use(entry: MetricConfig, registry: Registry) -> MetricUse:
    columns = None if entry.columns is None else tuple(entry.columns)
    if entry.sql is None:
        plugin = registry.metric(entry.name)
    elif entry.name in registry.plugins:
        taken = registry.plugins[entry.name].origin
        raise PluginError(f"metric {entry.name!r} with sql: the name is taken by {taken}. Choose another one.")
    elif entry.settings or columns is not None:
        raise ConfigurationError(f"metric {entry.name!r}: 'settings' and 'columns' have no meaning beside 'sql'.")
    else:
        from engine.analyzers.sql_metric import SqlMetric

        plugin = Plugin(entry.name, "metric", SqlMetric, "sql in the configuration")
    settings = entry.settings if entry.sql is None else {"sql": entry.sql}
    return _used(
        plugin, key=entry.key or entry.name, settings=settings, columns=columns, threshold=entry.threshold,
        worse=entry.worse, learn=entry.learn,
    )  # fmt: skip


def _used(plugin: Plugin, **chosen: Any) -> MetricUse:
    """The use of a metric.

    Raises:
        ForeignError: Its class raises when its settings are looked at.
    """
    use = partial(MetricUse, plugin.cls, origin=plugin.origin, **chosen)
    return call_foreign(use, plugin.cls.__module__, through=(MonitorError,))


def _check_names(uses: Sequence[MetricUse]) -> None:
    seen: dict[str, MetricUse] = {}
    for use in uses:
        if use.key in BUILT_IN:
            raise PluginError(
                f"metric {use.key!r} ({use.origin}): the name belongs to the engine's own analyzer. Taken are "
                f"{', '.join(BUILT_IN)}. Give it another name, or another 'key' under 'metrics'."
            )
        other = seen.setdefault(use.key, use)
        if other is not use and (other.metric is not use.metric or use.of_dataset):
            raise PluginError(
                f"two metrics have the name {use.key!r} ({other.origin}; {use.origin}). Give one of them another 'key'."
            )
