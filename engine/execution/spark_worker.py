"""What a Python worker of Spark's that serves many tasks need not do again before each of them.

Around every task, a worker has Python forget what lies on its path of imports, and look for garbage among all its objects. For a
process with our libraries that takes as long as a third of a task's work, and finds nothing: zips on a worker's path never change
(Spark gives new contents a new name), and what modules hold is no garbage.
"""

from __future__ import annotations

import gc
import sys
from zipimport import zipimporter

_settled = 0
"""How many modules there were when the collector was last told to leave alone what they hold."""


def settle() -> None:
    """Call after a task: let the next find the worker ready."""
    keep_zip_directories()
    keep_modules()


def keep_zip_directories() -> None:
    """Let the zips that this process has imported from so far be left alone by ``importlib.invalidate_caches``.

    Python reads a zip's directory again at once, and again for each package that the zip was asked for.
    """
    for finder in sys.path_importer_cache.values():
        if isinstance(finder, zipimporter):
            finder.invalidate_caches = _unchanged  # type: ignore[method-assign]


def keep_modules() -> None:
    """Let the garbage collector pass by what modules hold, if any was imported since the last call."""
    global _settled  # noqa: PLW0603 - it is the process that has modules
    if len(sys.modules) > _settled:
        _settled = len(sys.modules)
        gc.collect()
        gc.freeze()


def _unchanged() -> None:
    """There is nothing to forget."""
