"""Times and lengths of time that are none, or that no calendar holds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from engine.config import make_config
from engine.durations import parse_duration
from engine.errors import ConfigurationError
from engine.times import parse_time


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0001-01-01T00:00:00+14:00", "outside of the years 1 to 9999"),
        ("9999-12-31T23:59:59-14:00", "outside of the years 1 to 9999"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "outside of the years 1 to 9999"),
        (20260131, "not a time but a number"),
        (1769853600.5, "not a time but a number"),
        (True, "not a time but a number"),
        ("soon", "not a time; write it like"),
        ("2026-02-30", "not a time; write it like"),
        ("1" * 200, "not a time; write it like"),
    ],
)
def test_what_is_no_time_is_a_fault_of_its_key(value: Any, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        parse_time(value)
    with pytest.raises(ConfigurationError, match=f"'input.start' is .*{expected}"):
        make_config(["a"], "o", options={"input": {"start": value}})


def test_the_ends_of_the_calendar_are_times() -> None:
    assert parse_time("0001-01-01T00:00:00+00:00") == datetime(1, 1, 1, tzinfo=timezone.utc)
    assert parse_time("9999-12-31T23:59:59+14:00") == datetime(9999, 12, 31, 9, 59, 59, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text", ["99999999999d", "1e9d", "P" + "9" * 5000 + "D", "9" * 400 + "s", "PT", "P", "-", "1y", ""]
)
def test_what_is_no_length_of_time_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"longer than time goes|not a duration"):
        parse_duration(text)
