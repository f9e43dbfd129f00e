from __future__ import annotations

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from engine.execution.spark_worker import keep_zip_directories


def packed(path: Path, module: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{module}.py", "VALUE = 1")


def test_known_zips_are_not_read_again_and_new_ones_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed(tmp_path / "one.zip", "of_zip_one")
    monkeypatch.syspath_prepend(str(tmp_path / "one.zip"))
    assert importlib.import_module("of_zip_one").VALUE == 1
    keep_zip_directories()
    finder: Any = sys.path_importer_cache[str(tmp_path / "one.zip")]
    known = finder._files
    importlib.invalidate_caches()  # reads the directory into a new mapping
    assert finder._files is known
    packed(tmp_path / "two.zip", "of_zip_two")
    monkeypatch.syspath_prepend(str(tmp_path / "two.zip"))
    assert importlib.import_module("of_zip_two").VALUE == 1


FREEZING = """
import gc
from engine.execution.spark_worker import keep_modules
keep_modules()
first = gc.get_freeze_count()
keep_modules()
assert gc.get_freeze_count() == first
import wsgiref.handlers
keep_modules()
assert gc.get_freeze_count() > first > 0
"""


def test_what_modules_hold_is_set_aside_once_and_again_after_new_imports() -> None:
    subprocess.run([sys.executable, "-c", FREEZING], check=True)
