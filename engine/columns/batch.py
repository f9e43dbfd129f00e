"""A batch of records as analyzers of several columns see it. What is costly is computed once, when first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.addresses import Address, require_column, require_columns, resolve
from engine.columns.java_text import as_text
from engine.columns.labels import canonical_labels
from engine.columns.layout import Layout, Part
from engine.columns.numbers import FloatArray, parse_texts
from engine.columns.view import ColumnView
from engine.kernels.compilation import readonly


class BatchView:
    """Columns by name, and their values row by row.

    Attributes:
        arrow: The batch.
        names: Names of its columns.
        rows: Number of records.
    """

    def __init__(self, batch: pa.RecordBatch, views: Mapping[str, ColumnView] | None = None) -> None:
        self.arrow = batch
        self.names: tuple[str, ...] = tuple(batch.schema.names)
        self.rows: int = batch.num_rows
        self._views = dict(views or {})
        self._numbers: dict[str, FloatArray] = {}
        self._labels: dict[str, pa.Array] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __getitem__(self, name: str) -> ColumnView:
        """The view of a column; one of nulls where this batch has no such column."""
        if name not in self._views:
            self._views[name] = ColumnView(name, self.array(name))
        return self._views[name]

    def array(self, name: str) -> pa.Array:
        """The values of a column, one a row, nulls included."""
        return self.arrow.column(self._index[name]) if name in self._index else pa.nulls(self.rows)

    def numbers(self, name: str) -> FloatArray:
        """A column as float64, one a row; NaN where the value is missing or no number. Read only."""
        if name not in self._numbers:
            view = self[name]
            self._numbers[name] = readonly(_numbers_of(view))
        return self._numbers[name]

    def texts(self, name: str) -> pa.Array:
        """A column as texts, one a row, written as Spark writes them; nulls stay."""
        array = self.array(name)
        return array.cast(pa.string()) if pa.types.is_null(array.type) else as_text(_plain(array))

    def labels(self, name: str) -> pa.Array:
        """A column as labels in one canonical spelling, one a row: see :func:`~engine.columns.labels.canonical_labels`."""
        if name not in self._labels:
            self._labels[name] = canonical_labels(self.array(name))
        return self._labels[name]

    @cached_property
    def layout(self) -> Layout:
        """The columns, and of captures where each comes from."""
        return Layout.from_schema(self.arrow.schema)

    def naming(self, addresses: Iterable[str]) -> BatchView:
        """The same batch, in which each address that is no exact name stands for the one column that it names.

        >>> batch = BatchView(pa.record_batch({"Age": [7]}))
        >>> batch.numbers("age"), batch.naming(["age"]).numbers("age")
        (array([nan]), array([7.]))
        """
        columns = {address: self.find(address) for address in addresses if address not in self._index}
        places = {address: self._index[column] for address, column in columns.items() if column is not None}
        if not places:
            return self
        view = BatchView(self.arrow, {name: seen for name, seen in self._views.items() if name not in places})
        view._index = self._index | places
        return view

    def find(self, address: Address, part: Part | None = None) -> str | None:
        """Return the one column that an address names; None where there is none, or several.

        Args:
            address: A name (case ignored, exact first), an index from 0, or a path into JSON.
            part: Part of a captured record whose columns an index counts: request, response or label.
        """
        columns = resolve(self.layout, address, part)
        return columns[0] if len(columns) == 1 else None

    def find_all(self, address: Address, part: Part | None = None) -> tuple[str, ...]:
        """Return all columns that an address names: several where it is the path of a list or an object."""
        return resolve(self.layout, address, part)

    def require(self, setting: str, address: Address, part: Part | None = None) -> str:
        """Return the one column that an address names.

        Args:
            setting: Name of the setting that holds the address, for the error.
            address: As for :meth:`find`.
            part: As for :meth:`find`.

        Raises:
            DataFormatError: There is none, or there are several.
        """
        return require_column(self.layout, setting, address, part)

    def require_all(self, setting: str, address: Address, part: Part | None = None) -> tuple[str, ...]:
        """Return the columns that an address names, at least one; see :meth:`require`."""
        return require_columns(self.layout, setting, address, part)

    @cached_property
    def _index(self) -> dict[Any, int]:
        return {name: i for i, name in enumerate(self.names)}


def _numbers_of(view: ColumnView) -> FloatArray:
    """The numbers of all rows; what the view has found out already spares a second look."""
    if len(view.numbers) == len(view):
        return view.numbers
    return row_numbers(view.array)


def row_numbers(array: pa.Array) -> FloatArray:
    """The values of an array as float64, one a row; NaN where a value is missing, infinite or no number.

    >>> row_numbers(pa.array(["1.5", None, "x", " 2"])).tolist()
    [1.5, nan, nan, 2.0]
    """
    values = np.full(len(array), np.nan)
    array = _plain(array)
    if pa.types.is_nested(array.type) or pa.types.is_null(array.type):
        return values
    if pa.types.is_floating(array.type):
        found = array.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
        return np.where(np.isfinite(found), found, np.nan)
    view = ColumnView("", array)
    if view.is_text:
        return parse_texts(array.cast(pa.string()))
    numbers = view.numbers
    if len(numbers):
        values[pc.is_valid(array).to_numpy(zero_copy_only=False)] = numbers
    return values


def _plain(array: pa.Array) -> pa.Array:
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array
