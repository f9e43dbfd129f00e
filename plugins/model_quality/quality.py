"""The state of the model quality monitor: what one pass over labels and predictions leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView, DataFormatError, DatasetAnalyzer, setting
from plugins.model_quality.classes import ABOVE, BELOW, MOST_LISTED, BinaryClasses, decide_classes, list_labels
from plugins.model_quality.columns import Columns
from plugins.model_quality.regression import RegressionErrors
from plugins.model_quality.scores import ScoresByLabel
from plugins.model_quality.settings import ModelQualitySettings

MOST_CLASSES = 1000
MOST_PROBLEMS = 20
"""Different reasons that are kept why columns are absent."""

Flags = npt.NDArray[np.bool_]


@dataclass
class Quality(DatasetAnalyzer):
    """Errors of a regression, or counts by label and prediction and by score of a classifier; and rows that have no verdict.

    Attributes:
        used: Rows with a verdict.
        skipped: Rows without a usable label, prediction or score.
        errors: Of a regression.
        pairs: Rows by actual and predicted label, one after the other, with the length of the first before them (``3:catdog``).
        classes: How often each label occurs on either side.
        scores: Of a binary classifier, by label.
        columns: Rows by the names of the columns that were read, as JSON: the same in all batches.
        problems: Rows by the reason why a column is absent from their batch.
    """

    name: ClassVar[str] = "quality"

    settings: ModelQualitySettings = setting(  # noqa: RUF009 - it declares a field
        default=ModelQualitySettings(problem_type="Regression", ground_truth_attribute="0", inference_attribute="1"),
        description="Settings of the monitor.",
    )
    known_labels: tuple[str, ...] | None = setting(
        default=None, description="Labels of the baseline; None in a baseline job."
    )
    used: int = 0
    skipped: int = 0
    errors: RegressionErrors = field(default_factory=RegressionErrors)
    pairs: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    scores: ScoresByLabel = field(default_factory=ScoresByLabel)
    columns: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)

    def update(self, batch: BatchView) -> None:
        """Take in rows. A batch may lack a column that others have (JSON): its rows have no verdict."""
        if not batch.rows:
            return
        try:
            columns = Columns.of_batch(batch, self.settings)
        except DataFormatError as error:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems[str(error)] = self.problems.get(str(error), 0) + batch.rows
            self.skipped += batch.rows
            return
        self.columns[columns.key] = self.columns.get(columns.key, 0) + batch.rows
        usable = (
            self._update_errors(batch, columns) if self.settings.is_regression else self._update_pairs(batch, columns)
        )
        self.used += int(usable.sum())
        self.skipped += int((~usable).sum())

    def merge(self, other: Quality) -> None:
        """Take in a later part."""
        super().merge(other)
        self._check_classes()

    def result(self) -> Quality:
        """The state itself."""
        return self

    @property
    def labels(self) -> frozenset[str]:
        """All labels, actual and predicted."""
        return frozenset(self.classes) - {ABOVE, BELOW}

    def labelled_pairs(self) -> dict[tuple[str, str], int]:
        """Rows by actual and predicted label."""
        return {_labels_in(key): count for key, count in self.pairs.items()}

    def decide_classes(self) -> BinaryClasses | None:
        """The classes of a binary model; None for other models.

        Raises:
            DataFormatError: There are more than two, or none of them is plainly the positive one.
        """
        settings = self.settings
        return decide_classes(self.labels, settings.positive_label, self.known_labels) if settings.is_binary else None

    def replaced_columns(self) -> dict[str, str]:
        """Columns that settings name, and those that were read in their place."""
        pairs = [pair for key in self.columns for pair in json.loads(key)]
        return {named: name for name, named in pairs if named is not None}

    def check_columns(self) -> None:
        """See that all rows were read from the same columns.

        Raises:
            DataFormatError: No batch had a column, or a setting names different columns in different files.
        """
        if not self.columns and self.problems:
            raise DataFormatError(next(iter(self.problems)))
        if len(self.columns) > 1:
            named = " and ".join(", ".join(name for name, _ in json.loads(key)) for key in sorted(self.columns))
            raise DataFormatError(
                f"the settings name different columns in different parts of the data: {named}. Name columns that all records have, "
                "by their names instead of indices."
            )

    def _update_errors(self, batch: BatchView, columns: Columns) -> Flags:
        labels, predictions = columns.label.values(batch), columns.predicted_numbers(batch)
        usable = ~(np.isnan(labels) | np.isnan(predictions))
        self.errors.update(labels[usable], predictions[usable])
        return usable

    def _update_pairs(self, batch: BatchView, columns: Columns) -> Flags:
        labels = batch.labels(columns.label.name)
        scores = None if columns.score is None else columns.score.values(batch)
        predictions = batch.labels(columns.prediction.name) if columns.prediction else self._above_threshold(scores)
        usable: Flags = pc.and_(pc.is_valid(labels), pc.is_valid(predictions)).to_numpy(zero_copy_only=False)
        if scores is not None:
            usable = usable & ~np.isnan(scores)
        labels, predictions = labels.filter(pa.array(usable)), predictions.filter(pa.array(usable))
        self._count_pairs(labels.dictionary_encode(), predictions.dictionary_encode())
        if scores is not None:
            self.scores.update(scores[usable], labels)
        return usable

    def _count_pairs(self, labels: pa.DictionaryArray, predictions: pa.DictionaryArray) -> None:
        width = max(len(predictions.dictionary), 1)
        codes = labels.indices.to_numpy().astype(np.int64) * width + predictions.indices.to_numpy()
        values, counts = np.unique(codes, return_counts=True)
        actual, predicted = labels.dictionary.to_pylist(), predictions.dictionary.to_pylist()
        for label in (*actual, *predicted):
            self.classes.setdefault(label, 0)
        self._check_classes()
        for code, count in zip(values.tolist(), counts.tolist(), strict=True):
            pair = actual[code // width], predicted[code % width]
            key = f"{len(pair[0])}:{pair[0]}{pair[1]}"
            self.pairs[key] = self.pairs.get(key, 0) + count
            for label in pair:
                self.classes[label] += count

    def _above_threshold(self, scores: Any) -> pa.Array:
        threshold = self.settings.probability_threshold_attribute
        above = scores >= threshold if self.settings.threshold_inclusive else scores > threshold
        predictions = pc.if_else(pa.array(above), ABOVE, BELOW)
        return pc.if_else(pa.array(~np.isnan(scores)), predictions, pa.scalar(None, pa.string()))

    def _check_classes(self) -> None:
        """See that there are not more classes than a model of this kind may have.

        Raises:
            DataFormatError: There are.
        """
        most = MOST_LISTED if self.settings.is_binary else MOST_CLASSES
        if len(self.classes) <= most:
            return
        raise DataFormatError(
            f"{self.settings.problem_type}: there are more than {most:,} classes among the labels and predictions "
            f"({list_labels(self.labels)}): one of the columns seems to hold numbers. For a regression set problem_type "
            "Regression; a score is named with probability_attribute, beside probability_threshold_attribute."
        )


def _labels_in(key: str) -> tuple[str, str]:
    length, _, labels = key.partition(":")
    return labels[: int(length)], labels[int(length) :]
