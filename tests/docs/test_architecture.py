"""The page of the architecture names files that are there, and passes them all the way."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def named() -> list[str]:
    """Files and folders in code style: ``engine/config.py``, ``engine/sinks/``, ``scan.py``."""
    return re.findall(r"`([\w./]+(?:\.py|/))`", PAGE)


def test_every_file_that_is_named_exists() -> None:
    names = {path.name for package in ("engine", "jobs", "plugins") for path in (ROOT / package).rglob("*.py")}
    missing = [name for name in named() if not ((ROOT / name).exists() or name in names)]
    assert missing == []
    assert len(named()) > 30


def test_it_is_one_page() -> None:
    assert len(PAGE.splitlines()) <= 60
