"""Which analyzers are plugins'. It is remembered: what a class or an instance says about itself, the plugin may have changed."""

from __future__ import annotations

from weakref import WeakSet

from engine.analyzers.base import Metric

_CLASSES: WeakSet[type[Metric]] = WeakSet()


def remember_plugged(cls: type[Metric]) -> None:
    """Remember that a class is a plugin's."""
    _CLASSES.add(cls)


def is_plugged(analyzer: Metric) -> bool:
    """Whether an analyzer is a plugin's, whose failure is its own."""
    return type(analyzer).spec is not None or type(analyzer) in _CLASSES
