"""Settings of the model quality monitor, in the words of the service's environment variables."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from typing_extensions import Self

from engine import canonical_label

ProblemType = Literal["Regression", "BinaryClassification", "MulticlassClassification"]
_SPELLINGS = {name.lower(): name for name in ("Regression", "BinaryClassification", "MulticlassClassification")}
LABEL = "groundTruthData"
"""What merged captures call the label."""


def _problem_type(value: Any) -> Any:
    return _SPELLINGS.get(value.strip().lower(), value) if isinstance(value, str) else value


def _address(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _label(value: Any) -> Any:
    if not isinstance(value, str | bool | int | float):
        return value
    label = canonical_label(value)
    if label is None:
        raise ValueError(
            "a label is needed; blank and NaN are missing labels. Leave the setting out for the default, 1"
        )
    return label


Attribute = Annotated[str, BeforeValidator(_address)]


class ModelQualitySettings(BaseModel):
    """Which columns hold what, and what kind of model it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    problem_type: Annotated[ProblemType, BeforeValidator(_problem_type)] = Field(
        description="Regression, BinaryClassification or MulticlassClassification."
    )
    ground_truth_attribute: Attribute = Field(
        default=LABEL,
        description="Column of the label: its name, its index from 0 (in captures, within the label), or a path into JSON.",
    )
    inference_attribute: Attribute | None = Field(
        default=None,
        description="Column of the prediction: its name, its index from 0 (in captures, within the response), or a path into JSON.",
    )
    probability_attribute: Attribute | None = Field(
        default=None, description="Column of the score of the positive class, for binary models."
    )
    probability_threshold_attribute: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="Score above which the positive class is predicted, where there is no inference_attribute.",
    )
    threshold_inclusive: bool = Field(
        default=False, description="Predict the positive class at the threshold itself, too."
    )
    positive_label: Annotated[str | None, BeforeValidator(_label)] = Field(
        default=None,
        description="Label of the positive class of a binary model; 1 unless set, or true where labels are true and false.",
    )

    @model_validator(mode="after")
    def _has_a_prediction(self) -> Self:
        scored = self.probability_attribute is not None and self.probability_threshold_attribute is not None
        if self.inference_attribute is None and not (self.is_binary and scored):
            raise ValueError(
                "inference_attribute is missing; only a binary model may have probability_attribute and "
                "probability_threshold_attribute instead"
            )
        return self

    @property
    def is_binary(self) -> bool:
        """Whether the model is a binary classifier."""
        return self.problem_type == "BinaryClassification"

    @property
    def is_regression(self) -> bool:
        """Whether the model predicts numbers."""
        return self.problem_type == "Regression"

    def columns(self) -> tuple[str, ...]:
        """The attributes that name columns."""
        named = (self.ground_truth_attribute, self.inference_attribute, self.probability_attribute)
        return tuple(name for name in named if name is not None)
