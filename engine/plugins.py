"""Which metrics, monitors and actions there are, and where they come from.

They come from installed packages (entry points of the group ``engine.plugins``), from files that the user names, or from a call in
Python. An entry point names a metric, a monitor, or a module of them. An installed plugin that cannot be imported is named, and
never stops the others. A file that cannot be loaded, and two plugins that claim one name, are errors at the start.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Literal

from pydantic import ValidationError

from engine.actions.base import Action
from engine.analyzers.base import Metric
from engine.analyzers.metric import check_declaration
from engine.config_errors import explain_settings
from engine.errors import ConfigurationError, MonitorError, PluginError
from engine.foreign_code import ForeignError, call_foreign
from engine.monitors.base import Monitor
from engine.monitors.data_quality import DataQualityMonitor
from engine.plugin_files import PluginFile

GROUP = "engine.plugins"

PluginKind = Literal["metric", "monitor", "action"]
_BASES: dict[PluginKind, type[Any]] = {"metric": Metric, "monitor": Monitor, "action": Action}

_BUNDLED: dict[str, str] = {}


@dataclass(frozen=True)
class Plugin:
    """A metric, monitor or action.

    Attributes:
        name: Its name, unique among all.
        kind: What it is.
        cls: The class.
        origin: Distribution and version, file, or ``engine``.
        chosen: Whether it runs without being named: the user named its file, or gave the class.
    """

    name: str
    kind: PluginKind
    cls: Any
    origin: str
    chosen: bool = False


@dataclass
class Registry:
    """All plugins by name, those that failed to load, and the files that executors need."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    files: list[PluginFile] = field(default_factory=list)

    def add(self, cls: Any, origin: str, *, chosen: bool = False) -> None:
        """Add a metric, monitor or action.

        Raises:
            PluginError: Its declaration is nonsense, or its name is taken.
        """
        kind = next(kind for kind, base in _BASES.items() if issubclass(cls, base))
        if kind == "metric":
            check_declaration(cls)
        taken = self.plugins.get(cls.name)
        if taken is not None and taken.cls is not cls:
            raise PluginError(
                f"two plugins are named {cls.name!r}: {taken.origin} ({taken.cls.__qualname__}) and {origin} "
                f"({cls.__qualname__}). Give one another name, or leave one out."
            )
        if taken is None or chosen:
            self.plugins[cls.name] = Plugin(cls.name, kind, cls, origin, chosen)

    def metric(self, name: str) -> Plugin:
        """A metric by its name.

        Raises:
            ConfigurationError: There is none.
            PluginError: It is offered by a plugin that fails to import.
        """
        return self._named(name, "metric")

    def of_kind(self, kind: str) -> list[Plugin]:
        """All of a kind, in the order of their names."""
        return [self.plugins[name] for name in sorted(self.plugins) if self.plugins[name].kind == kind]

    def monitor(self, name: str, settings: Mapping[str, Any] | None = None) -> Monitor:
        """Make a monitor by its name.

        Raises:
            ConfigurationError: There is no such monitor, or a setting is wrong.
            PluginError: The plugin fails to import.
        """
        return self._made(name, "monitor", settings)  # type: ignore[no-any-return]

    def action(self, name: str, settings: Mapping[str, Any] | None = None) -> Action:
        """Make an action by its name.

        Raises:
            ConfigurationError: There is no such action, or a setting is wrong.
            PluginError: The plugin fails to import.
        """
        return self._made(name, "action", settings)  # type: ignore[no-any-return]

    def _made(self, name: str, kind: PluginKind, settings: Mapping[str, Any] | None) -> Any:
        cls = self._named(name, kind).cls
        try:
            return call_foreign(
                lambda: cls(cls.Settings.model_validate(dict(settings or {}))),
                cls.__module__,
                through=(ValidationError, MonitorError),
            )
        except ForeignError as error:
            raise PluginError(f"{kind} {name!r} ({self.plugins[name].origin}) cannot be made: {error}") from error
        except ValidationError as error:
            raise explain_settings(error, cls.Settings, f"{kind} {name}") from error

    def _named(self, name: str, kind: str) -> Plugin:
        found = self.plugins.get(name)
        if found is not None and found.kind == kind:
            return found
        if name in self.failures:
            raise PluginError(self.failures[name])
        raise ConfigurationError.unknown_name(kind, name, [plugin.name for plugin in self.of_kind(kind)])


def bundle(points: Mapping[str, str]) -> None:
    """Name the plugins that come with the jobs, for places where nothing is installed (a zip given to spark-submit).

    Args:
        points: Modules by name of the plugin.
    """
    _BUNDLED.update(points)


def discover(files: Iterable[str] = (), classes: Iterable[Any] = ()) -> Registry:
    """Find all plugins.

    Args:
        files: Python files, local or ``s3://``.
        classes: Metrics given in Python.

    Raises:
        PluginError: Two plugins claim one name, or a file cannot be loaded: whoever names a file wants what is in it.
    """
    registry = Registry()
    registry.add(DataQualityMonitor, "engine")
    for name, origin, load in _entry_points():
        _load(registry, name, origin, load)
    _load_files(registry, files)
    for cls in classes:
        registry.add(cls, f"Python, module {cls.__module__}", chosen=True)
    return registry


def _entry_points() -> Iterator[tuple[str, str, Any]]:
    found = {}
    for point in entry_points(group=GROUP):
        distribution = f"{point.dist.name} {point.dist.version}" if point.dist else "unknown distribution"
        found[point.name] = (f"{distribution}, {point.value}", point.load)
    for name, module in _BUNDLED.items():
        found.setdefault(name, (f"bundled, {module}", partial(import_module, module)))
    for name in sorted(found):
        yield name, *found[name]


def _load_files(registry: Registry, uris: Iterable[str]) -> None:
    wrong = []
    for uri in uris:
        try:
            file = PluginFile.read(uri)
            registry.files.append(file)
            for cls in _classes(file.load(), f"plugin {uri}: "):
                registry.add(cls, f"file {uri}", chosen=True)
        except PluginError as error:
            wrong.append(str(error))
    if wrong:
        raise PluginError("\n".join(wrong))


def _load(registry: Registry, name: str, origin: str, load: Any) -> None:
    try:
        classes = _classes(call_foreign(load, through=(PluginError,)))
    except (ForeignError, PluginError) as error:
        reason = f"it fails to import: {error}" if isinstance(error, ForeignError) else str(error)
        registry.failures[name] = f"plugin {name!r} ({origin}): {reason}"
        return
    for cls in classes:
        registry.add(cls, origin)


def _classes(found: Any, where: str = "") -> list[Any]:
    classes = list(_classes_of(found)) if isinstance(found, ModuleType) else [found]
    if not classes:
        raise PluginError(f"{where}it holds no metric, monitor or action: put @metric(...) before a class")
    wrong = [cls for cls in classes if not (inspect.isclass(cls) and issubclass(cls, tuple(_BASES.values())))]
    if wrong:
        raise PluginError(f"{where}it is {wrong[0]!r}; allowed: a metric, a monitor, an action, or a module of them")
    return classes


def _classes_of(module: ModuleType) -> Iterator[Any]:
    """Metrics, monitors and actions that a module defines, or names in ``__all__``."""
    public = getattr(module, "__all__", None)
    for name, value in vars(module).items():
        if not inspect.isclass(value) or inspect.isabstract(value):
            continue
        here = name in public if public is not None else value.__module__ == module.__name__
        declared = issubclass(value, Metric) and value.spec is not None
        if here and (declared or issubclass(value, Monitor | Action)):
            yield value
