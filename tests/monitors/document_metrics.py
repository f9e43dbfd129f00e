"""Metrics rebuilt from a statistics document, for tests that have a real document but not its data."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from engine.documents.statistics import FeatureStatistics, Statistics
from engine.metrics import DatasetMetrics


def metrics_from(statistics: Statistics, **columns: dict[str, Any]) -> DatasetMetrics:
    """Metrics that give back the document.

    Args:
        statistics: The document.
        columns: Results to replace, by column.
    """
    rebuilt = {f.name: column_from(f, statistics) | columns.get(f.name, {}) for f in statistics.features}
    return DatasetMetrics(rows=statistics.dataset.item_count, columns=rebuilt)


def column_from(feature: FeatureStatistics, statistics: Statistics) -> dict[str, Any]:
    """Results of a column. The document has no counts by class: all cells are taken to be of the inferred one."""
    common = feature.common
    present, rows = common.num_present if common else 0, statistics.dataset.item_count
    numbers, texts = feature.numerical_statistics, feature.string_statistics
    distinct = numbers.approximate_num_distinct_values if numbers else texts.distinct_count if texts else 0
    return {
        "completeness": SimpleNamespace(num_present=present, num_missing=rows - present, completeness=present / rows),
        "data_type": types(**{feature.inferred_type or "Unknown": present, "Unknown": rows - present}),
        "moments": numbers,
        "kll": kll_from(feature),
        "distinct": int(distinct or 0),
        "categories": feature.categories,
    }


def types(**counts: int) -> Any:
    """Result of the type analyzer with these counts by class."""
    classes = {kind: counts.get(kind, 0) for kind in ("Unknown", "Fractional", "Integral", "Boolean", "String")}
    seen = [kind for kind, count in classes.items() if count and kind != "Unknown"]
    inferred = seen[0] if len(seen) == 1 else "Fractional" if seen == ["Fractional", "Integral"] else "String"
    return SimpleNamespace(inferred=inferred if seen else "Unknown", counts=classes)


def kll_from(feature: FeatureStatistics) -> Any:
    """Result of the sketch."""
    kll = feature.kll
    if kll is None or kll.sketch is None or kll.sketch.parameters is None:
        return None
    return SimpleNamespace(
        buckets=[(b.lower_bound, b.upper_bound, b.count) for b in kll.buckets],
        parameters=(kll.sketch.parameters.k, kll.sketch.parameters.c),
        data=kll.sketch.data,
    )
