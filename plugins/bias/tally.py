"""The state of the bias monitor: what one pass over the data leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from engine import BatchView, DataFormatError, DatasetAnalyzer, setting
from plugins.bias.column_kinds import ColumnKind, numbers_of
from plugins.bias.columns import Columns, predictions_of, resolve
from plugins.bias.first_seen import FirstSeen
from plugins.bias.rows import Rows
from plugins.bias.selection import Cells, cells_of, values_of
from plugins.bias.settings import BiasSettings, Facet

MOST_CELLS = 100_000
"""Cells that are counted a facet."""
_ANY = BiasSettings(
    label="label", label_values_or_threshold=[1], facet=[Facet(name_or_index="facet")], predicted_label="prediction"
)
LABEL, PREDICTION = "label", "prediction"


@dataclass
class Kinds:
    """What the columns are, by role. Merges itself."""

    by_role: dict[str, ColumnKind] = field(default_factory=dict)

    def __getitem__(self, role: str) -> ColumnKind:
        return self.by_role.setdefault(role, ColumnKind())

    def merge(self, other: Kinds) -> None:
        """Take in a later part."""
        for role, kind in other.by_role.items():
            self[role].merge(kind)

    def to_state(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {role: kind.to_state() for role, kind in self.by_role.items()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Kinds:
        """The inverse of ``to_state``."""
        return cls({role: ColumnKind.from_state(kind) for role, kind in state.items()})


@dataclass
class Names:
    """Names that are the same in all parts. Merges itself."""

    names: list[str] = field(default_factory=list)

    def merge(self, other: Names) -> None:
        """Take in a later part, which may know them when this one is empty."""
        self.names = self.names or other.names

    def to_state(self) -> dict[str, Any]:
        """Plain values."""
        return {"names": self.names}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Names:
        """The inverse of ``to_state``."""
        return cls(**state)


@dataclass
class Tally(DatasetAnalyzer):
    """Rows by the cells of facet, label, prediction and group, the kinds of these columns, and rows for the flip test.

    Attributes:
        cells: Rows by a JSON list: index of the facet, its cell, those of label, prediction and group.
        unfit: Values that are no numbers, by column; the flip test leaves such columns out.
        facet_columns: The columns of the facets, of which the flip test leaves out the one it is about.
        groups: Cells of each facet that lists no values, in the order of the data.
    """

    name: ClassVar[str] = "bias"

    settings: BiasSettings = setting(default=_ANY, description="Settings of the monitor.")  # noqa: RUF009
    rows: int = 0
    cells: dict[str, int] = field(default_factory=dict)
    kinds: Kinds = field(default_factory=Kinds)
    unfit: dict[str, int] = field(default_factory=dict)
    sample: Rows = field(default_factory=Rows)
    facet_columns: Names = field(default_factory=Names)
    groups: FirstSeen = field(default_factory=FirstSeen)

    def update(self, batch: BatchView) -> None:
        if not batch.rows:
            return
        columns = resolve(batch, self.settings)
        self.rows += batch.rows
        self.facet_columns.names = columns.facets
        label = self._role(batch, LABEL, columns.label, self.settings.label_values_or_threshold)
        prediction = self._prediction(batch, columns)
        group = values_of(batch.labels(columns.group)) if columns.group else _nothing(batch)
        facets = []
        for index, (facet, name) in enumerate(zip(self.settings.facet, columns.facets, strict=True)):
            facets.append(self._role(batch, f"facet {index}", name, facet.value_or_threshold))
            if not facet.value_or_threshold:
                self.groups.add(str(index), facets[-1].names)
            self._count(index, (facets[-1], label, prediction, group))
        if "FT" in self.settings.post_training:
            self._keep(batch, columns, [*facets, prediction])

    def result(self) -> Tally:
        return self

    def _role(self, batch: BatchView, role: str, name: str, listed: list[Any]) -> Cells:
        self.kinds[role].update(batch, name)
        return cells_of(batch.labels(name), numbers_of(batch, name), listed)

    def _prediction(self, batch: BatchView, columns: Columns) -> Cells:
        if not self.settings.post_training:
            return _nothing(batch)
        if columns.prediction is not None and not columns.scores:
            return self._role(batch, PREDICTION, columns.prediction, self.settings.label_values_or_threshold)
        made = BatchView(
            pa.RecordBatch.from_arrays([predictions_of(batch, columns.scores, self.settings)], ["prediction"])
        )
        return self._role(made, PREDICTION, "prediction", self.settings.label_values_or_threshold)

    def _count(self, index: int, parts: tuple[Cells, ...]) -> None:
        shape = [len(part.names) for part in parts]
        flat, counts = np.unique(np.ravel_multi_index([part.codes for part in parts], shape), return_counts=True)
        for place, count in zip(zip(*np.unravel_index(flat, shape), strict=True), counts.tolist(), strict=True):
            key = json.dumps([index, *(part.names[code] for part, code in zip(parts, place, strict=True))])
            self.cells[key] = self.cells.get(key, 0) + count
        if len(self.cells) > MOST_CELLS * len(self.settings.facet):
            raise DataFormatError(
                f"facet {self.settings.facet[index].name_or_index!r} and group_variable {self.settings.group_variable!r} have "
                f"more than {MOST_CELLS:,} combinations: give value_or_threshold, or a group variable with fewer values."
            )

    def _keep(self, batch: BatchView, columns: Columns, parts: list[Cells]) -> None:
        self.sample.limit = self.settings.ft_max_rows
        names = [name for name in columns.features if name not in self.unfit]
        values = np.column_stack([numbers_of(batch, name) for name in names]) if names else np.empty((batch.rows, 0))
        for name, column in zip(names, values.T, strict=True):
            present = batch.rows - batch.texts(name).null_count
            if np.isnan(column).sum() > batch.rows - present:
                self.unfit[name] = self.unfit.get(name, 0) + 1
        admitted = self.sample.admits(names, values)
        codes = zip(*(part.codes[admitted].tolist() for part in parts), strict=True)
        cells = [[part.names[code] for part, code in zip(parts, row, strict=True)] for row in codes]
        self.sample.update(names, values[admitted], cells, batch.rows)


def table_of(tally: Tally, index: int) -> Iterator[tuple[list[str], int]]:
    """The cells of a facet in an order of their own: of facet, label, prediction and group; and the rows."""
    for key in sorted(tally.cells):
        facet, *cells = json.loads(key)
        if facet == index:
            yield cells, tally.cells[key]


def _nothing(batch: BatchView) -> Cells:
    return Cells(np.zeros(batch.rows, np.int64), ["?"])
