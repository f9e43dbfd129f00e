"""Verification of the data quality monitor: all checks, column by column."""

from __future__ import annotations

from collections.abc import Iterator

from engine.constraints.column_count import check_columns
from engine.constraints.column_data import CheckOptions, ColumnData
from engine.constraints.content_checks import check_completeness, check_domain, check_non_negative
from engine.constraints.drift_check import check_drift
from engine.constraints.switches import switches_of
from engine.constraints.type_check import check_type
from engine.documents.baseline import Baseline
from engine.documents.statistics import Statistics
from engine.documents.violations import Violation
from engine.metrics import DatasetMetrics

CHECKS = (check_type, check_completeness, check_domain, check_drift, check_non_negative)
"""Checks of a column, in the order in which they are reported."""


def columns_of(
    metrics: DatasetMetrics, statistics: Statistics, baseline: Baseline, options: CheckOptions
) -> Iterator[ColumnData]:
    """Columns that both the constraints and the current data have, in the order of the constraints."""
    if baseline.constraints is None:
        return
    current = statistics.by_name()
    before = baseline.statistics.by_name() if baseline.statistics else {}
    for feature in baseline.constraints.features:
        if feature.name in current:
            yield ColumnData(
                constraints=feature,
                metrics=metrics.columns.get(feature.name, {}),
                current=current[feature.name],
                baseline=before.get(feature.name),
                switches=switches_of(baseline.constraints, feature),
                options=options,
            )


def violations_of(
    metrics: DatasetMetrics, statistics: Statistics, baseline: Baseline, options: CheckOptions
) -> list[Violation]:
    """Violations in the order of the columns, those of the table last; none if the file disables evaluation."""
    if baseline.constraints is None or not switches_of(baseline.constraints).evaluate:
        return []
    columns = columns_of(metrics, statistics, baseline, options)
    found = (check(column) for column in columns if column.switches.evaluate for check in CHECKS)
    names = [feature.name for feature in statistics.features]
    expected = [feature.name for feature in baseline.constraints.features]
    return [v for v in found if v is not None] + check_columns(names, expected, options.list_columns)
