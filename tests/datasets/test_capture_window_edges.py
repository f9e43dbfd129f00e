"""Times at the ends of the calendar are data, not defects."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from engine.datasets.capture_window import is_inside
from engine.datasets.discovery import discover

START = datetime(2026, 1, 31, 10, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "not a time", "", None])
def test_is_inside_time_that_is_none_stays(time: str | None) -> None:
    assert is_inside(time, START, None)


@pytest.mark.parametrize(
    ("hour", "start", "kept"),
    [
        ("9999/12/31/23", START, True),
        ("0001/01/01/00", START, False),
        ("2026/01/31/10", START, True),
        ("2026/01/31/09", START, False),
        ("2026/01/31/10", START.replace(minute=0), True),
        ("0001/01/01/00", datetime(1, 1, 1, tzinfo=timezone.utc), True),
    ],
)
def test_discover_hour_folder_is_kept_by_its_overlap(tmp_path: Path, hour: str, start: datetime, kept: bool) -> None:
    for folder in (hour, "2026/02/01/00"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.jsonl").write_text("{}\n")
    files = discover([str(tmp_path)], start, None, "folder")
    assert any(hour in file.uri for file in files) == kept
