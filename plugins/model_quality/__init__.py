"""Model quality: how good the predictions are, once the labels are known."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from typing import Any, ClassVar

from engine import DatasetMetrics, DocumentKinds, Measurement, MetricDatum, Monitor, NoDataError, Violation
from plugins.model_quality.documents import BLOCKS, Dataset, ModelQualityConstraints, ModelQualityStatistics
from plugins.model_quality.quality import Quality
from plugins.model_quality.report import metrics_block
from plugins.model_quality.settings import ModelQualitySettings
from plugins.model_quality.verification import camel_case, suggested, violations_of

__all__ = ["ModelQualityMonitor"]

_LOG = logging.getLogger(__name__)


class ModelQualityMonitor(Monitor):
    """Errors of regressions, and what classifiers get right, from labels and predictions in one table."""

    name: ClassVar[str] = "model_quality"
    metrics_group: ClassVar[str] = "model-metrics"
    Settings: ClassVar[type[ModelQualitySettings]] = ModelQualitySettings
    documents: ClassVar[DocumentKinds] = DocumentKinds(ModelQualityStatistics, ModelQualityConstraints)

    def __init__(self, settings: ModelQualitySettings) -> None:
        self.settings = settings

    def dataset_analyzers(self, baseline: Any) -> list[Any]:
        """One, over label, prediction and score together."""
        return [Quality(settings=self.settings)]

    def statistics(self, metrics: DatasetMetrics) -> ModelQualityStatistics:
        """The content of ``statistics.json``.

        Raises:
            NoDataError: No row has both a label and a prediction.
        """
        quality: Quality = metrics.dataset["quality"]
        if not quality.used:
            columns = " and ".join(self.settings.columns())
            raise NoDataError(
                f"No valid records to compute model quality metrics: of {quality.skipped:,} records none has a value in "
                f"{columns} that can be used."
            )
        if quality.skipped:
            _LOG.warning("%d records without a usable label or prediction are left out", quality.skipped)
        block = {f"{BLOCKS[self.settings.problem_type]}_metrics": metrics_block(quality)}
        return ModelQualityStatistics(dataset=Dataset(item_count=quality.used), **block)

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
        """All numbers of the statistics; not the curves, nor the confusion matrix (contract 4.7)."""
        return [MetricDatum(name, value) for name, value in _numbers(statistics.metrics_block)]

    def measurements(
        self, metrics: DatasetMetrics, statistics: ModelQualityStatistics, baseline: Any
    ) -> list[Measurement]:
        """Metrics of all rows, against the constraints, and of each slice."""
        constraints = baseline.constraints.constraints_block if baseline and baseline.constraints else {}
        found_broken = self.verify(metrics, statistics, baseline) if baseline else []
        broken = {(violation.model_extra or {}).get("metric_name") for violation in found_broken}
        before = dict(_numbers(baseline.statistics.metrics_block)) if baseline and baseline.statistics else {}
        quality: Quality = metrics.dataset["quality"]
        found = [Measurement("rows_without_verdict", value=float(quality.skipped))]
        for name, value in _numbers(statistics.metrics_block):
            bound = constraints.get(name)
            status: Any = "violation" if camel_case(name) in broken else "ok"
            threshold = bound.threshold if bound else None
            found.append(Measurement(name, value=value, baseline=before.get(name), threshold=threshold, status=status))
        for label, part in metrics.slices.items():
            if part.dataset["quality"].used:
                block = metrics_block(part.dataset["quality"])
                found += [Measurement(name, slice=label, value=value) for name, value in _numbers(block)]
        return found


def _numbers(block: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for name, entry in block.items():
        value = entry.get("value")
        if isinstance(value, int | float) and math.isfinite(value):
            yield name, float(value)
