"""The results of the data quality monitor as rows of the table of all results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.documents.statistics import FeatureStatistics, Statistics
from engine.measurements.measurement import Measurement
from engine.metrics import DatasetMetrics
from engine.monitors.data_quality_statistics import statistics_of

_NUMBERS = ("mean", "sum", "std_dev", "min", "max", "approximate_num_distinct_values")


def statistics_rows(
    metrics: DatasetMetrics,
    statistics: Statistics,
    baseline: Statistics | None,
    slices: dict[str, Statistics],
    histogram_limit: int,
) -> list[Measurement]:
    """Completeness, moments and distinct counts of every column, whole and slice by slice.

    Args:
        metrics: What the pass found.
        statistics: The document of all rows.
        baseline: That of the baseline.
        slices: The same of the baseline's slices, as far as they are known.
        histogram_limit: As for the document.
    """
    rows = list(_of_statistics(statistics, baseline, None))
    for label, part in metrics.slices.items():
        rows += _of_statistics(statistics_of(part, histogram_limit), slices.get(label), label)
    return rows


def with_verdicts(rows: Iterable[Measurement], verdicts: Iterable[Measurement]) -> list[Measurement]:
    """The rows of the statistics, of which those that a constraint is about carry its verdict; then the other verdicts."""
    judged = {_place(verdict): verdict for verdict in verdicts}
    merged = []
    for row in rows:
        verdict = judged.pop(_place(row), None)
        merged.append(row if verdict is None else replace(verdict, value=row.value, baseline=row.baseline))
    return merged + list(judged.values())


def _place(row: Measurement) -> tuple[str, str | None, str | None]:
    return row.metric, row.column, row.slice


def _of_statistics(now: Statistics, before: Statistics | None, label: str | None) -> Iterator[Measurement]:
    known = before.by_name() if before else {}
    for feature in now.features:
        previous = _values(known[feature.name]) if feature.name in known else {}
        for name, value in _values(feature).items():
            yield Measurement(name, feature.name, label, value, previous.get(name))


def _values(feature: FeatureStatistics) -> dict[str, float | None]:
    numbers, texts = feature.numerical_statistics, feature.string_statistics
    part = numbers or texts
    if part is None:
        return {}
    values: dict[str, float | None] = {"completeness": part.completeness, "num_missing": float(part.common.num_missing)}
    if numbers is not None:
        values |= {name: getattr(numbers, name) for name in _NUMBERS}
    elif texts is not None:
        values["distinct_count"] = texts.distinct_count
    return values
