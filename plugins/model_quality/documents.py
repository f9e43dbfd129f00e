"""``statistics.json`` and ``constraints.json`` of the model quality monitor."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine import Document

Operator = Literal[
    "GreaterThanThreshold", "LessThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanOrEqualToThreshold"
]
BLOCKS = {
    "Regression": "regression",
    "BinaryClassification": "binary_classification",
    "MulticlassClassification": "multiclass_classification",
}
"""Prefix of the keys of a problem type."""


class Dataset(Document):
    """The data."""

    item_count: int


class ModelQualityStatistics(Document):
    """The file. One of the blocks is there: metrics by name, each a value with its standard deviation, and curves."""

    version: float = 0.0
    dataset: Dataset
    regression_metrics: dict[str, Any] | None = None
    binary_classification_metrics: dict[str, Any] | None = None
    multiclass_classification_metrics: dict[str, Any] | None = None

    @property
    def metrics_block(self) -> dict[str, Any]:
        """The block that is there."""
        blocks = (getattr(self, f"{prefix}_metrics") for prefix in BLOCKS.values())
        return next((block for block in blocks if block is not None), {})


class QualityConstraint(Document):
    """A bound on a metric; without a threshold nothing is checked."""

    threshold: float | None = None
    comparison_operator: Operator


class ModelQualityConstraints(Document):
    """The file."""

    version: float = 0.0
    regression_constraints: dict[str, QualityConstraint] | None = Field(default=None)
    binary_classification_constraints: dict[str, QualityConstraint] | None = Field(default=None)
    multiclass_classification_constraints: dict[str, QualityConstraint] | None = Field(default=None)

    @property
    def constraints_block(self) -> dict[str, QualityConstraint]:
        """The block that is there."""
        blocks = (getattr(self, f"{prefix}_constraints") for prefix in BLOCKS.values())
        return next((block for block in blocks if block is not None), {})
