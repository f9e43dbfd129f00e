"""The data quality monitor: types, completeness, domains and distributions of every column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from engine.analyzers.base import ColumnAnalyzer
from engine.constraints.categories import accepted_texts
from engine.constraints.column_data import CheckOptions, is_declared_text
from engine.constraints.drift_check import drift_of
from engine.constraints.profile import LOW_CARDINALITY
from engine.constraints.switches import Switches, switches_of
from engine.documents.baseline import Baseline
from engine.documents.constraints import Constraints, DriftMethod
from engine.documents.statistics import FeatureStatistics, Statistics
from engine.documents.violations import Violation
from engine.measurements.measurement import Measurement
from engine.metrics import DatasetMetrics
from engine.monitors.base import MetricDatum, Monitor
from engine.monitors.data_quality_measurements import statistics_rows, with_verdicts
from engine.monitors.data_quality_statistics import statistics_of
from engine.monitors.data_quality_suggestion import constraints_of
from engine.monitors.data_quality_verification import Verification


class DataQualitySettings(BaseModel):
    """Settings of the monitor. The defaults behave as the original container."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    histogram_limit: int = Field(
        default=LOW_CARDINALITY,
        ge=0,
        description="Estimated distinct values up to which a String column gets counts by value.",
    )
    categorical_drift_method: DriftMethod = Field(
        default="LInfinity", description="Comparison of String columns written into suggested constraints."
    )
    fractional_accepts_integral: bool = Field(
        default=False, description="Accept integers in a column expected to be Fractional."
    )
    check_non_negative: bool = Field(default=False, description="Report negative numbers in a column that had none.")
    deequ_2_0_ranks: bool = Field(
        default=True,
        description="Count equal items of a sketch once, as the container does; false compares all values.",
    )
    list_columns: bool = Field(
        default=False, description="Name missing and extra columns at the end of the description."
    )


@dataclass(frozen=True)
class DataQualityMonitor(Monitor):
    """Types, completeness, domains and distributions of every column.

    See :class:`~engine.monitors.base.Monitor`.
    """

    settings: DataQualitySettings = field(default_factory=DataQualitySettings)

    name: ClassVar[str] = "data_quality"
    metrics_group: ClassVar[str] = "data-metrics"
    compares_slices: ClassVar[bool] = True
    Settings: ClassVar[type[DataQualitySettings]] = DataQualitySettings

    def column_names(self, baseline: Baseline) -> list[str] | None:
        """Columns of the constraints, else of the statistics."""
        document = baseline.constraints or baseline.statistics
        return list(document.by_name()) if document else None

    def analyzers(self, column: str, baseline: Baseline | None) -> list[ColumnAnalyzer]:
        """The six standard analyzers, and one more for a column whose allowed values are listed."""
        from engine.analyzers.categories import Categories
        from engine.analyzers.completeness import Completeness
        from engine.analyzers.data_types import DataTypes
        from engine.analyzers.distinct import ApproxCountDistinct
        from engine.analyzers.domain import DomainMatch
        from engine.analyzers.moments import Moments
        from engine.analyzers.quantiles import KllAnalyzer

        # The limit on values is one of the estimate: keep enough of them to be sure when the estimate is below.
        feature = baseline.constraints_by_name.get(column) if baseline else None
        is_text = is_declared_text(feature, baseline.statistics_by_name.get(column)) if baseline else False
        categories = Categories(limit=max(1000, 2 * self.settings.histogram_limit), numeric=is_text)
        types = DataTypes(is_text=is_text)
        standard = [Completeness(), types, Moments(), KllAnalyzer(), ApproxCountDistinct(), categories]
        if feature is None or feature.domains is None:
            return standard
        return [*standard, DomainMatch(domain=tuple(sorted(accepted_texts(feature.domains))))]

    def statistics(self, metrics: DatasetMetrics) -> Statistics:
        """The content of ``statistics.json``."""
        return statistics_of(metrics, self.settings.histogram_limit)

    def suggest(self, metrics: DatasetMetrics, statistics: Statistics) -> Constraints:
        """The content of ``constraints.json`` of a baseline job."""
        return constraints_of(statistics, self.settings.categorical_drift_method)

    def verify(self, metrics: DatasetMetrics, statistics: Statistics, baseline: Baseline) -> list[Violation]:
        """The content of ``constraint_violations.json``."""
        verdicts = self._verification(metrics, statistics, baseline).verdicts()
        return [verdict.violation for verdict in verdicts if verdict.violation is not None]

    def emissions(
        self, metrics: DatasetMetrics, statistics: Statistics, baseline: Baseline | None
    ) -> list[MetricDatum]:
        """``feature_data_*``, ``feature_non_null_*`` and ``feature_baseline_drift_*`` of emitting columns."""
        constraints = baseline.constraints if baseline else None
        whole = switches_of(constraints) if constraints else Switches()
        if not whole.emit:
            return []
        quiet = {f.name for f in constraints.features if not switches_of(constraints, f).emit} if constraints else set()
        found = [d for f in statistics.features if f.name not in quiet for d in _feature_data(f, statistics)]
        if baseline is not None:
            for column in self._verification(metrics, statistics, baseline).columns():
                drift = drift_of(column) if column.switches.emit else None
                if drift is not None:
                    found.append(MetricDatum(f"feature_baseline_drift_{column.name}", drift.distance))
        return [datum for datum in found if datum.is_finite]

    def measurements(
        self, metrics: DatasetMetrics, statistics: Statistics, baseline: Baseline | None
    ) -> list[Measurement]:
        """Statistics of every column, and the verdict on every constraint, of all rows and of each slice."""
        limit = self.settings.histogram_limit
        before = baseline.statistics if baseline else None
        slices = {label: statistics_of(part, limit) for label, part in baseline.slices.items()} if baseline else {}
        rows = statistics_rows(metrics, statistics, before, slices, limit)
        verdicts = self._verification(metrics, statistics, baseline).verdicts() if baseline else []
        return with_verdicts(rows, (verdict.row for verdict in verdicts))

    def _verification(self, metrics: DatasetMetrics, statistics: Statistics, baseline: Baseline) -> Verification:
        s = self.settings
        options = CheckOptions(s.fractional_accepts_integral, s.check_non_negative, s.deequ_2_0_ranks, s.list_columns)
        return Verification(metrics, statistics, baseline, options, s.histogram_limit)


def _feature_data(feature: FeatureStatistics, statistics: Statistics) -> Iterator[MetricDatum]:
    numbers, rows = feature.numerical_statistics, statistics.dataset.item_count
    if numbers is not None and None not in (numbers.sum, numbers.min, numbers.max):
        values: dict[str, Any] = {"Sum": numbers.sum, "Minimum": numbers.min, "Maximum": numbers.max}
        count = {"SampleCount": float(numbers.common.num_present)}
        yield MetricDatum(f"feature_data_{feature.name}", statistic_values=count | values)
    present = feature.common.num_present if feature.common else 0
    if rows:
        yield MetricDatum(f"feature_non_null_{feature.name}", present / rows)
