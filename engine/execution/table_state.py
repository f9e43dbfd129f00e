"""The state of all analyzers over a part of a table's rows: update, merge, and the form in which it travels.

A column that is absent from a part of the data is a column of nulls there, so an analyzer needs no special case for it. An analyzer
of a plugin (one with a ``spec``) that raises is taken out and its failure kept; one of a monitor that raises ends the job.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pyarrow as pa

from engine.analyzers.base import Analyzer, ColumnAnalyzer, DatasetAnalyzer
from engine.analyzers.state import decode_state, encode_state
from engine.columns.batch import BatchView
from engine.columns.kinds import ValueKind, kind_of_type
from engine.columns.view import ColumnView
from engine.execution.analyses import Analyses
from engine.metrics import WHOLE

Failures = dict[tuple[str, str], str]
"""The first error of a plugin's analyzer, by column and key."""


@dataclass
class TableState:
    """State of a table or a slice of it."""

    rows: int = 0
    columns: dict[str, dict[str, ColumnAnalyzer]] = field(default_factory=dict)
    dataset: dict[str, DatasetAnalyzer] = field(default_factory=dict)
    kinds: dict[str, set[ValueKind]] = field(default_factory=dict)
    failures: Failures = field(default_factory=dict)

    @classmethod
    def empty(cls, analyses: Analyses) -> TableState:
        """The state before the first row."""
        return cls(dataset=dict(analyses.of_dataset()))

    def update(self, batch: pa.RecordBatch, analyses: Analyses) -> None:
        """Take in a batch."""
        kept: dict[str, ColumnView] = {}
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            if name not in self.columns:
                self._add_column(name, analyses)
            view = ColumnView(name, array)
            self._update_column(name, view)
            if self.dataset:  # else the memory of one column serves the next
                kept[name] = view
        for name in self.columns.keys() - set(batch.schema.names):
            self._update_column(name, ColumnView(name, pa.nulls(batch.num_rows)))
        if self.dataset:
            self._update_dataset(BatchView(batch, kept))
        self.rows += batch.num_rows

    def merge(self, part: TableState, analyses: Analyses) -> None:
        """Take in the state of a later part; it is not changed."""
        for name in part.columns:
            if name not in self.columns:
                self._add_column(name, analyses)
        for name, column in self.columns.items():
            if name in part.columns:
                self.kinds[name] |= part.kinds[name]
                self._merge(name, column, part.columns[name])
            elif part.rows:
                self._update_column(name, ColumnView(name, pa.nulls(part.rows)))
        self._merge(WHOLE, self.dataset, part.dataset)
        self.failures = part.failures | self.failures
        self.drop_failed()
        self.rows += part.rows

    def drop_failed(self) -> None:
        """Take out the analyzers that failed somewhere."""
        for name, key in self.failures:
            held: dict[str, Any] = self.columns.get(name, {}) if name else self.dataset
            held.pop(key, None)

    def replace_columns(self, again: TableState) -> None:
        """Take over columns that were read once more, with wider types."""
        self.columns.update(again.columns)
        self.kinds.update(again.kinds)
        self.failures = {place: text for place, text in self.failures.items() if place[0] not in again.columns}
        self.failures.update(again.failures)

    def encode(self) -> dict[str, Any]:
        """The state as JSON values."""
        return {
            "rows": self.rows,
            "columns": {name: _encoded(column) for name, column in self.columns.items()},
            "dataset": _encoded(self.dataset),
            "kinds": {name: sorted(kinds) for name, kinds in self.kinds.items()},
            "failures": [[*place, text] for place, text in self.failures.items()],
        }

    @classmethod
    def decode(cls, raw: dict[str, Any], analyses: Analyses) -> TableState:
        """The inverse of :meth:`encode`. The analyzers come from ``analyses``; what the bytes do not have, failed there."""
        columns = {name: _decoded(analyses.of_column(name), states) for name, states in raw["columns"].items()}
        kinds = {name: set(kinds) for name, kinds in raw["kinds"].items()}
        failures = {(column, key): text for column, key, text in raw["failures"]}
        return cls(raw["rows"], columns, _decoded(analyses.of_dataset(), raw["dataset"]), kinds, failures)

    def _add_column(self, name: str, analyses: Analyses) -> None:
        self.columns[name] = dict(analyses.of_column(name))
        self.kinds[name] = set()
        for key in [key for key in self.columns[name] if (name, key) in self.failures]:
            del self.columns[name][key]
        if self.rows:
            self._update_column(name, ColumnView(name, pa.nulls(self.rows)))

    def _update_column(self, name: str, view: ColumnView) -> None:
        kind = kind_of_type(view.array.type)
        self.kinds[name].add(kind)
        # Nothing is known of a column of nulls; as texts, it has no value that a metric of any kind could stumble over.
        plain = ColumnView(name, pa.nulls(len(view), pa.string())) if kind == "unknown" else view
        for key, analyzer in list(self.columns[name].items()):
            if analyzer.spec is None:
                analyzer.update(view)
            elif kind in ("text", "unknown") or analyzer.spec.accepts(kind):  # what a text is shows only at the end
                self._guarded(name, key, self.columns[name], partial(analyzer.update, plain))

    def _update_dataset(self, batch: BatchView) -> None:
        for key, analyzer in list(self.dataset.items()):
            if analyzer.spec is None:
                analyzer.update(batch)
            else:
                self._guarded(WHOLE, key, self.dataset, partial(analyzer.update, batch))

    def _merge(self, name: str, mine: dict[str, Any], theirs: dict[str, Any]) -> None:
        for key, analyzer in list(mine.items()):
            if key in theirs and analyzer.spec is None:
                analyzer.merge(theirs[key])
            elif key in theirs:
                self._guarded(name, key, mine, partial(analyzer.merge, theirs[key]))

    def _guarded(self, name: str, key: str, held: dict[str, Any], step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and loses nothing but itself
            self.failures.setdefault((name, key), one_line(error))
            del held[key]


def one_line(error: Exception) -> str:
    """An exception as one line of a message."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]


def _encoded(analyzers: dict[str, Any]) -> dict[str, Any]:
    return {key: encode_state(analyzer) for key, analyzer in analyzers.items()}


def _decoded(analyzers: Any, states: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Analyzer] = {key: analyzer for key, analyzer in analyzers.items() if key in states}
    return {key: decode_state(analyzer, states[key]) for key, analyzer in kept.items()}
