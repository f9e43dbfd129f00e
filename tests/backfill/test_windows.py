from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backfill.windows import HOUR, Timetable, floor
from engine.durations import in_words, parse_duration
from engine.errors import ConfigurationError

TEN = datetime(2026, 1, 31, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("15m", 15), ("1h", 60), ("1.5h", 90), ("1d", 1440), ("2w", 20160), ("PT15M", 15), ("P1DT2H", 1560), ("P1W", 10080),
     ("-PT6H", -360), ("-P8D", -11520), ("-PT2D", -2880), ("-PT0H", 0), (" 1 h ", 60)],
)  # fmt: skip
def test_durations(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "P", "PT", "1", "hour", "1y", "P1Y", "--1h", "1h30"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 15m"):
        parse_duration(text)


@given(st.integers(-(10**7), 10**7))
def test_durations_round_trip(seconds: int) -> None:
    assert parse_duration(in_words(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@given(st.integers(1, 300), st.integers(1, 5000), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_windows_follow_each_other_and_have_folders_of_their_own(minutes: int, total: int, begin: datetime) -> None:
    begin = floor(begin.replace(tzinfo=timezone.utc), timedelta(minutes=1))
    table = Timetable(begin, begin + timedelta(minutes=max(total, minutes)), timedelta(minutes=minutes))
    windows = table.windows()
    assert windows[0].start == begin
    assert all(one.end == other.start for one, other in pairwise(windows))
    assert table.end - windows[-1].end < table.every
    assert len({table.folder(window) for window in windows}) == len(windows)


def test_a_summer_time_change_changes_nothing() -> None:
    """UTC has no clock that jumps: the day of the change in Europe has 24 windows of an hour, too."""
    day = datetime(2026, 3, 29, tzinfo=timezone.utc)
    assert len(Timetable(day, day + timedelta(days=1), HOUR).windows()) == 24


def test_offsets_are_those_of_sagemaker() -> None:
    """The example of the documentation: a run on 2020-01-09T13:00 with -P8D and -P1D."""
    at = datetime(2020, 1, 9, 13, tzinfo=timezone.utc)
    table = Timetable(at - HOUR, at, HOUR, parse_duration("-P8D"), parse_duration("-P1D"))
    [window] = table.windows()
    assert str(window) == "2020-01-01 13:00 to 2020-01-08 13:00"
    assert table.folder(window) == "2020/01/09/13"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"every": timedelta(seconds=90)}, "full minutes"),
        ({"every": timedelta(days=2)}, "there are 0 windows"),
        ({"end": TEN - HOUR}, "there are 0 windows"),
        ({"begin": TEN.replace(second=1)}, "full minutes"),
        ({"start_offset": -HOUR, "end_offset": -2 * HOUR}, "not after it"),
    ],
)
def test_impossible_timetables(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        Timetable(**{"begin": TEN, "end": TEN + timedelta(days=1), "every": HOUR, **changes}).windows()
