"""Folders that last as long as the process, and no longer."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path


def folder_until_exit() -> Path:
    """A new folder that is removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="model-monitor-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
