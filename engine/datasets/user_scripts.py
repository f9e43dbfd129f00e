"""Scripts that users bring: loaded once a process, and blamed with their own traceback."""

from __future__ import annotations

import inspect
import linecache
import logging
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from engine.errors import UserScriptError
from engine.filesystems import read_text
from engine.foreign_code import describe, is_interruption

RAISED = BaseException
"""What a script may raise. One that exits must not end the job, still less as a success."""


MOST_TEXT = 10_000
"""Characters of an exception that are shown as they are."""


@dataclass(frozen=True)
class UserScript:
    """A script as text, so that it reaches tasks on other machines.

    Attributes:
        path: Where it was read.
        source: Its text.
        kind: ``preprocessor`` or ``postprocessor``, as errors call it.
    """

    path: str
    source: str
    kind: str = "preprocessor"

    @classmethod
    def read(cls, path: str, kind: str = "preprocessor") -> UserScript:
        """Read a script from a path or URI.

        Raises:
            UserScriptError: There is no such file.
        """
        try:
            return cls(path, read_text(path), kind)
        except (OSError, UnicodeDecodeError) as error:
            raise UserScriptError(f"The {kind} script {path} cannot be read: {error}. Name a Python file.") from error

    def function(self, name: str) -> Callable[..., Any]:
        """A function of the script.

        Raises:
            UserScriptError: The script fails to load, or has no such function.
        """
        found = getattr(_load(self), name, None)
        if not callable(found):
            raise UserScriptError(f"The {self.kind} script {self.path} must define a function {name!r}; it has none.")
        return found  # type: ignore[no-any-return]

    def error(self, error: BaseException, where: str = "") -> UserScriptError:
        """The error to raise for what the script raised: type, text, where, and the frames of the script alone.

        Raises:
            KeyboardInterrupt: It was a signal.
        """
        if is_interruption(error):
            raise error
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename == self.path]
        trace = "".join(traceback.format_list(own))
        what = _what(error)
        text = f"Exception while invoking {self.kind} script: {what}{where}"
        return UserScriptError(f"{text}\nIn the script {self.path}:\n{trace}{what}")


def _what(error: BaseException) -> str:
    """Type and text, line for line; in one line where they cannot be written or are very long."""
    try:
        text = str(error)
        text.encode("utf-8")
    except BaseException as second:  # the script's own __str__
        if is_interruption(second):
            raise
        return describe(error)
    return f"{type(error).__name__}: {text}" if len(text) < MOST_TEXT else describe(error)


@lru_cache(maxsize=16)
def _load(script: UserScript) -> ModuleType:
    module = ModuleType(Path(script.path).stem)
    module.__file__ = script.path
    linecache.cache[script.path] = (len(script.source), None, script.source.splitlines(keepends=True), script.path)
    folder = str(Path(script.path).parent)
    if "://" not in script.path and folder not in sys.path:  # a script may import its neighbours
        sys.path.append(folder)
    try:
        exec(compile(script.source, script.path, "exec"), module.__dict__)  # noqa: S102 - this is what a script is for
    except RAISED as error:
        raise script.error(error, " (while it was loaded)") from error
    return module


def takes_logger(function: Callable[..., Any]) -> bool:
    """Whether a handler takes a second positional argument."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return len(positional) >= 2 or any(p.kind == p.VAR_POSITIONAL for p in parameters)


def script_logger() -> logging.Logger:
    """The logger that handlers get; it writes to standard error, where the platforms' logs come from."""
    logger = logging.getLogger("model-monitor.script")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    return logger
