"""Suggested constraints of model quality, and their violations."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from engine import Violation, java_double
from plugins.model_quality.documents import BLOCKS, ModelQualityConstraints, Operator, QualityConstraint

_GREATER = {"mae", "mse", "rmse", "false_positive_rate", "false_negative_rate"}
"""Metrics of which more is worse."""
_UNBOUND = {"confusion_matrix", "receiver_operating_characteristic_curve", "precision_recall_curve", "au_prc"}
_NEVER_REPORTED = {"f0_5", "weighted_f0_5"}
"""They get a constraint, but the original raises no violation for them (real outputs)."""
_BROKEN: dict[Operator, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanOrEqualToThreshold": operator.le,
}


def suggested(problem_type: str, block: dict[str, Any]) -> ModelQualityConstraints:
    """Every metric at its own value, without slack; none for curves and the best constant classifier.

    Args:
        problem_type: Decides the key of the file.
        block: The metrics of the statistics.
    """
    names = [name for name in block if name not in _UNBOUND and not name.endswith("_best_constant_classifier")]
    constraints = {
        name: QualityConstraint(
            threshold=None if isinstance(block[name]["value"], str) else block[name]["value"],
            comparison_operator="GreaterThanThreshold" if name in _GREATER else "LessThanThreshold",
        )
        for name in names
    }
    return ModelQualityConstraints(**{f"{BLOCKS[problem_type]}_constraints": constraints})


def violations_of(block: dict[str, Any], constraints: ModelQualityConstraints) -> list[Violation]:
    """Metrics on the wrong side of their thresholds. A value or threshold that is not known breaks nothing."""
    violations = []
    for name, constraint in constraints.constraints_block.items():
        entry = block.get(name)
        value = entry.get("value") if isinstance(entry, dict) else None
        if entry and isinstance(value, int | float) and is_broken(name, value, constraint):
            violations.append(_violation(name, value, entry["standard_deviation"], constraint))
    return violations


def is_verified(name: str, constraint: QualityConstraint) -> bool:
    """Whether a constraint is held against the data: it has a threshold, and the original does not pass over it."""
    return name not in _NEVER_REPORTED and constraint.threshold is not None


def is_broken(name: str, value: float, constraint: QualityConstraint) -> bool:
    """Whether a value raises a violation of its constraint."""
    if not is_verified(name, constraint) or constraint.threshold is None:
        return False
    return _BROKEN[constraint.comparison_operator](value, constraint.threshold)


def camel_case(name: str) -> str:
    """The name as violations write it.

    >>> camel_case("weighted_f2"), camel_case("true_positive_rate"), camel_case("mae")
    ('weightedF2', 'truePositiveRate', 'mae')
    """
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def _violation(name: str, value: float, deviation: Any, constraint: QualityConstraint) -> Violation:
    spread = f" +/- {java_double(deviation)}" if isinstance(deviation, int | float) else ""
    operator_name, threshold = constraint.comparison_operator, java_double(float(constraint.threshold or 0.0))
    text = f"Metric {camel_case(name)} with {java_double(float(value))}{spread} was {operator_name} '{threshold}'"
    return Violation(constraint_check_type=operator_name, description=text, metric_name=camel_case(name))
