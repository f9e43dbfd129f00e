"""What a pass over a dataset yields: the results of the analyzers, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.analyzers.base import Analyzer
from engine.columns.kinds import ValueKind

ColumnMetrics = Mapping[str, Any]
"""Results by analyzer name."""

WHOLE = ""
"""The place of a dataset's own metrics among those of its columns."""

ENTIRE_COLUMN = "all metrics"
"""The metric that is named where a column cannot be analysed at all; no plugin may have this name."""

MOST_NAMED = 3
"""Columns and places that a message lists; of more it says how many."""


@dataclass(frozen=True)
class MetricFailure:
    """A metric of a plugin that could not be computed.

    Attributes:
        metric: Its key.
        column: Where it failed; empty for metrics of the whole dataset.
        where: Split, or what the engine was doing.
        error: The exception, in one line.
        origin: Distribution or file that the metric comes from.
    """

    metric: str
    column: str
    where: str
    error: str
    origin: str = ""

    def __str__(self) -> str:
        return _sentence(self, [self.column], [self.where])


def failure_texts(failures: Iterable[MetricFailure]) -> list[str]:
    """The failures as sentences: one for what failed in the same way on several columns, slices or splits.

    >>> failed = [MetricFailure("length", column, "result", "KeyError: 1", "file a.py") for column in "abcde"]
    >>> failure_texts(failed)
    ["metric 'length' of columns 'a', 'b', 'c' and 2 more failed (result): KeyError: 1 [file a.py]"]
    """
    groups: dict[tuple[str, str, str, bool], list[MetricFailure]] = {}
    for failure in failures:
        groups.setdefault((failure.metric, failure.error, failure.origin, bool(failure.column)), []).append(failure)
    return [_sentence(alike[0], [f.column for f in alike], [f.where for f in alike]) for alike in groups.values()]


def _sentence(failure: MetricFailure, columns: list[str], places: list[str]) -> str:
    names = list(dict.fromkeys(map(repr, filter(None, columns))))
    of = f"{'column' if len(names) == 1 else 'columns'} {_listed(names)}" if names else ""
    where, origin = _listed(list(dict.fromkeys(places))), f" [{failure.origin}]" if failure.origin else ""
    if failure.metric == ENTIRE_COLUMN:
        return f"{of} cannot be analysed and {'is' if len(names) == 1 else 'are'} left out ({where}): {failure.error}"
    return f"metric {failure.metric!r}{f' of {of}' if of else ''} failed ({where}): {failure.error}{origin}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


@dataclass(frozen=True)
class DatasetMetrics:
    """Metrics of a dataset, or of one slice or chunk of it.

    Attributes:
        rows: Number of records analysed; malformed ones are not among them.
        columns: Metrics by column name, in the order of the table.
        malformed: Number of records put in quarantine.
        notes: Counts of things worth saying at the end, by text.
        dataset: Results of the monitor's dataset analyzers by name.
        plugged: Analyzers of plugins by column (``WHOLE``: of the dataset) and key; their results are computed when judged.
        kinds: What each column holds.
        slices: The same of each slice, by its label.
        chunks: The same of each chunk of the data, where thresholds are learnt.
        failures: Metrics of plugins that failed during the pass.
        enough_rows: Whether there are enough rows for a verdict; a small slice has none.
        times: First and last time of the records, where they have one.
    """

    rows: int
    columns: Mapping[str, ColumnMetrics]
    malformed: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)
    dataset: Mapping[str, Any] = field(default_factory=dict)
    plugged: Mapping[str, Mapping[str, Analyzer]] = field(default_factory=dict)
    kinds: Mapping[str, ValueKind] = field(default_factory=dict)
    slices: Mapping[str, DatasetMetrics] = field(default_factory=dict)
    chunks: tuple[DatasetMetrics, ...] = ()
    failures: tuple[MetricFailure, ...] = ()
    enough_rows: bool = True
    times: tuple[datetime | None, datetime | None] = (None, None)

    def with_least_rows(self, min_rows: int) -> DatasetMetrics:
        """The same, in which slices of fewer rows are marked."""
        slices = {label: replace(part, enough_rows=part.rows >= min_rows) for label, part in self.slices.items()}
        return replace(self, slices=slices)
