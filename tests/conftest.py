"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.class_archive import quick_options

# Shared machines stall: a slow example is not a wrong one.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

for variable, options in quick_options().items():
    os.environ.setdefault(variable, options)

SHARED = Path(os.environ.get("MODEL_MONITOR_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data (real outputs of the closed containers); tests that need it skip without it."""
    if not (SHARED / "golden" / "INDEX.md").exists():
        pytest.skip(f"reference data is not at {SHARED}: golden tests skipped (set MODEL_MONITOR_SHARED to its folder)")
    return SHARED


def python_of(name: str) -> str:
    """The interpreter of an environment that ``make test`` makes beside the main one; the test is skipped without it."""
    root = Path(__file__).resolve().parents[1]
    found = os.environ.get(f"MODEL_MONITOR_{name.upper()}", str(root / f".venv-{name}" / "bin" / "python"))
    if not Path(found).exists():
        pytest.skip(
            f"{found} is not there: 'make .venv-{name}/.installed' makes it, or set MODEL_MONITOR_{name.upper()}"
        )
    return found
