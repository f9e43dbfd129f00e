"""Lines that wrap rows, as tables: what :func:`engine.datasets.json_wrapping.wrapped_rows` says of each, for all at once."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Flags = npt.NDArray[np.bool_]


def wrapped_note(member: str) -> str:
    """The note that counts records of several rows."""
    return f"records that hold a list of rows in {member!r}, each item of which is read as a row"


def unwrap(table: pa.Table, wrappers: Container[str]) -> tuple[pa.Table, dict[str, int]] | None:
    """The rows of lines.

    Args:
        table: One row a line, as :func:`engine.datasets.json_parsing.parse_table` gives it.
        wrappers: Names of members that may hold rows.

    Returns:
        The table of the rows and notes; None where the lines must be looked at one by one.
    """
    lengths = {name: _lengths(table, name) for name in _candidates(table.schema, wrappers)}
    wraps = {name: (lengths[name] > 0) & _are_alone(table, name) for name in lengths}
    if any((lengths[name] > 0)[~wraps[name]].any() for name in lengths) or _wraps_deeper(table.schema, wrappers):
        return None
    names = [name for name in wraps if wraps[name].any()]
    if not names:
        return table, {}
    name = names[0]
    if len(names) > 1 or table.column(name).combine_chunks().flatten().null_count:
        return None
    several = int((lengths[name] > 1).sum())
    rows = _spread(table, name, np.where(wraps[name], lengths[name], 1), wraps[name])
    return rows, {wrapped_note(name): several} if several else {}


def _candidates(schema: pa.Schema, wrappers: Container[str]) -> list[str]:
    """The columns that may hold rows."""
    lists = [field for field in schema if pa.types.is_list(field.type) and field.name in wrappers]
    return [field.name for field in lists if pa.types.is_nested(field.type.value_type)]


def _wraps_deeper(schema: pa.Schema, wrappers: Container[str]) -> bool:
    """Whether an object with the name of a wrapper has a member that may hold rows (``{"dataframe_split": ...}``)."""
    inner = [
        pa.schema(list(field.type)) for field in schema if pa.types.is_struct(field.type) and field.name in wrappers
    ]
    return any(_candidates(members, wrappers) or _wraps_deeper(members, wrappers) for members in inner)


def _lengths(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    lengths = pc.fill_null(pc.list_value_length(table.column(name)), 0)
    return np.asarray(lengths.to_numpy(), np.int64)


def _are_alone(table: pa.Table, name: str) -> Flags:
    """Rows in which all other columns are null or hold scalars."""
    alone = np.ones(len(table), bool)
    for field in table.schema:
        if field.name != name and pa.types.is_nested(field.type):
            alone &= table.column(field.name).is_null().to_numpy()
    return alone


def _spread(table: pa.Table, name: str, counts: npt.NDArray[Any], wraps: Flags) -> pa.Table:
    """As many rows as ``counts`` says of each, in which the list has the one item that is the row's."""
    parents = np.repeat(np.arange(len(table)), counts)
    items = np.concatenate([[0], np.cumsum(wraps[parents])]).astype(np.int32)
    single = pa.ListArray.from_arrays(pa.array(items), table.column(name).combine_chunks().flatten())
    columns = [
        single if field.name == name else table.column(field.name).take(pa.array(parents)) for field in table.schema
    ]
    return pa.table(columns, names=table.schema.names)
