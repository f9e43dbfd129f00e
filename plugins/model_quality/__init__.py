"""Model quality: how good the predictions are, once the labels are known."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from engine import DatasetMetrics, DocumentKinds, Measurement, MetricDatum, Monitor, NoDataError, Violation
from plugins.model_quality.documents import BLOCKS, Dataset, ModelQualityConstraints, ModelQualityStatistics
from plugins.model_quality.measuring import measurements, select_finite
from plugins.model_quality.noting import collect_notes
from plugins.model_quality.quality import Quality
from plugins.model_quality.report import metrics_block
from plugins.model_quality.settings import ModelQualitySettings
from plugins.model_quality.verification import suggested, violations_of

__all__ = ["ModelQualityMonitor"]

_LOG = logging.getLogger(__name__)


class ModelQualityMonitor(Monitor):
    """Errors of regressions, and what classifiers get right, from labels and predictions in one table."""

    name: ClassVar[str] = "model_quality"
    metrics_group: ClassVar[str] = "model-metrics"
    reads_labels: ClassVar[bool] = True
    Settings: ClassVar[type[ModelQualitySettings]] = ModelQualitySettings
    documents: ClassVar[DocumentKinds] = DocumentKinds(ModelQualityStatistics, ModelQualityConstraints)

    def __init__(self, settings: ModelQualitySettings) -> None:
        self.settings = settings

    def dataset_analyzers(self, baseline: Any) -> list[Any]:
        """One, over label, prediction and score together."""
        known = None if baseline is None else _labels_in(baseline.statistics)
        return [Quality(settings=self.settings, known_labels=known)]

    def statistics(self, metrics: DatasetMetrics) -> ModelQualityStatistics:
        """The content of ``statistics.json``.

        Raises:
            NoDataError: No row has both a label and a prediction.
            DataFormatError: A setting names no column, or a binary model has other than two classes.
        """
        quality: Quality = metrics.dataset["quality"]
        quality.check_columns()
        if not quality.used:
            columns = " and ".join(self.settings.columns())
            raise NoDataError(
                f"No valid records to compute model quality metrics: of {quality.skipped:,} records none has a value in "
                f"{columns} that can be used."
            )
        block = {f"{BLOCKS[self.settings.problem_type]}_metrics": metrics_block(quality)}
        return ModelQualityStatistics(dataset=Dataset(item_count=quality.used), **block)

    def notes(self, metrics: DatasetMetrics) -> dict[str, int]:
        """Rows that are left out, and what was decided where no setting says it; also in the log."""
        notes = collect_notes(metrics.dataset["quality"])
        for text, rows in notes.items():
            _LOG.info("%s (%d records)", text, rows)
        return notes

    def suggest(self, metrics: DatasetMetrics, statistics: ModelQualityStatistics) -> ModelQualityConstraints:
        """The content of ``constraints.json`` of a baseline job."""
        return suggested(self.settings.problem_type, statistics.metrics_block)

    def verify(self, metrics: DatasetMetrics, statistics: ModelQualityStatistics, baseline: Any) -> list[Violation]:
        """The content of ``constraint_violations.json``."""
        constraints = baseline.constraints
        return violations_of(statistics.metrics_block, constraints) if constraints is not None else []

    def emissions(
        self, metrics: DatasetMetrics, statistics: ModelQualityStatistics, baseline: Any
    ) -> list[MetricDatum]:
        """All numbers of the statistics; not the curves, nor the confusion matrix."""
        return [MetricDatum(name, value) for name, value in select_finite(statistics.metrics_block).items()]

    def measurements(
        self, metrics: DatasetMetrics, statistics: ModelQualityStatistics, baseline: Any
    ) -> list[Measurement]:
        """Metrics of all rows, against the constraints, and of each slice."""
        quality: Quality = metrics.dataset["quality"]
        classes = quality.decide_classes()
        parts = {label: part.dataset["quality"] for label, part in metrics.slices.items()}
        slices = {label: metrics_block(part, classes) for label, part in parts.items() if part.used}
        return [
            Measurement("rows_without_verdict", value=float(quality.skipped)),
            *measurements(statistics.metrics_block, slices, baseline),
        ]


def _labels_in(statistics: ModelQualityStatistics | None) -> tuple[str, ...]:
    """The labels of a baseline."""
    matrix = statistics.metrics_block.get("confusion_matrix") if statistics is not None else None
    return tuple(matrix) if isinstance(matrix, dict) else ()
