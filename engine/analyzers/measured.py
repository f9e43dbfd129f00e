"""What a metric may give beside a bare number: a distance, its error, what explains it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

Status = Literal["ok", "violation", "measured", "not_enough_data", "not_computed", "no_baseline", "failed"]
"""What became of a result; ``docs/reference/metrics-table.md`` explains each."""


@dataclass(frozen=True)
class Measured:
    """One result of a metric.

    Attributes:
        value: The metric; None where it is not defined.
        baseline: The same of the baseline, where the metric knows it.
        distance: How far the two are apart, where that is the point of the metric.
        compared: What is held against the threshold; None takes the distance, else the value.
        p_value: Of a test that both come from one distribution.
        error: Bound on the error of the value or distance (sampling and sketch).
        lower: Lower end of a confidence interval.
        upper: Upper end of a confidence interval.
        status: ``ok``; ``not_enough_data``; ``not_computed``, with the reason in ``detail``; or ``no_baseline`` for a comparison
            without one. The engine finds the others.
        explanation: Sentences for the description of a violation, the weightiest first.
        detail: Anything JSON can hold, kept in the table ``metrics.parquet``.
    """

    value: float | None
    baseline: float | None = None
    distance: float | None = None
    compared: float | None = None
    p_value: float | None = None
    error: float | None = None
    lower: float | None = None
    upper: float | None = None
    status: Status = "ok"
    explanation: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def alarming(self) -> float | None:
        """The number that a threshold judges; None where there is none (NaN is none)."""
        numbers = (number for number in (self.compared, self.distance, self.value) if number is not None)
        first = next(numbers, None)
        return None if first is None or math.isnan(first) else first


def measured(key: str, result: Any) -> Iterator[tuple[str, Measured]]:
    """The results of a metric by name: a mapping gives one ``key.name`` each, anything else is the metric itself.

    >>> [(name, found.value) for name, found in measured("length", {"mean": 2.5, "max": 4})]
    [('length.mean', 2.5), ('length.max', 4.0)]

    Raises:
        TypeError: A result is no number, or holds what no file can.
    """
    if isinstance(result, Mapping):
        for name, value in result.items():
            yield from measured(f"{key}.{_checked_name(key, name)}", value)
    elif isinstance(result, Measured):
        yield key, _checked(key, result)
    else:
        value = _number(key, result)
        yield key, Measured(value, status="not_enough_data" if value is None else "ok")


def written_text(text: str) -> str:
    r"""A text that any file can hold: half a surrogate pair is written as its escape.

    >>> written_text("\ud800!")
    '\\ud800!'
    """
    return str(text).encode("utf-8", "backslashreplace").decode("utf-8")


def _checked_name(key: str, name: Any) -> str:
    text = str(name)
    if written_text(text) != text or name != name:  # noqa: PLR0124 - NaN is a name of nothing
        raise ValueError(f"a result of {key} has the name {name!r}; allowed: a text of valid Unicode")
    return text


_NUMBERS = ("value", "baseline", "distance", "compared", "p_value", "error", "lower", "upper")


def _checked(key: str, found: Measured) -> Measured:
    """The result with plain numbers and texts in it."""
    numbers = {name: _number(f"{key}, {name}", getattr(found, name)) for name in _NUMBERS}
    if found.status not in get_args(Status):
        raise ValueError(f"status of {key} is {found.status!r}; allowed: {', '.join(get_args(Status))}")
    said: Any = found.explanation
    sentences = (said,) if isinstance(said, str) else said
    try:
        text = json.dumps(dict(found.detail), default=_plain, ensure_ascii=False)
        detail = json.loads(_SURROGATE.sub(lambda half: f"\\\\u{ord(half[0]):04x}", text))
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"detail of {key} cannot be written as JSON: {error}") from error
    none = found.value is not None and numbers["value"] is None  # NaN
    status: Status = "not_enough_data" if none and found.status == "ok" else found.status
    return replace(
        found, **numbers, status=status, explanation=tuple(written_text(s) for s in sentences), detail=detail
    )


_SURROGATE = re.compile("[\ud800-\udfff]")


def _plain(value: Any) -> Any:
    """A value of numpy or Arrow as JSON has it; anything else as text."""
    for method in ("tolist", "as_py"):
        if hasattr(value, method):
            return getattr(value, method)()
    return written_text(str(value))


def _number(key: str, result: Any) -> float | None:
    """A number of any kind as float; None for NaN."""
    plain = result.as_py() if hasattr(result, "as_py") else result
    if plain is None:
        return None
    try:
        value = None if isinstance(plain, str | bytes) else float(plain)
    except (TypeError, ValueError):
        value = None
    except OverflowError:
        raise ValueError(f"result of {key} is beyond the largest float, 1.8e308") from None
    if value is None:
        kind = type(result).__name__
        raise TypeError(f"result of {key} is a {kind}; allowed: a number, None, Measured, or a mapping of these")
    return None if math.isnan(value) else value
