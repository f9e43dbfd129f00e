"""SageMaker's schedule expressions: how often they fire, and the same for cron."""

from __future__ import annotations

import re
from datetime import timedelta

_CRON = re.compile(r"cron\(\s*(.*?)\s*\)", re.IGNORECASE)
_EVERY = re.compile(r"(?:(\d+)(?:-23)?|\*)/(\d+)")
HOURS_A_DAY = 24


def _parts(expression: str | None) -> list[str] | None:
    """Minutes, hours, days, months, weekdays, years."""
    found = _CRON.fullmatch((expression or "").strip())
    parts = found[1].split() if found else []
    return parts if len(parts) == 6 else None


def period_of(expression: str | None) -> timedelta | None:
    """Time between executions; None where it is not an hour, some hours or a day.

    >>> period_of("cron(0 * ? * * *)"), period_of("cron(0 0/6 ? * * *)"), period_of("cron(30 5 ? * * *)")
    (datetime.timedelta(seconds=3600), datetime.timedelta(seconds=21600), datetime.timedelta(days=1))
    """
    parts = _parts(expression)
    if parts is None or not parts[0].isdigit() or any(part not in ("*", "?") for part in parts[2:]):
        return None
    hours = parts[1]
    if hours == "*":
        return timedelta(hours=1)
    if every := _EVERY.fullmatch(hours):
        return timedelta(hours=int(every[2]))
    return timedelta(days=1) if hours.isdigit() else None


def crontab_of(expression: str | None) -> str | None:
    """The five fields of a crontab line (UTC); None where cron has no words for it.

    >>> crontab_of("cron(0 * ? * * *)"), crontab_of("cron(30 17/6 ? * * *)"), crontab_of("cron(0 0 ? * 2 *)")
    ('0 * * * *', '30 5,11,17,23 * * *', None)
    """
    parts = _parts(expression)
    if parts is None or period_of(expression) is None:
        return None
    return f"{parts[0]} {_hours(parts[1])} * * *"


def scheduler_expression(expression: str) -> str:
    """The same for EventBridge Scheduler, which takes ``17/6`` for 17 and 23 o'clock, and not for all hours round the clock.

    >>> scheduler_expression("cron(0 17/6 ? * * *)"), scheduler_expression("cron(0 8 ? * MON-FRI *)")
    ('cron(0 5,11,17,23 ? * * *)', 'cron(0 8 ? * MON-FRI *)')
    """
    parts = _parts(expression)
    return expression if parts is None else f"cron({' '.join([parts[0], _hours(parts[1]), *parts[2:]])})"


def _hours(text: str) -> str:
    """Every few hours as a list of hours."""
    every = _EVERY.fullmatch(text)
    if every is None:
        return text
    first, step = int(every[1] or 0), max(int(every[2]), 1)
    return ",".join(map(str, sorted({(first + hour) % HOURS_A_DAY for hour in range(0, HOURS_A_DAY, step)})))
