"""Settings of the model quality monitor, in the words of the service's environment variables (contract 4.1)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from typing_extensions import Self

ProblemType = Literal["Regression", "BinaryClassification", "MulticlassClassification"]
_SPELLINGS = {name.lower(): name for name in ("Regression", "BinaryClassification", "MulticlassClassification")}


def _canonical(value: Any) -> Any:
    return _SPELLINGS.get(value.lower(), value) if isinstance(value, str) else value


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Attribute = Annotated[str, BeforeValidator(_text)]


class ModelQualitySettings(BaseModel):
    """Which columns hold what, and what kind of model it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    problem_type: Annotated[ProblemType, BeforeValidator(_canonical)] = Field(
        description="Regression, BinaryClassification or MulticlassClassification."
    )
    ground_truth_attribute: Attribute = Field(
        default="groundTruthData", description="Column of the label: its name, or its index from 0."
    )
    inference_attribute: Attribute | None = Field(
        default=None, description="Column of the prediction: its name, or its index from 0."
    )
    probability_attribute: Attribute | None = Field(
        default=None, description="Column of the score of the positive class, for binary models."
    )
    probability_threshold_attribute: float | None = Field(
        default=None,
        description="Score above which the positive class is predicted, where there is no inference_attribute.",
    )
    threshold_inclusive: bool = Field(
        default=False, description="Predict the positive class at the threshold itself, too."
    )
    positive_label: Attribute = Field(default="1", description="Label of the positive class of a binary model.")

    @model_validator(mode="after")
    def _has_a_prediction(self) -> Self:
        scored = self.probability_attribute is not None and self.probability_threshold_attribute is not None
        if self.inference_attribute is None and not (self.problem_type == "BinaryClassification" and scored):
            raise ValueError(
                "inference_attribute is missing; only a binary model may have probability_attribute and "
                "probability_threshold_attribute instead"
            )
        return self

    def columns(self) -> tuple[str, ...]:
        """The attributes that name columns."""
        named = (self.ground_truth_attribute, self.inference_attribute, self.probability_attribute)
        return tuple(name for name in named if name is not None)
