"""The state of the model quality monitor: what one pass over labels and predictions leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView, DataFormatError, DatasetAnalyzer, setting
from plugins.model_quality.columns import column_of, labels_of, scores_of
from plugins.model_quality.regression import RegressionErrors
from plugins.model_quality.scores import ScoreCounts
from plugins.model_quality.settings import ModelQualitySettings

SEPARATOR = "\x1f"
"""Between actual and predicted label in a key of the counts."""
MOST_CLASSES = 1000


@dataclass
class Quality(DatasetAnalyzer):
    """Errors of a regression, or counts by label and prediction and by score of a classifier; and rows that have no verdict."""

    name: ClassVar[str] = "quality"

    settings: ModelQualitySettings = setting(  # noqa: RUF009 - it declares a field
        default=ModelQualitySettings(problem_type="Regression", ground_truth_attribute="0", inference_attribute="1"),
        description="Settings of the monitor.",
    )
    used: int = 0
    skipped: int = 0
    errors: RegressionErrors = field(default_factory=RegressionErrors)
    pairs: dict[str, int] = field(default_factory=dict)
    scores: ScoreCounts = field(default_factory=ScoreCounts)

    def update(self, batch: BatchView) -> None:
        if self.settings.problem_type == "Regression":
            self._update_errors(batch)
        else:
            self._update_pairs(batch)

    def result(self) -> Quality:
        return self

    def _update_errors(self, batch: BatchView) -> None:
        labels = batch.numbers(column_of(batch, self.settings.ground_truth_attribute))
        predictions = batch.numbers(column_of(batch, str(self.settings.inference_attribute)))
        usable = ~(np.isnan(labels) | np.isnan(predictions))
        self.errors.update(labels[usable], predictions[usable])
        self._count(usable)

    def _update_pairs(self, batch: BatchView) -> None:
        settings = self.settings
        labels = labels_of(batch, settings.ground_truth_attribute)
        scores = None
        if settings.probability_attribute is not None:
            scores = scores_of(batch, settings.probability_attribute)
        predictions = self._predictions(batch, scores)
        usable = pc.and_(pc.is_valid(labels), pc.is_valid(predictions)).to_numpy(zero_copy_only=False)
        if scores is not None:
            usable &= ~np.isnan(scores)
        kept = pa.array(usable)
        found = pc.binary_join_element_wise(labels.filter(kept), predictions.filter(kept), SEPARATOR)
        for entry in pc.value_counts(found).to_pylist():
            self.pairs[entry["values"]] = self.pairs.get(entry["values"], 0) + entry["counts"]
        if len(self.pairs) > MOST_CLASSES**2:
            raise DataFormatError(
                f"column {settings.ground_truth_attribute!r} has more than {MOST_CLASSES} classes: it seems to hold numbers; "
                "use problem_type Regression."
            )
        if scores is not None and settings.problem_type == "BinaryClassification":
            positive = pc.equal(labels.filter(kept), settings.positive_label).to_numpy(zero_copy_only=False)
            self.scores.update(scores[usable], positive)
        self._count(usable)

    def _predictions(self, batch: BatchView, scores: Any) -> pa.Array:
        settings = self.settings
        if settings.inference_attribute is not None:
            return labels_of(batch, settings.inference_attribute)
        threshold = settings.probability_threshold_attribute
        above = scores >= threshold if settings.threshold_inclusive else scores > threshold
        negative = "0" if settings.positive_label != "0" else "1"
        texts = pc.if_else(pa.array(above), settings.positive_label, negative)
        return pc.if_else(pa.array(~np.isnan(scores)), texts, pa.scalar(None, pa.string()))

    def _count(self, usable: Any) -> None:
        self.used += int(usable.sum())
        self.skipped += int((~usable).sum())
