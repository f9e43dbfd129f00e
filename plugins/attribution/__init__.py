"""Feature attribution drift: whether the model uses its features in another order than before, in Clarify's files."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine import (
    DataFormatError,
    DatasetMetrics,
    DocumentKinds,
    Measurement,
    MetricDatum,
    Monitor,
    NoDataError,
    Violation,
)
from engine.documents.analysis import Analysis, ClarifyViolations
from plugins.attribution.columns import NO_SOURCE
from plugins.attribution.ranking import ndcg
from plugins.attribution.report import METHOD, analysis_of, explained, local_files
from plugins.attribution.settings import AttributionSettings
from plugins.attribution.tally import Attributions

__all__ = ["AttributionMonitor"]

CHECK = "feature_attribution_drift_check"
"""``constraint_check_type`` of violations."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ranking:
    """How alike the order of features of a label is to the baseline's."""

    label: str
    ndcg: float


class AttributionMonitor(Monitor):
    """Global attributions of features, and drift of their ranking."""

    name: ClassVar[str] = "attribution"
    metrics_group: ClassVar[str] = "explainability-metrics"
    Settings: ClassVar[type[AttributionSettings]] = AttributionSettings
    documents: ClassVar[DocumentKinds] = DocumentKinds(
        Analysis, Analysis, ClarifyViolations, statistics_file="analysis.json", constraints_file="analysis.json"
    )
    reads_explanations: ClassVar[bool] = True

    def __init__(self, settings: AttributionSettings) -> None:
        self.settings = settings

    def dataset_analyzers(self, baseline: Any) -> list[Any]:
        """One, over the columns of attributions or features."""
        return [Attributions(settings=self.settings)]

    def statistics(self, metrics: DatasetMetrics) -> Analysis:
        """The content of ``analysis.json``.

        Raises:
            DataFormatError: Nothing in the data holds attributions, and there is no model.
            NoDataError: No record has attributions.
        """
        tally: Attributions = metrics.dataset["attribution"]
        if not (tally.pairs.values or self.settings.uses_model or self.settings.source == "captured"):
            raise DataFormatError(NO_SOURCE.format(names=", ".join(metrics.columns)))
        if not explained(tally):
            raise NoDataError(
                f"None of {tally.rows:,} records has attributions ({tally.skipped:,} lack a feature, or have one that is no "
                "number)."
            )
        _LOG.info("attributions of %d of %d records", explained(tally), tally.rows)
        return analysis_of(tally)

    def suggest(self, metrics: DatasetMetrics, statistics: Analysis) -> Analysis:
        """The same document: the baseline's values are what later ones are ranked against."""
        return statistics

    def files(self, metrics: DatasetMetrics) -> Mapping[str, str | None]:
        """Attributions of single rows, where they are asked for."""
        return local_files(metrics.dataset["attribution"])

    def verify(self, metrics: DatasetMetrics, statistics: Analysis, baseline: Any) -> list[Violation]:
        """The content of ``constraint_violations.json``."""
        threshold = self.settings.ndcg_threshold
        return [
            Violation(
                constraint_check_type=CHECK,
                description=f"Feature attribution drift {found.ndcg} exceeds threshold {threshold}",
                label=found.label,
                metric_name="shap",
            )
            for found in _rankings(statistics, baseline)
            if found.ndcg < threshold
        ]

    def emissions(self, metrics: DatasetMetrics, statistics: Analysis, baseline: Any) -> list[MetricDatum]:
        """Global values and the expected value of every label."""
        found = []
        for label, block in _labels(statistics).items():
            own = {"ExplainabilityMethod": "KernelShap", "Label": _ascii(label)}
            for feature, value in block["global_shap_values"].items():
                found.append(
                    MetricDatum(f"feature_{_ascii(feature)}", value, dimensions=own | {"ValueType": "GlobalShapValues"})
                )
            if block.get("expected_value") is not None:
                dimensions = own | {"ValueType": "ExpectedValue"}
                found.append(MetricDatum("ExpectedValue", block["expected_value"], dimensions=dimensions))
        return found

    def measurements(self, metrics: DatasetMetrics, statistics: Analysis, baseline: Any) -> list[Measurement]:
        """The nDCG of each label, and global values of all rows and of each slice."""
        threshold = self.settings.ndcg_threshold
        found = [
            Measurement(
                "feature_attribution_ndcg", value=ranking.ndcg, threshold=threshold, detail={"label": ranking.label},
                status="violation" if ranking.ndcg < threshold else "ok", check=CHECK,
            )
            for ranking in _rankings(statistics, baseline)
        ]  # fmt: skip
        tally: Attributions = metrics.dataset["attribution"]
        found.append(Measurement("explained_records", value=float(explained(tally)), detail={"records": tally.rows}))
        before = _labels(baseline.constraints) if baseline and baseline.constraints else {}
        found += _global_values(statistics, before, None)
        for label, part in metrics.slices.items():
            if explained(part.dataset["attribution"]):
                found += _global_values(analysis_of(part.dataset["attribution"]), before, label)
        return found


def _labels(analysis: Analysis) -> dict[str, Any]:
    labels: dict[str, Any] = ((analysis.explanations or {}).get(METHOD)) or {}
    return labels


def _rankings(statistics: Analysis, baseline: Any) -> Iterator[Ranking]:
    """The comparison of each label that both files have. A single one is compared whatever it is called."""
    if baseline is None or baseline.constraints is None:
        return
    now, before = _labels(statistics), _labels(baseline.constraints)
    for label, block in now.items():
        other = label if label in before else next(iter(before), "") if len(now) == len(before) == 1 else ""
        if other not in before:
            _LOG.warning("the label %s is not compared: the baseline has %s", label, ", ".join(before) or "none")
            continue
        if other != label:
            _LOG.warning("the label %s is compared with the baseline's only one, %s", label, other)
        yield from _ranking(label, before[other]["global_shap_values"], block["global_shap_values"])


def _ranking(label: str, before: Mapping[str, float | None], now: Mapping[str, float | None]) -> Iterator[Ranking]:
    known = [{name: value for name, value in values.items() if value is not None} for values in (before, now)]
    different = sorted(known[0].keys() ^ known[1].keys())
    if different:
        _LOG.warning("features that only one of baseline and data has are not compared: %s", ", ".join(different))
    found = ndcg(*known)
    if found is None:
        _LOG.warning("the label %s is not compared: no feature has a value in baseline and data", label)
    else:
        yield Ranking(label, found)


def _global_values(analysis: Analysis, before: Mapping[str, Any], slice_name: str | None) -> Iterator[Measurement]:
    for label, block in _labels(analysis).items():
        known = before.get(label, {}).get("global_shap_values", {})
        for feature, value in block["global_shap_values"].items():
            yield Measurement(
                "global_shap_value", column=feature, slice=slice_name, value=value, baseline=known.get(feature),
                detail={"label": label},
            )  # fmt: skip


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode() or "-"
