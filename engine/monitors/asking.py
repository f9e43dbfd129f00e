"""Questions to a monitor of a third party: what it raises names it, and is no defect of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.errors import MonitorError, PluginError
from engine.foreign_code import ForeignError, call_foreign
from engine.monitors.base import Monitor

_T = TypeVar("_T")
_OURS = ("engine", "plugins")


def ask(monitor: Monitor, question: Callable[[], _T]) -> _T:
    """The answer of a monitor.

    Args:
        monitor: Which.
        question: Calls one of its methods.

    Raises:
        PluginError: A monitor that is none of ours raised.
    """
    module = type(monitor).__module__
    if module.partition(".")[0] in _OURS:
        return question()
    try:
        return call_foreign(question, module, through=(MonitorError,))
    except ForeignError as error:
        raise PluginError(f"monitor {monitor.name!r} failed: {error}") from error
