"""The results of the data quality monitor as rows of the table of all results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.constraints.column_data import ColumnData
from engine.constraints.drift_check import drift_of
from engine.documents.statistics import FeatureStatistics, Statistics
from engine.measurements.measurement import Measurement
from engine.metrics import DatasetMetrics
from engine.monitors.data_quality_statistics import statistics_of

_NUMBERS = ("mean", "sum", "std_dev", "min", "max", "approximate_num_distinct_values")


def measurements_of(
    metrics: DatasetMetrics, statistics: Statistics, baseline: Statistics | None, histogram_limit: int
) -> list[Measurement]:
    """Completeness, moments and distinct counts of every column, whole and slice by slice.

    Args:
        metrics: What the pass found.
        statistics: The document of all rows.
        baseline: That of the baseline.
        histogram_limit: As for the document.
    """
    before = baseline.by_name() if baseline else {}
    found = [row for f in statistics.features for row in _of_feature(f, before.get(f.name), None)]
    for label, part in metrics.slices.items():
        found += [row for f in statistics_of(part, histogram_limit).features for row in _of_feature(f, None, label)]
    return found


def drift_measurements(columns: Iterable[ColumnData]) -> Iterator[Measurement]:
    """The drift distances against the thresholds of the constraints."""
    for column in columns:
        drift = drift_of(column)
        if drift is not None:
            beyond = drift.distance > drift.threshold and column.switches.evaluate
            yield Measurement(
                "baseline_drift",
                column.name,
                distance=drift.distance,
                threshold=drift.threshold,
                status="violation" if beyond else "ok",
            )


def _of_feature(now: FeatureStatistics, before: FeatureStatistics | None, label: str | None) -> Iterator[Measurement]:
    previous = _values(before) if before else {}
    for name, value in _values(now).items():
        yield Measurement(name, now.name, label, value, previous.get(name))


def _values(feature: FeatureStatistics) -> dict[str, float | None]:
    numbers, texts = feature.numerical_statistics, feature.string_statistics
    part = numbers or texts
    if part is None:
        return {}
    found: dict[str, float | None] = {"completeness": part.completeness, "num_missing": float(part.common.num_missing)}
    if numbers is not None:
        found |= {name: getattr(numbers, name) for name in _NUMBERS}
    elif texts is not None:
        found["distinct_count"] = texts.distinct_count
    return found
