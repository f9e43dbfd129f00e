"""Lengths of time as people and SageMaker write them: ``15m``, ``1d``, ``PT1H``, ``-P8D``."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SHORT = re.compile(r"([+-]?)(\d+(?:\.\d+)?)\s*([wdhms])", re.IGNORECASE)
_ISO = re.compile(
    r"([+-]?)P(?!$)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?!$)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?(?:(?P<late_days>\d+)D)?)?",
    re.IGNORECASE,
)


def parse_duration(text: str) -> timedelta:
    """Read a duration: a number with w, d, h, m or s, or ISO 8601, either with a sign.

    Days after the ``T`` (``-PT2D``), which is not ISO 8601, are understood because AWS's documentation writes them.

    Raises:
        ValueError: It is no duration.

    >>> parse_duration("15m"), parse_duration("-PT1H30M") == parse_duration("-90m")
    (datetime.timedelta(seconds=900), True)
    """
    try:
        length = _length(text.strip())
    except (OverflowError, ValueError):  # also a number with so many digits that Python will not read it
        raise ValueError(f"longer than time goes; the longest is 999999999d (found {text[:80]!r})") from None
    if length is None:
        raise ValueError(f"not a duration; write it like 15m, 1h, 1d or PT1H (found {text[:80]!r})")
    return length


def _length(plain: str) -> timedelta | None:
    if short := _SHORT.fullmatch(plain):
        sign, number, unit = short.groups()
        return (-1 if sign == "-" else 1) * timedelta(**{_UNITS[unit.lower()]: float(number)})
    if iso := _ISO.fullmatch(plain):
        parts = {name: int(value or 0) for name, value in iso.groupdict().items()}
        parts["days"] += parts.pop("late_days")
        return (-1 if iso[1] == "-" else 1) * timedelta(**parts)
    return None


def in_words(length: timedelta) -> str:
    """A duration as :func:`parse_duration` reads it, in the largest unit that divides it.

    >>> in_words(timedelta(hours=36)), in_words(timedelta(days=-8))
    ('36h', '-8d')
    """
    seconds = round(length.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0 and seconds:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
