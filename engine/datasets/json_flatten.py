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
    flat = [found for name, column in pairs for found in flat_array(name, column.combine_chunks())]
    columns = dict(flat)
    return columns if len(columns) == len(flat) else None


def flat_array(name: str, array: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    """Flat columns of one column. An empty object or array has none."""
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_struct(array.type):
        for field, child in zip(array.type, array.flatten(), strict=True):
            yield from flat_array(f"{name}.{field.name}", child)
    elif pa.types.is_list(array.type):
        for index, element in enumerate(_elements(array)):
            yield from flat_array(f"{name}.{index}", element)
    else:
        yield name, array


def _elements(array: pa.ListArray) -> Iterator[pa.Array]:
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    starts = np.asarray(array.offsets)[:-1]
    for index in range(int(lengths.max(initial=0))):
        inside = lengths > index
        yield array.values.take(pa.array(starts + index, pa.int64(), mask=~inside))


def flat_value(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Flat names and scalars of a parsed object."""
    for key, cell in value.items():
        yield from _flat_cell(prefix + key, cell)


def _flat_cell(name: str, cell: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(cell, dict):
        yield from flat_value(cell, name + ".")
    elif isinstance(cell, list):
        for index, item in enumerate(cell):
            yield from _flat_cell(f"{name}.{index}", item)
    else:
        yield name, cell
