"""Code that others wrote (plugins, scripts, models), called so that whatever it raises ends at its edge.

A plugin that calls ``sys.exit`` must not end the job, one whose exception cannot even be printed must still be named, and one that
turns warnings into errors must do so for itself alone. Only a signal (SIGTERM, Ctrl-C) goes through.
"""

from __future__ import annotations

import dis
import re
import signal
import warnings
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType
from typing import Any, TypeVar

import numpy as np

_T = TypeVar("_T")

LONGEST = 500
"""Characters of an exception's text that are kept."""

_RAISE = dis.opmap["RAISE_VARARGS"]
_OF_FILE = re.compile(r"plugin_(.+)_[0-9a-f]{8}")
"""Modules of plugins that are files; see :class:`engine.plugin_files.PluginFile`."""


class ForeignError(Exception):
    """What foreign code raised, in one line, with the place in that code."""


def call_foreign(work: Callable[[], _T], module: str = "", through: tuple[type[BaseException], ...] = ()) -> _T:
    """Call foreign code.

    Args:
        work: Calls it. What numpy and ``warnings`` are told inside, they forget afterwards.
        module: Module of the code, of which messages name the line.
        through: Exceptions that come as they are.

    Raises:
        ForeignError: It raised anything, ``SystemExit`` and ``MemoryError`` included.
        KeyboardInterrupt: A signal came.
    """
    try:
        with warnings.catch_warnings(), np.errstate():
            return work()
    except BaseException as error:
        if isinstance(error, (ForeignError, *through)) or is_interruption(error):
            raise
        raise ForeignError(describe(error, module)) from error


def is_interruption(error: BaseException) -> bool:
    """Whether an exception comes from a signal, and not from a ``raise KeyboardInterrupt`` in the code that was called."""
    if not isinstance(error, KeyboardInterrupt):
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return True
    code = trace.tb_frame.f_code
    return code.co_code[trace.tb_lasti] != _RAISE or code in _handlers()


def _handlers() -> list[CodeType]:
    """The code of the signal handlers that are in place; Python's own for Ctrl-C is no Python code."""
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    return [handler.__code__ for handler in handlers if isinstance(handler, FunctionType)]


def describe(error: BaseException, module: str = "") -> str:
    r"""An exception as one line: its type, its text, and the line of a module's code that it came from.

    Args:
        error: Of foreign code: its ``__str__`` may raise, or give megabytes.
        module: Module of the code; empty names no line.

    >>> describe(ValueError("no  such\ncolumn"))
    'ValueError: no such column'
    """
    text = _text_of(error)
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    place = _place(error, module)
    return f"{line} ({place})" if place else line


def printable_text(value: Any) -> str:
    r"""What ``str`` gives, as a short line that any file can hold.

    >>> printable_text("a\ud800  b")
    'a\\ud800 b'
    """
    text = str(value)
    shown = " ".join(str.__getitem__(text, slice(4 * LONGEST)).split())
    shown = shown.encode("utf-8", "backslashreplace").decode("utf-8")
    return shown if len(shown) <= LONGEST and len(text) <= 4 * LONGEST else f"{shown[:LONGEST]} ..."


def _text_of(error: BaseException) -> str:
    try:
        return printable_text(error)
    except BaseException as second:
        if is_interruption(second):
            raise
        return f"its text cannot be shown, as its __str__ raises {type(second).__name__}"


def _place(error: BaseException, module: str) -> str:
    """The last line of a package that the error passed through, named alike on every machine."""
    package, trace, place = module.partition(".")[0], error.__traceback__, ""
    while trace is not None and package not in ("", "engine"):
        name = _module_of(trace.tb_frame)
        if name.partition(".")[0] == package:
            file = _OF_FILE.fullmatch(name)
            place = f"{f'{file[1]}.py' if file else name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _module_of(frame: FrameType) -> str:
    name = frame.f_globals.get("__name__")
    return name if isinstance(name, str) else ""
