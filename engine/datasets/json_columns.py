"""Parsed JSON objects as flat Arrow columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.layout import PartColumn
from engine.datasets.column_types import widest
from engine.datasets.json_flatten import walk
from engine.datasets.json_types import ARROW_TYPES
from engine.datasets.json_values import JsonNumber, clean_text, json_text


@dataclass(frozen=True)
class FlatColumns:
    """Columns by flat name, each in its natural type.

    Attributes:
        columns: The columns.
        rows: The number of rows.
        sources: Where each column comes from, of captures.
        notes: What is worth saying at the end of the job, and how often it occurred.
    """

    columns: Mapping[str, pa.Array]
    rows: int
    sources: Mapping[str, PartColumn] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


@dataclass
class _Cells:
    """The cells of one column.

    Attributes:
        path: Its flat name with ``*`` for places in lists.
        cells: One a row, as far as the last row that has one.
        doubled: Records with two members of this flat name, of which the first counts.
    """

    path: str
    cells: list[Any] = field(default_factory=list)
    doubled: int = 0

    def add(self, row: int, cell: Any) -> None:
        """Take in the cell of a row, the first that there is."""
        if len(self.cells) > row:
            self.doubled += 1
        else:
            self.cells.extend([None] * (row - len(self.cells)))
            self.cells.append(cell)

    def is_column(self, filled: Container[str]) -> bool:
        """Whether there is a value, or none at any place of the path: nulls beside objects or in uneven lists are no column."""
        return self.path not in filled or any(cell is not None for cell in self.cells)


def from_objects(values: Sequence[Mapping[str, Any]], texts: Container[str] = ()) -> FlatColumns:
    """Columns of objects that are parsed already.

    Args:
        values: The objects, one a row.
        texts: Columns known to be text: numbers in them keep their JSON text.
    """
    flat: dict[str, _Cells] = {}
    filled: set[str] = set()
    for row, value in enumerate(values):
        for name, path, cell in walk(value):
            if cell is not None:
                filled.add(path)
            if not isinstance(cell, dict | list):
                flat.setdefault(name, _Cells(path)).add(row, cell)
    kinds = _kinds(flat)
    columns: dict[str, pa.Array] = {}
    for raw, column in flat.items():
        name = clean_text(raw)
        if column.is_column(filled) and name not in columns:
            cells = column.cells + [None] * (len(values) - len(column.cells))
            columns[name] = _array(cells, "text" if name in texts else kinds[raw])
    return FlatColumns(columns, len(values), notes=_notes(flat))


def _notes(flat: Mapping[str, _Cells]) -> dict[str, int]:
    doubled = {clean_text(name): column.doubled for name, column in flat.items() if column.doubled}
    notes = {
        f"records in which two members have the flat name {name!r}, of which the first is read": count
        for name, count in doubled.items()
    }
    for name, members in Counter(clean_text(name) for name in flat).items():
        if members > 1:
            notes[f"column {name!r} stands for members whose names are no Unicode text, of which the first is read"] = 1
    return notes


def _kinds(flat: Mapping[str, _Cells]) -> dict[str, str | None]:
    """The type of each column. Numbers at one place of lists are of one type, integers or doubles, whatever their positions."""
    kinds = {name: _common_kind(column.cells) for name, column in flat.items()}
    doubles = {flat[name].path for name, kind in kinds.items() if kind == "double"}
    return {
        name: "double" if kind == "integer" and flat[name].path in doubles else kind for name, kind in kinds.items()
    }


def _common_kind(cells: Sequence[Any]) -> str | None:
    kind: str | None = None
    for cell in cells:
        kind = widest(kind, _kind(cell))
        if kind == "text":
            break
    return kind


def _array(cells: list[Any], kind: str | None) -> pa.Array:
    if kind is None:
        return pa.nulls(len(cells))
    if kind == "text":
        return pa.array([json_text(cell) if _is_present(cell) else None for cell in cells], pa.string())
    if kind == "double":
        return finite(pa.array([None if cell is None else float(cell) for cell in cells], pa.float64()))
    return pa.array(cells, ARROW_TYPES[kind])


def _is_present(cell: Any) -> bool:
    """Whether a cell holds a value: null does not, nor ``NaN`` and ``Infinity``. A number beyond all doubles has its text."""
    return cell is not None and (not isinstance(cell, float) or isinstance(cell, JsonNumber) or math.isfinite(cell))


def finite(doubles: pa.Array) -> pa.Array:
    """Doubles of which those beyond the largest are missing, and zeros have no sign (``-0`` is an integer in JSON).

    >>> finite(pa.array([1.5, float("inf"), -0.0])).to_pylist()
    [1.5, None, 0.0]
    """
    is_finite = pc.is_finite(doubles)
    if not pc.all(is_finite, min_count=0).as_py():
        doubles = pc.if_else(is_finite, doubles, None)
    return pc.add(doubles, 0.0)


def _kind(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int):
        return "integer" if -(2**63) <= cell < 2**63 else "double"
    return "double" if isinstance(cell, float) else "text"
