"""Points in time as configurations and SageMaker write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from typing import Annotated, Any

from pydantic import BeforeValidator

_STRAY_BLANKS = re.compile(r"\s*:\s*")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def parse_time(value: Any) -> Any:
    """Read a time leniently: ISO 8601, also with blanks around colons or a date alone; UTC unless a zone is named.

    Raises:
        ValueError: It is text, but not a time.

    >>> parse_time("2019-12-01T15: 20: 00Z").isoformat()
    '2019-12-01T15:20:00+00:00'
    """
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    return value


def _from_text(text: str) -> datetime:
    plain = _FRACTION.sub(r"\1", _STRAY_BLANKS.sub(":", text.strip()))
    # Python 3.10 does not read the Z.
    plain = f"{plain[:-1]}+00:00" if plain[-1:] in ("Z", "z") else plain
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        raise ValueError(f"not a time; write it like 2026-01-31T10:00:00Z (found {text!r})") from None


UtcTime = Annotated[datetime, BeforeValidator(parse_time)]
"""A field that holds a time in UTC."""
