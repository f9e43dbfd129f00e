"""Nested JSON as flat columns: members by dots (``a.b``), elements of arrays by their index (``a.0``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def flat_table(table: pa.Table) -> dict[str, pa.Array] | None:
    """Flat columns of a table; None where two have one name (``{"a.b": 1, "a": {"b": 2}}``): each record decides there."""
    pairs = zip(table.schema.names, table.columns, strict=True)
    flat = [pair for name, column in pairs for pair in flat_array(name, column.combine_chunks())]
    columns = dict(flat)
    return columns if len(columns) == len(flat) else None


def flat_array(name: str, array: pa.Array, in_list: bool = False) -> Iterator[tuple[str, pa.Array]]:
    """Flat columns of one column. An empty object or array has none; nor has a place in lists that is null in all of them."""
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_struct(array.type):
        for field, child in zip(array.type, array.flatten(), strict=True):
            yield from flat_array(f"{name}.{field.name}", child, in_list)
    elif pa.types.is_list(array.type):
        for index, element in enumerate(_elements(array)):
            yield from flat_array(f"{name}.{index}", element, in_list=True)
    elif not in_list or pa.types.is_null(array.type) or array.null_count < len(array):
        yield name, array


def _elements(array: pa.ListArray) -> Iterator[pa.Array]:
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    starts = np.asarray(array.offsets)[:-1]
    for index in range(int(lengths.max(initial=0))):
        inside = lengths > index
        yield array.values.take(pa.array(starts + index, pa.int64(), mask=~inside))


def walk(value: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """All that is in a parsed object: flat name, the name with ``*`` for places in lists, and scalar or object or list.

    >>> list(walk({"a": [{"b": 1}]}))
    [('a', 'a', [{'b': 1}]), ('a.0', 'a.*', {'b': 1}), ('a.0.b', 'a.*.b', 1)]
    """
    for key, cell in value.items():
        yield from _walk_cell(key, key, cell)


def _walk_cell(name: str, path: str, cell: Any) -> Iterator[tuple[str, str, Any]]:
    yield name, path, cell
    if isinstance(cell, dict):
        for key, member in cell.items():
            yield from _walk_cell(f"{name}.{key}", f"{path}.{key}", member)
    elif isinstance(cell, list):
        for index, item in enumerate(cell):
            yield from _walk_cell(f"{name}.{index}", f"{path}.*", item)


def flat_value(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Flat names and scalars of a parsed object."""
    return ((name, cell) for name, _, cell in walk(value) if not isinstance(cell, dict | list))
