"""The checks of a column as verdicts: what was measured, against which bound, and what became of it, broken or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.analyzers.measured import Status
from engine.constraints.column_data import ColumnData
from engine.constraints.content_checks import check_completeness, check_domain, check_non_negative, domain_match
from engine.constraints.drift_check import drift_of, drift_violation, why_no_drift
from engine.constraints.type_check import check_type, type_match
from engine.documents.violations import Violation


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        check: Its name, the ``constraint_check_type`` of violations.
        metric: Name of what it measures, in the table of results.
        value: What was measured; None where nothing could be.
        threshold: The bound.
        status: ``ok`` or ``violation``, or why there is no verdict.
        distance: The value, where it is a distance from the baseline.
        violation: The entry of ``constraint_violations.json``, if the constraint is broken.
        detail: What else is worth knowing.
    """

    check: str
    metric: str
    value: float | None
    threshold: float
    status: Status
    distance: float | None = None
    violation: Violation | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def outcomes_of(column: ColumnData) -> Iterator[Outcome]:
    """What became of each constraint on a column, in the order in which violations are reported."""
    for judge in _CHECKS:
        outcome = judge(column)
        if outcome is not None:
            yield outcome


def _of_type(column: ColumnData) -> Outcome | None:
    expected = column.constraints.inferred_type
    if expected in (None, "Unknown"):
        return None
    value, violation = type_match(column), check_type(column)
    bound, status = column.switches.datatype_threshold, _status(value, violation)
    return Outcome("data_type_check", "data_type_match", value, bound, status, None, violation, {"expected": expected})


def _of_completeness(column: ColumnData) -> Outcome | None:
    required, counts = column.constraints.completeness, column.metrics.get("completeness")
    if required is None or counts is None:
        return None
    rows, violation = counts.num_present + counts.num_missing, check_completeness(column)
    value = counts.num_present / rows if rows else None
    return Outcome("completeness_check", "completeness", value, required, _status(value, violation), None, violation)


def _of_domain(column: ColumnData) -> Outcome | None:
    if column.constraints.domains is None:
        return None
    value, violation = domain_match(column), check_domain(column)
    bound, status = column.switches.domain_threshold, _status(value, violation)
    return Outcome("categorical_values_check", "domain_match", value, bound, status, None, violation)


def _of_drift(column: ColumnData) -> Outcome | None:
    if not column.switches.compare:
        return None
    drift, check, metric = drift_of(column), "baseline_drift_check", "baseline_drift"
    if drift is None:
        status, reason = why_no_drift(column)
        return Outcome(check, metric, None, column.switches.threshold, status, detail={"reason": reason})
    violation, value = drift_violation(column, drift), drift.distance
    return Outcome(check, metric, value, drift.threshold, _status(value, violation), value, violation)


def _of_sign(column: ColumnData) -> Outcome | None:
    constraints, numbers = column.constraints.num_constraints, column.current.numerical_statistics
    if not column.options.check_non_negative or constraints is None or not constraints.is_non_negative:
        return None
    value, violation = numbers.min if numbers is not None else None, check_non_negative(column)
    return Outcome("is_non_negative_check", "min", value, 0.0, _status(value, violation), None, violation)


def _status(value: float | None, violation: Violation | None) -> Status:
    if violation is not None:
        return "violation"
    return "not_enough_data" if value is None else "ok"


_CHECKS: tuple[Callable[[ColumnData], Outcome | None], ...] = (
    _of_type,
    _of_completeness,
    _of_domain,
    _of_drift,
    _of_sign,
)
