"""``baseline_drift_check``: the distance between the distribution of a column and its baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from engine.columns.java_text import java_double
from engine.constraints.categories import compared_categories
from engine.constraints.chi_square import chi_square
from engine.constraints.column_data import ColumnData
from engine.constraints.distance import bucket_distance, categorical_distance, numerical_distance
from engine.constraints.type_check import fails_type_check
from engine.documents.statistics import NUMERIC_TYPES, FeatureStatistics
from engine.documents.violations import Violation


@dataclass(frozen=True)
class Drift:
    """A distance and the bound it may not exceed.

    Attributes:
        distance: From 0 to 1; after the correction of Robust. With ChiSquared, one minus the p-value.
        threshold: The bound.
        note: What stands behind the numbers, for the description.
    """

    distance: float
    threshold: float
    note: str = ""


def drift_of(column: ColumnData) -> Drift | None:
    """The distance of a column from its baseline.

    Returns:
        None if comparison is off, a side has no values or no distribution, the type changed, or the column fails its
        type check: a column of another type has no distance (the container reports none either).
    """
    baseline = column.baseline
    if not column.switches.compare or baseline is None or not (_present(column.current) and _present(baseline)):
        return None
    if _has_other_type(column, baseline):
        return None
    drift = _numeric(column, baseline) if _kind(column.current) == "numeric" else _categorical(column, baseline)
    return drift if drift is not None and math.isfinite(drift.distance) else None


def why_no_drift(column: ColumnData) -> tuple[Literal["no_baseline", "not_enough_data", "not_computed"], str]:
    """Why a column has no distance, as the status of its verdict and a sentence; call only where it has none."""
    baseline = column.baseline
    if baseline is None or not _present(baseline):
        return "no_baseline", "the baseline has no values of this column"
    if not _present(column.current):
        return "not_enough_data", "the column has no values"
    if _has_other_type(column, baseline):
        return "not_computed", f"the type is not that of the baseline ({baseline.inferred_type})"
    if _kind(column.current) != "numeric" and not compared_categories(column.current, baseline)[1]:
        return "no_baseline", "the baseline's statistics list no values of this column: it had too many different ones"
    return (
        "not_computed",
        "there is no distribution to compare: too many different values, or none that the baseline has",
    )


def drift_violation(column: ColumnData, drift: Drift) -> Violation | None:
    """The violation, if the distance exceeds the threshold."""
    if not drift.distance > drift.threshold:
        return None
    distance, threshold = java_double(drift.distance), java_double(drift.threshold)
    description = f"Baseline drift distance: {distance} exceeds threshold: {threshold}{drift.note}"
    return Violation(feature_name=column.name, constraint_check_type="baseline_drift_check", description=description)


def _present(statistics: FeatureStatistics) -> bool:
    return statistics.common is not None and statistics.common.num_present > 0


def _has_other_type(column: ColumnData, baseline: FeatureStatistics) -> bool:
    changed = _kind(column.current) != _kind(baseline) and not column.is_declared_text
    return changed or fails_type_check(column)


def _kind(statistics: FeatureStatistics) -> str:
    return "numeric" if statistics.inferred_type in NUMERIC_TYPES else str(statistics.inferred_type)


def _numeric(column: ColumnData, baseline: FeatureStatistics) -> Drift | None:
    current, expected = column.current.kll, baseline.kll
    if current is None or expected is None or current.sketch is None:
        return None
    sample, method, threshold = current.sketch.data, column.switches.method, column.switches.threshold
    if expected.sketch is None:
        buckets = [(b.lower_bound, b.upper_bound, b.count) for b in expected.buckets]
        return Drift(bucket_distance(sample, buckets, method), threshold)
    compat = column.options.compat_2_0
    return Drift(numerical_distance(sample, expected.sketch.data, method, compat_2_0=compat), threshold)


def _categorical(column: ColumnData, baseline: FeatureStatistics) -> Drift | None:
    (sample, expected), switches = compared_categories(column.current, baseline), column.switches
    if not sample or not expected:
        return None
    if switches.drift_method == "ChiSquared":
        level, p_value = switches.categorical_threshold, chi_square(sample, expected).p_value
        note = f" (ChiSquared: p-value {java_double(p_value)} is below {java_double(level)})"
        return Drift(1.0 - p_value, 1.0 - level, note)
    return Drift(categorical_distance(sample, expected, switches.method), switches.categorical_threshold)
