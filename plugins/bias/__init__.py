"""Bias drift: whether groups of people are treated differently, before and after training, in Clarify's files."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any, ClassVar

from engine import DatasetMetrics, DocumentKinds, Measurement, MetricDatum, Monitor, NoDataError, Violation
from engine.documents.analysis import Analysis, ClarifyViolations
from plugins.bias.formulas import number_of
from plugins.bias.intervals import Interval, intervals, lies_beyond
from plugins.bias.noting import collect_notes
from plugins.bias.report import Report, note_missing, report_of
from plugins.bias.settings import BiasSettings
from plugins.bias.tally import Tally
from plugins.bias.verification import CHECK, Found, exceeding, metrics_in, violation_of

__all__ = ["BiasMonitor"]

INFINITE = 2.348543e108
"""What CloudWatch gets for infinity."""
_STAGES = {"post_training_bias_metrics": "Post-Training", "pre_training_bias_metrics": "Pre-training"}


class BiasMonitor(Monitor):
    """Metrics of bias of labels and predictions between the groups of facets."""

    name: ClassVar[str] = "bias"
    reads_labels: ClassVar[bool] = True
    Settings: ClassVar[type[BiasSettings]] = BiasSettings
    documents: ClassVar[DocumentKinds] = DocumentKinds(
        Analysis, Analysis, ClarifyViolations, statistics_file="analysis.json", constraints_file="analysis.json"
    )

    def __init__(self, settings: BiasSettings) -> None:
        self.settings = settings

    def dataset_analyzers(self, baseline: Any) -> list[Any]:
        """One, over all columns that matter together."""
        return [Tally(settings=self.settings)]

    def statistics(self, metrics: DatasetMetrics) -> Analysis:
        """The content of ``analysis.json``.

        Raises:
            NoDataError: There are no rows.
            DataFormatError: Nothing is positive, or a continuous column has no threshold.
        """
        tally: Tally = metrics.dataset["bias"]
        if not tally.rows:
            raise NoDataError("Job inputs had no data: there is no record to compare groups of.")
        note_missing(tally)
        return report_of(tally).analysis(tally)

    def notes(self, metrics: DatasetMetrics) -> dict[str, int]:
        """Listed groups that do not occur: a misspelt value would pass for data without bias."""
        return collect_notes(report_of(_lenient(metrics.dataset["bias"])).entries)

    def suggest(self, metrics: DatasetMetrics, statistics: Analysis) -> Analysis:
        """The same document: a baseline's metrics are the bounds of later ones."""
        return statistics

    def verify(self, metrics: DatasetMetrics, statistics: Analysis, baseline: Any) -> list[Violation]:
        """The content of ``constraint_violations.json``."""
        if baseline.constraints is None:
            return []
        found = list(exceeding(statistics, baseline.constraints, self.settings.tolerance))
        if self.settings.confidence == "bootstrap":
            sure = self._intervals(metrics)
            found = [
                (metric, bound) for metric, bound in found
                if metric.key in sure and lies_beyond(sure[metric.key], number_of(bound) or 0.0)
            ]  # fmt: skip
        return [violation_of(metric, bound) for metric, bound in found]

    def emissions(self, metrics: DatasetMetrics, statistics: Analysis, baseline: Any) -> list[MetricDatum]:
        """Every metric that is defined, with its stage, label, facet and group as dimensions."""
        return [
            MetricDatum(f"bias_metric_{found.name}", _bounded(value), dimensions=_dimensions(statistics, found))
            for found in metrics_in(statistics)
            if (value := number_of(found.value)) is not None
        ]

    def measurements(self, metrics: DatasetMetrics, statistics: Analysis, baseline: Any) -> list[Measurement]:
        """Every metric with its interval, of all rows and of each slice."""
        constraints = baseline.constraints if baseline else None
        bounds = {found.key: number_of(found.value) for found in metrics_in(constraints)} if constraints else {}
        violations = self.verify(metrics, statistics, baseline) if baseline else []
        broken = {_violated(violation) for violation in violations}
        found = [
            _verdict(
                _measurement(metric, sure),
                bounds.get(metric.key),
                is_broken=(metric.facet, metric.group, metric.name) in broken,
                is_verified=constraints is not None,
            )
            for metric, sure in self._measured(statistics, metrics)
        ]
        for label, part in metrics.slices.items():
            if part.dataset["bias"].rows:
                report = report_of(_lenient(part.dataset["bias"])).analysis(part.dataset["bias"])
                found += [_measurement(metric, sure, slice_name=label) for metric, sure in self._measured(report, part)]
        return found

    def _measured(self, analysis: Analysis, metrics: DatasetMetrics) -> Iterator[tuple[Found, Interval | None]]:
        sure = self._intervals(metrics)
        return ((metric, sure.get(metric.key)) for metric in metrics_in(analysis))

    def _intervals(self, metrics: DatasetMetrics) -> dict[tuple[str, str, str, str], Interval]:
        tally = metrics.dataset["bias"]
        report: Report = report_of(_lenient(tally))
        names = {
            "post_training_bias_metrics": self.settings.post_training,
            "pre_training_bias_metrics": self.settings.pre_training,
        }
        return {
            Found(stage, entry.facet, entry.shown, name, None).key: interval
            for entry in report.entries
            for (stage, name), interval in intervals(entry, names).items()
        }


def _lenient(tally: Tally) -> Tally:
    """The same, for which data without positives is no error: a slice may have none."""
    settings = tally.settings.model_copy(update={"on_degenerate": "report"})
    return dataclasses.replace(tally, settings=settings)


def _bounded(value: float) -> float:
    return math.copysign(INFINITE, value) if math.isinf(value) else value


def _dimensions(analysis: Analysis, found: Found) -> dict[str, str]:
    block = getattr(analysis, found.stage)
    named = {
        "BiasStage": _STAGES[found.stage],
        "Label": block["label"],
        "LabelValue": block["label_value_or_threshold"],
        "Facet": found.facet,
        "FacetValue": found.group,
    }
    return {name: text.encode("ascii", "backslashreplace").decode() or "-" for name, text in named.items()}


def _violated(violation: Violation) -> tuple[str, str, str]:
    named = violation.model_extra or {}
    return named["facet"], named["facet_value"], named["metric_name"]


def _verdict(row: Measurement, bound: float | None, *, is_broken: bool, is_verified: bool) -> Measurement:
    """The row with what became of it: a metric that is not defined on either side has no verdict."""
    if not is_verified:
        return row
    if bound is None:
        return dataclasses.replace(row, status="no_baseline")
    status: Any = "violation" if is_broken else "not_computed" if row.value is None else "ok"
    return dataclasses.replace(row, baseline=bound, threshold=abs(bound), status=status, check=CHECK)


def _measurement(found: Found, interval: Interval | None, slice_name: str | None = None) -> Measurement:
    lower, upper = interval or (None, None)
    return Measurement(
        found.name,
        column=found.facet,
        slice=slice_name,
        value=number_of(found.value),
        lower=lower,
        upper=upper,
        detail={"group": found.group, "stage": _STAGES[found.stage]},
    )
