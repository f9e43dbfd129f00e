"""The constraint on a metric, as it stands in ``constraints.json``, where a person may edit it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from engine.bounds import Bound

_OPERATORS = ("GreaterThanThreshold", "LessThanThreshold", "OutsideThresholds")


def _in_any_case(operator: Any) -> Any:
    return next((known for known in _OPERATORS if str(operator).lower() == known.lower()), operator)


Operator = Annotated[
    Literal["GreaterThanThreshold", "LessThanThreshold", "OutsideThresholds"], BeforeValidator(_in_any_case)
]


class MetricConstraint(BaseModel):
    """What is a violation: a number that is greater, less, or outside. Undeclared keys are kept.

    Attributes:
        threshold: The bound; the upper one of two.
        comparison_operator: When the constraint is broken, in the words of the model quality monitor's files.
        lower_threshold: The lower of two bounds.
    """

    model_config = ConfigDict(extra="allow")

    threshold: Bound
    comparison_operator: Operator = "GreaterThanThreshold"
    lower_threshold: Bound | None = None
