"""Hold results against constraints: the rows of the table, and the violations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from engine.analyzers.base import Metric
from engine.analyzers.measured import Measured, Status, written_text
from engine.analyzers.metric_constraint import MetricConstraint
from engine.documents.violations import Violation
from engine.foreign_code import ForeignError, call_foreign
from engine.measurements.evaluation import Evaluated, Evaluation
from engine.measurements.learning import Results
from engine.measurements.measurement import Measurement
from engine.metrics import MetricFailure

CHECK_TYPE = "metric_check"
"""``constraint_check_type`` of violations of plugins' metrics; which metric it is stands in ``metric_name``."""

Place = tuple[str, str]
"""Column and key of a result."""


@dataclass
class Judgement:
    """What came of the metrics of plugins."""

    measurements: list[Measurement] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    failures: list[MetricFailure] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)


def suggest(evaluation: Evaluation, chunks: Sequence[Results]) -> dict[Place, MetricConstraint]:
    """The constraints that a baseline job proposes, by place. A plugin that raises proposes none and is named."""
    found: dict[Place, MetricConstraint] = {}
    for result in evaluation.results:
        if result.slice is not None:
            continue
        try:
            constraint = call_foreign(partial(_suggested, result, chunks), _module(result))
        except ForeignError as error:
            evaluation.failures.append(_failure(result, "suggestion", error))
            continue
        if constraint is not None:
            found[result.column, result.key] = constraint
    return found


def judge(
    evaluation: Evaluation,
    constraints: Mapping[Place, MetricConstraint],
    before: Mapping[tuple[str | None, str, str], Measured] | None,
    origins: Mapping[str, str] | None = None,
) -> Judgement:
    """Verify every result.

    Args:
        evaluation: The results.
        constraints: By place; a slice is held against the constraint of the whole.
        before: The baseline's results by slice, column and key; None in a baseline job, in which nothing is a violation.
        origins: Where each metric comes from, for what failed.
    """
    judgement = Judgement(failures=evaluation.failures)
    for result in evaluation.results:
        text = None
        try:
            constraint = constraints.get((result.column, result.key)) or call_foreign(
                partial(_by_default, result), _module(result)
            )
            if before is not None and constraint is not None and result.found.status == "ok":
                text = call_foreign(partial(_broken, result, constraint), _module(result))
        except ForeignError as error:
            judgement.failures.append(_failure(result, "verification", error))
            continue
        if text is not None:
            judgement.violations.append(_violation(result, text))
        previous = before.get((result.slice, result.column, result.key)) if before else None
        status = _status(result, text, constraint, previous, verified=before is not None)
        judgement.measurements.append(_measurement(result, constraint, previous, status))
    known = origins or {}
    judgement.failures = [replace(f, origin=f.origin or known.get(f.metric, "")) for f in judgement.failures]
    judgement.measurements += [
        Measurement(f.metric, f.column or None, status="failed", detail={"error": str(f)}) for f in judgement.failures
    ]
    return judgement


def _suggested(result: Evaluated, chunks: Sequence[Results]) -> MetricConstraint | None:
    place = (None, result.column, result.key)
    parts = [chunk.get(place) for chunk in chunks] if result.use.learn else []
    metric: Metric = result.use.new()
    constraint = metric.suggest(result.key, result.found, [part for part in parts if part is not None])
    if constraint is not None and not isinstance(constraint, MetricConstraint):
        raise TypeError(f"suggest gave a {type(constraint).__name__}; allowed: a MetricConstraint, or None")
    # As it will be read from constraints.json, where a person may edit it.
    return None if constraint is None else MetricConstraint.model_validate_json(constraint.model_dump_json())


def _broken(result: Evaluated, constraint: MetricConstraint) -> str | None:
    text = result.use.new().verify(result.key, result.found, constraint)
    if text is not None and not isinstance(text, str):
        raise TypeError(f"verify gave a {type(text).__name__}; allowed: a sentence, or None")
    return None if text is None else written_text(text)


def _by_default(result: Evaluated) -> MetricConstraint | None:
    """What holds where the baseline has no constraint: the threshold of the configuration, or the metric's own."""
    metric: Metric = result.use.new()
    threshold, worse = metric.default_threshold, result.use.spec.worse
    if threshold is None or worse is None:
        return None
    return MetricConstraint(
        threshold=threshold, comparison_operator="LessThanThreshold" if worse == "lower" else "GreaterThanThreshold"
    )


def _violation(result: Evaluated, text: str) -> Violation:
    where = f" in slice {result.slice}" if result.slice is not None else ""
    sentences = [text + where, *result.found.explanation]
    extra = {"metric_name": result.key} | ({"slice": result.slice} if result.slice is not None else {})
    return Violation(
        feature_name=result.column or result.key,
        constraint_check_type=CHECK_TYPE,
        description=". ".join(sentence.rstrip(".") for sentence in sentences),
        **extra,
    )


def _status(
    result: Evaluated,
    text: str | None,
    constraint: MetricConstraint | None,
    before: Measured | None,
    *,
    verified: bool,
) -> Status:
    """What became of a result: ``ok`` only where a number was held against a constraint."""
    if text is not None:
        return "violation"
    status, judged = result.found.status, result.use.spec.worse is not None
    if not verified and status in ("ok", "no_baseline"):  # a comparison has nothing to compare with in a baseline job
        return "not_enough_data" if status == "ok" and result.found.alarming is None else "measured"
    if status == "not_computed":
        return status
    alone = judged and before is None  # a new column, or a slice that the baseline did not have
    if alone and verified and result.found.value is None:
        return "no_baseline"
    if status != "ok":
        return status
    if result.found.alarming is None:
        return "not_enough_data"
    if constraint is None:
        return "no_baseline" if judged else "measured"
    return "ok"


def _measurement(
    result: Evaluated, constraint: MetricConstraint | None, before: Measured | None, status: Status
) -> Measurement:
    found, spec = result.found, result.use.spec
    name = spec.cloudwatch.format(metric=result.key, column=result.column)
    baseline = found.baseline if found.baseline is not None or before is None else before.value
    return Measurement(
        result.key, result.column or None, result.slice, found.value, baseline, found.distance,
        constraint.threshold if constraint else None, status, found.p_value, found.error, found.lower, found.upper,
        spec.unit, dict(found.detail), name, CHECK_TYPE if constraint is not None and status != "measured" else None,
    )  # fmt: skip


def _failure(result: Evaluated, where: str, error: ForeignError) -> MetricFailure:
    return MetricFailure(result.key, result.column, where, str(error))


def _module(result: Evaluated) -> str:
    return result.use.metric.__module__
