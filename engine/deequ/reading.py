"""What Deequ's result says, as plain values."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from engine.deequ.jvm import Jvm, optional
from engine.deequ.results import DeequMetric
from engine.deequ.strategies import reason_of
from engine.deequ.suites import Part

LONGEST = 300
"""Characters of a message that are kept."""


def errors_of(part: Part, result: Any) -> Iterator[str]:
    """Why an analyzer has no metric."""
    for metric in part.metrics(result):
        if metric.value().isFailure():
            yield reason_of(metric.value().failed().get())


def read_constraint(one: Any) -> tuple[Literal["Success", "Failure"], float | None, str, str]:
    """Status, value, message and text of a constraint."""
    metric = optional(one.metric())
    value = metric.value().get() if metric is not None and metric.value().isSuccess() else None
    number = float(value) if isinstance(value, int | float) else None
    message = _shortened(optional(one.message()) or "")
    return one.status().toString(), number, message, one.constraint().toString()


def _shortened(message: str) -> str:
    """A message without the hundreds of values of a histogram or sketch."""
    if len(message) <= LONGEST:
        return message
    shown, joint, end = message[:LONGEST], " does not meet", message.rpartition(" does not meet")[2]
    return f"{shown} ...{joint}{end}" if joint in message else f"{shown} ..."


def with_nearest(message: str, columns: Sequence[str], allowed: Sequence[str]) -> str:
    """Deequ's message; for a column that is not there with the nearest one, and all."""
    for column in columns:
        if column.strip("`").lower() not in {name.lower() for name in allowed} and "does not include column" in message:
            nearest = difflib.get_close_matches(column, allowed, n=1)
            hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
            listed = "" if "Columns: " in message else f" Columns: {', '.join(allowed)}."
            return f"{message}{hint}{listed}"
    return str(message)


def metrics_of(jvm: Jvm, result: Any) -> list[DeequMetric]:
    """All metrics of a run that are numbers."""
    # Not as JSON: Deequ's writer refuses NaN, which the correlation with a constant column is.
    found = jvm.deequ.VerificationResult.successMetricsAsDataFrame(jvm.java_session, result, jvm.seq([]))
    return [DeequMetric(m["entity"], m["instance"], m["name"], float(m["value"])) for m in jvm.frame(found).collect()]


def renamed(metric: DeequMetric, shown: Callable[[str], str]) -> DeequMetric:
    """The metric with its column as the user named it."""
    return DeequMetric(metric.entity, shown(metric.instance), metric.name, metric.value)
