"""The state of all analyzers over a part of a table's rows: update, merge, and the form in which it travels.

A column that is absent from a part of the data is a column of nulls there, so an analyzer needs no special case for it. An analyzer
of a plugin (one whose class has a ``spec``) that raises is taken out and its failure kept. Where one of a monitor raises, it is the
column that cannot be analysed: it is left out, everywhere, and its failure kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pyarrow as pa

from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer
from engine.analyzers.metric_spec import MetricSpec
from engine.analyzers.plugged import is_plugged
from engine.columns.batch import BatchView
from engine.columns.kinds import ValueKind, kind_of_type
from engine.columns.view import ColumnView
from engine.errors import MonitorError
from engine.execution.analyses import Analyses
from engine.execution.guarding import Failures, Guard
from engine.foreign_code import describe
from engine.metrics import ENTIRE_COLUMN, WHOLE


@dataclass
class TableState:
    """State of a table or a slice of it."""

    rows: int = 0
    columns: dict[str, dict[str, ColumnAnalyzer]] = field(default_factory=dict)
    dataset: dict[str, DatasetAnalyzer] = field(default_factory=dict)
    kinds: dict[str, set[ValueKind]] = field(default_factory=dict)
    failures: Failures = field(default_factory=dict)
    where: str = "merging"

    @classmethod
    def empty(cls, analyses: Analyses, where: str = "merging") -> TableState:
        """The state before the first row.

        Args:
            analyses: Which analyzers there are.
            where: Name of the part of the data, or of what is done, for messages.
        """
        return cls(dataset=dict(analyses.of_dataset()), where=where)

    def update(self, batch: pa.RecordBatch, analyses: Analyses) -> None:
        """Take in a batch."""
        kept: dict[str, ColumnView] = {}
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            if self._is_left_out(name):
                continue
            if name not in self.columns:
                self._add_column(name, analyses)
            view = ColumnView(name, array)
            self._update_column(name, view)
            if self.dataset:  # else the memory of one column serves the next
                kept[name] = view
        for name in sorted(self.columns.keys() - set(batch.schema.names)):
            self._update_column(name, ColumnView(name, pa.nulls(batch.num_rows)))
        if self.dataset:
            self._update_dataset(BatchView(batch, kept))
        self.rows += batch.num_rows

    def merge(self, part: TableState, analyses: Analyses) -> None:
        """Take in the state of a later part; it is not changed."""
        for name in part.columns:
            if name not in self.columns and not self._is_left_out(name):
                self._add_column(name, analyses)
        for name, column in list(self.columns.items()):
            if name in part.columns:
                self.kinds[name] |= part.kinds[name]
                self._guard.merge(name, column, part.columns[name])
            elif part.rows:
                self._update_column(name, ColumnView(name, pa.nulls(part.rows)))
        self._guard.merge(WHOLE, self.dataset, part.dataset)
        self.failures = part.failures | self.failures
        self.drop_failed()
        self.rows += part.rows

    def drop_failed(self) -> None:
        """Take out the analyzers that failed somewhere, and the columns that cannot be analysed."""
        for name, key in self.failures:
            if key == ENTIRE_COLUMN:
                self.columns.pop(name, None)
            held: dict[str, Any] = self.columns.get(name, {}) if name else self.dataset
            held.pop(key, None)

    def _is_left_out(self, name: str) -> bool:
        return bool(self.failures) and (name, ENTIRE_COLUMN) in self.failures

    def replace_columns(self, again: TableState) -> None:
        """Take over columns that were read once more, with wider types."""
        self.columns.update(again.columns)
        self.kinds.update(again.kinds)
        self.failures = {place: text for place, text in self.failures.items() if place[0] not in again.columns}
        self.failures.update(again.failures)
        self.drop_failed()

    def encode(self) -> dict[str, Any]:
        """The state as JSON values and arrays. A plugin's analyzer whose state cannot be written fails here."""
        columns = {name: self._guard.encode(name, column) for name, column in self.columns.items()}
        return {
            "rows": self.rows,
            "columns": columns,
            "dataset": self._guard.encode(WHOLE, self.dataset),
            "kinds": {name: sorted(kinds) for name, kinds in self.kinds.items()},
            "failures": [[*place, text] for place, text in self.failures.items()],
        }

    @classmethod
    def decode(cls, raw: dict[str, Any], analyses: Analyses, *, guarded: bool = False) -> TableState:
        """The inverse of :meth:`encode`. The analyzers come from ``analyses``; what the bytes do not have, failed there.

        Args:
            raw: From :meth:`encode`.
            analyses: Which analyzers there are.
            guarded: Whether a plugin's analyzer that refuses its own state fails alone; else that raises.
        """
        failures = {(column, key): text for column, key, text in raw["failures"]}
        table = cls(raw["rows"], failures=failures, where="reading the state")
        table.kinds = {name: set(kinds) for name, kinds in raw["kinds"].items()}
        for name, states in raw["columns"].items():
            table.columns[name] = table._guard.decode(name, dict(analyses.of_column(name)), states, guarded)
        table.dataset = table._guard.decode(WHOLE, dict(analyses.of_dataset()), raw["dataset"], guarded)
        return table

    def _add_column(self, name: str, analyses: Analyses) -> None:
        self.columns[name] = dict(analyses.of_column(name))
        self.kinds[name] = set()
        for key in [key for key in self.columns[name] if (name, key) in self.failures]:
            del self.columns[name][key]
        if self.rows:
            self._update_column(name, ColumnView(name, pa.nulls(self.rows)))

    def _update_column(self, name: str, view: ColumnView) -> None:
        if name not in self.columns:  # as nulls, for earlier rows, it could not be analysed
            return
        try:
            kind = kind_of_type(view.array.type)
            self.kinds[name].add(kind)
            for analyzer in self.columns[name].values():
                if not is_plugged(analyzer):
                    analyzer.update(view)
        except (MonitorError, MemoryError):  # a setting, or the machine, is at fault
            raise
        except Exception as error:  # noqa: BLE001 - whatever is odd about a column must not cost the others
            self.failures.setdefault((name, ENTIRE_COLUMN), f"{self.where}: type {view.array.type}: {describe(error)}")
            del self.columns[name]
            return
        self._update_plugged(name, view, kind)

    def _update_plugged(self, name: str, view: ColumnView, kind: ValueKind) -> None:
        # Nothing is known of a column of nulls; as texts, it has no value that a metric of any kind could stumble over.
        plain = ColumnView(name, pa.nulls(len(view), pa.string())) if kind == "unknown" else view
        for key, analyzer in list(self.columns[name].items()):
            if is_plugged(analyzer):
                self._guard.call(name, key, self.columns[name], partial(_update_accepted, analyzer, plain, kind))

    def _update_dataset(self, batch: BatchView) -> None:
        for key, analyzer in list(self.dataset.items()):
            if is_plugged(analyzer):
                self._guard.call(WHOLE, key, self.dataset, partial(_update_by_names, analyzer, batch))
            else:
                analyzer.update(batch)

    @property
    def _guard(self) -> Guard:
        return Guard(self.failures, self.where)


def _update_by_names(analyzer: DatasetAnalyzer, batch: BatchView) -> None:
    """Give a batch to a plugin that may name its columns in any form: in another case, by index or by path."""
    analyzer.update(batch.naming(analyzer.reads))


def _update_accepted(analyzer: ColumnAnalyzer, view: ColumnView, kind: ValueKind) -> None:
    """Give a column to a plugin that takes its kind; what a text is shows only at the end."""
    if kind in ("text", "unknown") or (analyzer.spec or MetricSpec()).accepts(kind):
        analyzer.update(view)
