"""Lets Spark's workers read the directories of zips once, and not before each task.

A worker of Spark's has Python forget what lies on its path of imports whenever a task begins. For folders that costs nothing. The
directory of a zip Python reads again at once, and again for each package that it was asked for: with Spark's own zip up to 0.3
seconds of each task, as long as the task's work. Zips on a worker's path never change: Spark gives new contents a new name.
"""

from __future__ import annotations

import sys
from zipimport import zipimporter


def keep_zip_directories() -> None:
    """Let the zips that this process has imported from so far be left alone by ``importlib.invalidate_caches``."""
    for finder in sys.path_importer_cache.values():
        if isinstance(finder, zipimporter):
            finder.invalidate_caches = _unchanged  # type: ignore[method-assign]


def _unchanged() -> None:
    """There is nothing to forget."""
