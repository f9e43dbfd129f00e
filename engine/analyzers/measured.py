"""What a metric may give beside a bare number: a distance, its error, what explains it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
        """The number that a threshold judges."""
        chosen = self.compared if self.compared is not None else self.distance
        return chosen if chosen is not None else self.value


def measured(key: str, result: Any) -> Iterator[tuple[str, Measured]]:
    """The results of a metric by name: a mapping gives one ``key.name`` each, anything else is the metric itself.

    >>> [(name, found.value) for name, found in measured("length", {"mean": 2.5, "max": 4})]
    [('length.mean', 2.5), ('length.max', 4.0)]

    Raises:
        TypeError: A result is no number.
    """
    if isinstance(result, Mapping):
        for name, value in result.items():
            yield from measured(f"{key}.{name}", value)
    elif isinstance(result, Measured):
        yield key, result
    elif result is None:
        yield key, Measured(None, status="not_enough_data")
    else:
        yield key, _of_number(key, result)


def _of_number(key: str, result: Any) -> Measured:
    try:
        value = float(result)
    except (TypeError, ValueError):
        kind = type(result).__name__
        raise TypeError(
            f"result of {key} is a {kind}; legal: a number, None, Measured, or a mapping of these"
        ) from None
    return Measured(None if math.isnan(value) else value, status="not_enough_data" if math.isnan(value) else "ok")
