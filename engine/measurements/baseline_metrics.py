"""The baseline as metrics: from the states that its job kept, else rebuilt from its statistics document."""

from __future__ import annotations

from typing import Any

from engine.analyzers.completeness import CompletenessResult
from engine.analyzers.data_types import DataTypeResult
from engine.analyzers.moments import MomentsResult
from engine.analyzers.quantiles import KllResult
from engine.columns.kinds import ValueKind
from engine.documents.statistics import FeatureStatistics, Statistics
from engine.metrics import DatasetMetrics
from engine.sketches.kll import SHRINKING_FACTOR, SKETCH_SIZE

_KINDS: dict[str | None, ValueKind] = {"Integral": "number", "Fractional": "number", "String": "text"}


def metrics_of_statistics(statistics: Statistics) -> DatasetMetrics:
    """The results of the standard analyzers as far as ``statistics.json`` holds them: what drift is computed from."""
    columns = {feature.name: _column(feature) for feature in statistics.features}
    kinds = {f.name: _KINDS.get(f.inferred_type, "unknown") for f in statistics.features}
    return DatasetMetrics(statistics.dataset.item_count, columns, kinds=kinds)


def _column(feature: FeatureStatistics) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kll": _kll(feature),
        "categories": feature.present_categories,
        "moments": _moments(feature),
    }
    found["data_type"] = DataTypeResult(feature.inferred_type or "Unknown", {})
    if feature.common is not None:
        present, missing = feature.common.num_present, feature.common.num_missing
        share = present / (present + missing) if present + missing else 0.0
        found["completeness"] = CompletenessResult(present, missing, share)
    if feature.numerical_statistics is not None:
        found["distinct"] = feature.numerical_statistics.approximate_num_distinct_values
    elif feature.string_statistics is not None:
        found["distinct"] = feature.string_statistics.distinct_count
    return found


def _kll(feature: FeatureStatistics) -> KllResult | None:
    kll = feature.kll
    if kll is None or kll.sketch is None:
        return None
    buckets = [(bucket.lower_bound, bucket.upper_bound, int(bucket.count)) for bucket in kll.buckets]
    written = kll.sketch.parameters
    parameters = (int(written.k), written.c) if written else (SKETCH_SIZE, SHRINKING_FACTOR)
    return KllResult(buckets, parameters, kll.sketch.data)


def _moments(feature: FeatureStatistics) -> MomentsResult | None:
    numbers = feature.numerical_statistics
    found = [numbers and getattr(numbers, key) for key in ("mean", "sum", "std_dev", "min", "max")]
    if numbers is None or None in found:
        return None
    mean, total, std_dev, low, high = (float(value or 0.0) for value in found)
    return MomentsResult(numbers.common.num_present, mean, total, std_dev, std_dev**2, low, high)
