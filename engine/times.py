"""Points in time as configurations and SageMaker write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from typing import Annotated, Any

from pydantic import BeforeValidator

_STRAY_BLANKS = re.compile(r"\s*:\s*")
_FRACTION = re.compile(r"\.(\d+)")
_DATED = re.compile(r"\d{4}-\d\d-\d\d([T ].{2,40})?$", re.IGNORECASE)


def parse_time(value: Any) -> Any:
    """Read a time leniently: ISO 8601, also with blanks around colons or a date alone; UTC unless a zone is named.

    Raises:
        ValueError: It is text, but not a time; or a number, whose unit nobody can know; or outside of the years 1 to 9999.

    >>> parse_time("2019-12-01T15: 20: 00Z").isoformat()
    '2019-12-01T15:20:00+00:00'
    """
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, bool | int | float):
        raise ValueError(f"not a time but a number; write it like 2026-01-31T10:00:00Z (found {value!r})")  # noqa: TRY004
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    return value


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError(f"in UTC outside of the years 1 to 9999 (found {moment.isoformat()})") from None


def _from_text(text: str) -> datetime:
    # Python 3.10 reads neither the Z nor any number of decimals; later ones also read texts of digits alone.
    plain = _FRACTION.sub(lambda match: f".{match[1][:6]:0<6}", _STRAY_BLANKS.sub(":", text.strip()))
    plain = f"{plain[:-1]}+00:00" if plain[-1:] in ("Z", "z") else plain
    try:
        if _DATED.match(plain):
            return datetime.fromisoformat(plain)
    except ValueError:
        pass
    raise ValueError(f"not a time; write it like 2026-01-31T10:00:00Z (found {text[:80]!r})")


def written_time(moment: datetime) -> str:
    """A time in UTC as people write it, to the second.

    >>> written_time(datetime(1, 2, 3, tzinfo=timezone.utc))
    '0001-02-03T00:00:00Z'
    """
    return f"{moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0).isoformat()}Z"


UtcTime = Annotated[datetime, BeforeValidator(parse_time)]
"""A field that holds a time in UTC."""
