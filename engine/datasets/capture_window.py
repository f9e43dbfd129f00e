"""Which captured records lie in a window, by their ``inferenceTime``."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.discovery import utc


def in_window(records: pa.Table, start: datetime | None, end: datetime | None) -> pa.Table:
    """Records with ``start <= inferenceTime < end``; one whose time cannot be parsed stays."""
    if start is None and end is None:
        return records
    times = records.column("inferenceTime")
    plain = pc.match_substring_regex(times, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
    if pc.all(pc.fill_null(plain, False)).as_py() and all(m is None or not m.microsecond for m in (start, end)):
        mask = pa.array([True] * len(records)) if start is None else pc.greater_equal(times, _stamp(start))
        return records.filter(mask if end is None else pc.and_(mask, pc.less(times, _stamp(end))))
    return records.filter(pa.array([is_inside(time, start, end) for time in times.to_pylist()], pa.bool_()))


def note_times(records: pa.Table, report: ReadReport) -> None:
    """Report the first and the last ``inferenceTime``. Those that cannot be parsed do not count."""
    times = records.column("inferenceTime").drop_null()
    if not len(times):
        return
    moments = [moment_of(text) for text in pc.min_max(times).as_py().values()]
    if None in moments or not pc.all(pc.ends_with(times, "Z")).as_py():  # only texts in UTC sort as the moments do
        moments = [moment_of(text) for text in pc.unique(times).to_pylist()]
    known = [moment for moment in moments if moment is not None]
    if known:
        report.saw_times(min(known), max(known))


def moment_of(time: str | None) -> datetime | None:
    """The moment that an ``inferenceTime`` names; None if it cannot be parsed."""
    try:
        return utc(datetime.fromisoformat((time or "").strip().replace("Z", "+00:00")))
    except (ValueError, OverflowError):  # with its offset, a time may be before the first year
        return None


def _stamp(moment: datetime) -> str:
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_inside(time: str | None, start: datetime | None, end: datetime | None) -> bool:
    """Whether a record's ``inferenceTime`` lies in a window; one that cannot be parsed does."""
    moment = moment_of(time)
    if moment is None:
        return True
    return (start is None or utc(start) <= moment) and (end is None or moment < utc(end))
