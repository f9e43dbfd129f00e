"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("MODEL_MONITOR_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data (real outputs of the closed containers); tests that need it skip without it."""
    if not (SHARED / "golden" / "INDEX.md").exists():
        pytest.skip(f"reference data is not at {SHARED}: golden tests skipped (set MODEL_MONITOR_SHARED to its folder)")
    return SHARED
