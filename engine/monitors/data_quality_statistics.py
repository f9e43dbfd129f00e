"""The statistics document of the data quality monitor, from metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.documents.statistics import (
    NULL_VALUE,
    NUMERIC_TYPES,
    CategoricalDistribution,
    CategoryBucket,
    CommonStatistics,
    DatasetSummary,
    FeatureStatistics,
    InferredType,
    KllBucket,
    KllDistribution,
    KllParameters,
    KllSketch,
    NumericalDistribution,
    NumericalStatistics,
    Statistics,
    StringDistribution,
    StringStatistics,
)
from engine.metrics import ColumnMetrics, DatasetMetrics

MODEL_MONITOR_TYPES: dict[str, InferredType] = {
    "Integral": "Integral", "Fractional": "Fractional", "String": "String", "Boolean": "String", "Unknown": "Unknown",
}  # fmt: skip
"""Deequ's types in the words of the document, which has none for Boolean."""


def statistics_of(metrics: DatasetMetrics, histogram_limit: int) -> Statistics:
    """The document in its shape of 2024 and later.

    Args:
        metrics: Results of the standard analyzers.
        histogram_limit: Largest estimated number of distinct values for which counts by value are given.
    """
    features = [feature_of(name, column, histogram_limit) for name, column in metrics.columns.items()]
    return Statistics(dataset=DatasetSummary(item_count=metrics.rows), features=features)


def feature_of(name: str, column: ColumnMetrics, histogram_limit: int) -> FeatureStatistics:
    """Statistics of one column. A column without values is Unknown and has none."""
    kind: InferredType = "Unknown"
    if column["completeness"].num_present:
        kind = MODEL_MONITOR_TYPES[column["data_type"].inferred]
    feature = FeatureStatistics(name=name, inferred_type=kind)
    if kind in NUMERIC_TYPES:
        feature.numerical_statistics = _numerical(column)
    elif kind == "String":
        feature.string_statistics = _string(column, histogram_limit)
    return feature


def _common(column: ColumnMetrics) -> CommonStatistics:
    found = column["completeness"]
    return CommonStatistics(num_present=int(found.num_present), num_missing=int(found.num_missing))


def _numerical(column: ColumnMetrics) -> NumericalStatistics:
    moments, distinct = column["moments"], column["distinct"]
    numbers = {} if moments is None else {
        key: float(getattr(moments, key)) for key in ("mean", "sum", "std_dev", "min", "max")
    }  # fmt: skip
    return NumericalStatistics(
        common=_common(column),
        **numbers,
        approximate_num_distinct_values=int(distinct),
        completeness=float(column["completeness"].completeness),
        distribution=_kll(column["kll"]),
    )


def _kll(result: Any) -> NumericalDistribution | None:
    if result is None:
        return None
    k, c = result.parameters
    buckets = [
        KllBucket(lower_bound=float(low), upper_bound=float(high), count=float(count))
        for low, high, count in result.buckets
    ]
    # The items are doubles by construction: no need to check each of thousands.
    sketch = KllSketch.model_construct(
        parameters=KllParameters(c=float(c), k=float(k)), data=[[float(x) for x in level] for level in result.data]
    )
    return NumericalDistribution(kll=KllDistribution(buckets=buckets, sketch=sketch))


def _with_missing(counts: Mapping[str, int], missing: int) -> Mapping[str, int]:
    """Counts by value with missing cells as one more, which ``distinct_count`` and ``num_present`` leave out."""
    return {**counts, NULL_VALUE: counts.get(NULL_VALUE, 0) + missing} if missing else counts


def _string(column: ColumnMetrics, histogram_limit: int) -> StringStatistics:
    counts, distinct = column["categories"], column["distinct"]
    distribution = None
    if counts is not None and distinct <= histogram_limit:
        counts = _with_missing(counts, int(column["completeness"].num_missing))
        ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        buckets = [CategoryBucket(value=value, count=int(count)) for value, count in ordered]
        distribution = StringDistribution(categorical=CategoricalDistribution(buckets=buckets))
    return StringStatistics(
        common=_common(column),
        distinct_count=float(distinct),
        completeness=float(column["completeness"].completeness),
        distribution=distribution,
    )
