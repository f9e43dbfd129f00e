"""What Deequ found, as plain values, and as violations and rows of the table of results."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from engine.analyzers.measured import Status
from engine.documents.violations import Violation
from engine.measurements.measurement import Measurement
from engine.metrics import MetricFailure

CHECK, WARNING, RULE = "deequ_check", "deequ_warning", "dqdl_rule"
"""``constraint_check_type`` of violations: of a check of level error, of level warning, of a DQDL rule."""


@dataclass(frozen=True)
class Outcome:
    """What became of a check or rule.

    Attributes:
        check: Its name; the rule itself for DQDL.
        source: Whether it is a check or a rule.
        level: Deequ's level.
        constraint: Deequ's text of the constraint, or the rule as it was evaluated.
        columns: The columns that it names.
        status: Deequ's status of the constraint.
        value: The metric where it is one number.
        message: Why it failed; empty for a success.
    """

    check: str
    source: Literal["check", "rule"]
    level: Literal["error", "warning"]
    constraint: str
    columns: tuple[str, ...]
    status: Literal["Success", "Failure"]
    value: float | None = None
    message: str = ""

    @property
    def failed(self) -> bool:
        """Whether the constraint does not hold."""
        return self.status == "Failure"

    @property
    def violation_type(self) -> str:
        """Its ``constraint_check_type``."""
        return RULE if self.source == "rule" else WARNING if self.level == "warning" else CHECK


@dataclass(frozen=True)
class DeequMetric:
    """A metric of an analyzer: Deequ's entity, instance and name, and the value."""

    entity: str
    instance: str
    name: str
    value: float


@dataclass
class DeequResults:
    """Everything that a run of Deequ gave.

    Attributes:
        outcomes: Of the checks in their order, then of the rules.
        metrics: All successful metrics, flattened as Deequ does.
        failures: Analyzers without a metric.
        failing_rows: Rows that fail a check, where they were asked for: its name, ``eventId`` if known, and the columns.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    metrics: list[DeequMetric] = field(default_factory=list)
    failing_rows: pa.Table | None = None
    failures: list[MetricFailure] = field(default_factory=list)

    @property
    def status(self) -> Literal["Success", "Warning", "Error"]:
        """Deequ's status of the whole: the worst of all."""
        levels = {outcome.level for outcome in self.outcomes if outcome.failed}
        return "Error" if "error" in levels else "Warning" if levels else "Success"


def violations_of(outcomes: Iterable[Outcome]) -> list[Violation]:
    """The failures as entries of ``constraint_violations.json``; a check of no column is filed under its own name."""
    return [
        Violation(
            feature_name=",".join(outcome.columns) or outcome.check,
            constraint_check_type=outcome.violation_type,
            description=f"{outcome.check}: {outcome.message}",
        )
        for outcome in outcomes
        if outcome.failed
    ]


def measurements_of(results: DeequResults) -> list[Measurement]:
    """All outcomes and metrics as rows of ``metrics.parquet``; outcomes go to CloudWatch where they have a number."""
    rows = [_of_outcome(outcome) for outcome in results.outcomes]
    rows += [
        Measurement(failure.metric, failure.column or None, status="failed", detail={"error": str(failure)})
        for failure in results.failures
    ]
    return rows + [
        Measurement(f"deequ.{m.name}", None if m.entity == "Dataset" else m.instance, value=m.value)
        for m in results.metrics
    ]


def _of_outcome(outcome: Outcome) -> Measurement:
    status: Status = "violation" if outcome.failed else "ok"
    return Measurement(
        f"{outcome.violation_type}.{outcome.check}",
        ",".join(outcome.columns) or None,
        value=outcome.value,
        status=status,
        detail={"level": outcome.level, "constraint": outcome.constraint, "message": outcome.message},
        cloudwatch=f"deequ_{re.sub(r'[^A-Za-z0-9]+', '_', outcome.check).strip('_')}",
        check=outcome.violation_type,
    )
