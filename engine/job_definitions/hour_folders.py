"""The folders that hold a window: those of its hours, or larger ones where a processing job cannot have so many inputs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.backfill.windows import HOUR, floor

UNITS = {"hour": "%Y/%m/%d/%H", "day": "%Y/%m/%d", "month": "%Y/%m"}
"""Folders that can be mounted, the smallest first."""


def folders(unit: str, start: datetime, end: datetime) -> list[str]:
    """The folders between two times.

    >>> folders("day", datetime.fromisoformat("2026-01-31T22:00+00:00"), datetime.fromisoformat("2026-02-01T02:00+00:00"))
    ['2026/01/31', '2026/02/01']
    """
    hours = -(-(end - floor(start, HOUR)) // HOUR)
    return list(dict.fromkeys(f"{floor(start, HOUR) + number * HOUR:{UNITS[unit]}}" for number in range(hours)))


def unit_of(lengths: Sequence[timedelta], room: int) -> str:
    """The smallest folders of which the lengths need no more than there is room for, wherever they begin."""
    spans = {"hour": timedelta(hours=1), "day": timedelta(days=1), "month": timedelta(days=28)}
    for unit, span in spans.items():
        # One more than fit into the length: a window may begin within a folder.
        if sum(-(-length // span) + 1 for length in lengths) <= room:
            return unit
    return "month"
