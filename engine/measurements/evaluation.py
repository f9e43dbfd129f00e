"""Compute the results of all metrics in use, whole and slice by slice. A plugin that raises fails alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engine.analyzers.base import Analyzer, DatasetAnalyzer, DerivedMetric
from engine.analyzers.measured import Measured, measured
from engine.columns.addresses import resolve
from engine.columns.kinds import ValueKind
from engine.columns.layout import Layout
from engine.foreign_code import ForeignError, call_foreign
from engine.measurements.use import MetricUse, uses_of_column
from engine.metrics import WHOLE, DatasetMetrics, MetricFailure


@dataclass(frozen=True)
class Evaluated:
    """A result of a metric in use.

    Attributes:
        use: The metric.
        column: Its column; ``WHOLE`` for metrics of whole records.
        slice: Label of the slice; None for all rows.
        key: Name of the result.
        found: The result.
    """

    use: MetricUse
    column: str
    slice: str | None
    key: str
    found: Measured


@dataclass
class Evaluation:
    """All results, and what failed."""

    results: list[Evaluated] = field(default_factory=list)
    failures: list[MetricFailure] = field(default_factory=list)

    def by_place(self) -> dict[tuple[str | None, str, str], Measured]:
        """Results by slice, column and key."""
        return {(r.slice, r.column, r.key): r.found for r in self.results}


def evaluate(uses: Sequence[MetricUse], metrics: DatasetMetrics, baseline: DatasetMetrics | None) -> Evaluation:
    """Results of metrics on a dataset and its slices.

    Args:
        uses: The metrics.
        metrics: What the pass found.
        baseline: The same of the baseline; None in a baseline job.
    """
    evaluation = Evaluation(failures=list(metrics.failures))
    _evaluate_table(evaluation, uses, None, metrics, baseline)
    for label, table in metrics.slices.items():
        before = baseline.slices.get(label) if baseline else None
        evaluation.failures += [f for f in table.failures if f not in evaluation.failures]
        _evaluate_table(evaluation, uses, label, table, before)
    return evaluation


def _evaluate_table(
    into: Evaluation, uses: Sequence[MetricUse], label: str | None, now: DatasetMetrics, before: DatasetMetrics | None
) -> None:
    for column, use in _places(uses, now):
        try:
            results = call_foreign(partial(_results, use, column, now, before), use.metric.__module__)
        except ForeignError as error:
            where = f"result of slice {label}" if label else "result"
            into.failures.append(MetricFailure(use.key, column, where, str(error)))
            continue
        into.results += [Evaluated(use, column, label, key, found) for key, found in results.items()]


def _places(uses: Sequence[MetricUse], now: DatasetMetrics) -> Iterator[tuple[str, MetricUse]]:
    """Where each metric has a result: on columns of the kinds it takes, or on the whole."""
    for use in uses:
        if use.of_dataset and use.key in now.plugged.get(WHOLE, {}):
            yield WHOLE, use
    for column in now.columns:
        kind: ValueKind = now.kinds.get(column, "unknown")
        for use in uses_of_column(uses, column).values():
            if (
                use.means(column, now.columns)
                and use.spec.accepts(kind)
                and (not use.of_column or use.key in now.plugged.get(column, {}))
            ):
                yield column, use


def _results(use: MetricUse, column: str, now: DatasetMetrics, before: DatasetMetrics | None) -> dict[str, Measured]:
    """The results by name, each checked: what comes later may rely on them."""
    results: dict[str, Measured] = {}
    for key, found in measured(use.key, _result(use, column, now, before)):
        if key in results:
            raise ValueError(f"it gives two results of the name {key!r}")
        results[key] = found
    return results


def _result(use: MetricUse, column: str, now: DatasetMetrics, before: DatasetMetrics | None) -> Any:
    if issubclass(use.metric, DerivedMetric):
        return use.new().compute(now.columns[column], before.columns.get(column) if before else None)
    mine: Analyzer = now.plugged[column][use.key]
    if isinstance(mine, DatasetAnalyzer):
        _check_columns(mine.reads, now)
    theirs = before.plugged.get(column, {}).get(use.key) if before else None
    return mine.compare(theirs) if theirs is not None else mine.result()


def _check_columns(reads: Sequence[str], now: DatasetMetrics) -> None:
    layout = Layout.from_names(tuple(now.columns))
    absent = [name for name in reads if name not in now.columns and not resolve(layout, name)]
    if absent:
        raise LookupError(f"the data has no column {absent[0]!r}; it has {', '.join(now.columns)}")
