"""How many rows a JSON value holds, and the rows: what models take and give comes in batches of many shapes.

A row keeps its path. ``{"instances": [A, B]}`` becomes ``{"instances": [A]}`` and ``{"instances": [B]}``, so that flat names
(``instances.0.x``), JSONPath (``$.instances[0].x``) and JMESPath (``instances[*].x``) mean the same column in batches of any size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

WRAPPERS = frozenset(
    {
        "instances",
        "predictions",
        "records",
        "data",
        "inputs",
        "outputs",
        "ndarray",
        "dataframe_records",
        "dataframe_split",
    }
)
"""Members that hold rows by the conventions of model servers and of Clarify."""

DESCRIBING = frozenset({"columns", "names", "feature_names", "class_names", "shape", "dtypes", "schema"})
"""Members that describe all rows, as ``columns`` in a table of pandas; each row repeats them."""


class Strength(IntEnum):
    """How sure a count of rows is, from the shape of one value alone."""

    WEAK = 1
    """A list of scalars: the features of one row rather than the column of many."""
    COLUMNAR = 2
    """Several lists of one length: a column each, unless the other side of the record says otherwise."""
    STRONG = 3
    """A list of lists, or one list of objects in an object."""
    STRICT = 4
    """No other count is possible."""


@dataclass(frozen=True)
class RowCount:
    """How many rows a value holds.

    Attributes:
        preferred: The number when nothing else is known.
        allowed: The numbers that :func:`split_rows` can make, the preferred one first.
        strength: How sure the preferred one is.
    """

    preferred: int
    allowed: tuple[int, ...]
    strength: Strength


_SINGLE = RowCount(1, (1,), Strength.STRICT)


def row_counts(value: Any) -> RowCount:
    """How many rows a parsed value can be.

    >>> row_counts([{"x": 1}, {"x": 2}]).allowed, row_counts({"instances": [[1, 2], [3, 4], [5, 6]]}).allowed
    ((2,), (3, 1))
    >>> row_counts([0.2, 0.9]).allowed, row_counts({"a": [1, 2], "b": [3, 4]}).strength.name
    ((1, 2), 'COLUMNAR')
    """
    if isinstance(value, list):
        return _counts_of_list(value)
    if not isinstance(value, dict):
        return _SINGLE
    lists = row_lists(value)
    if not lists:
        inner = only_object(value)
        return _SINGLE if inner is None else row_counts(value[inner])
    lengths = {len(items) for items in lists.values()}
    of_rows = [len(items) for items in lists.values() if holds_rows(items)]
    if len(of_rows) == 1:
        return _counted(of_rows[0], Strength.STRONG)
    if len(lists) == 1:
        return RowCount(1, tuple(dict.fromkeys((1, *lengths))), Strength.WEAK)
    return _counted(max(lengths), Strength.COLUMNAR) if len(lengths) == 1 and max(lengths) > 1 else _SINGLE


def split_rows(value: Any, count: int) -> list[Any]:
    """So many rows of a value, each with its path.

    >>> split_rows({"predictions": [{"x": 1}, {"x": 2}], "model": "m"}, 2)
    [{'predictions': [{'x': 1}], 'model': 'm'}, {'predictions': [{'x': 2}], 'model': 'm'}]
    >>> split_rows([[1, 2], [3, 4]], 2), split_rows([0.2, 0.9], 1)
    ([[1, 2], [3, 4]], [[0.2, 0.9]])

    Raises:
        ValueError: The value cannot be so many rows; :func:`row_counts` says how many it can be.
    """
    if isinstance(value, list) and len(value) == count:
        return list(value)
    if count == 1:
        return [value]
    if isinstance(value, dict):
        if any(len(items) == count for items in row_lists(value).values()):
            return [_row(value, index, count) for index in range(count)]
        if (inner := only_object(value)) is not None:
            return [{**value, inner: row} for row in split_rows(value[inner], count)]
    raise ValueError(f"this value cannot be {count} rows")


def _counts_of_list(items: Sequence[Any]) -> RowCount:
    if not items or _are_all(items, dict):
        return RowCount(len(items), (len(items),), Strength.STRICT)
    if _are_all(items, list):
        return _counted(len(items), Strength.STRONG)
    return RowCount(1, tuple(dict.fromkeys((1, len(items)))), Strength.WEAK)


def _counted(rows: int, strength: Strength) -> RowCount:
    return RowCount(rows, tuple(dict.fromkeys((rows, 1))), strength)


def _row(value: Mapping[str, Any], index: int, count: int) -> dict[str, Any]:
    """One row of an object: its item of each list that has one for every row, and all that is said once."""
    lists = row_lists(value)
    return {
        name: [member[index]] if name in lists and len(member) == count else _inner_row(name, member, index, count)
        for name, member in value.items()
    }


def _inner_row(name: str, member: Any, index: int, count: int) -> Any:
    """One row of an object beside the rows: a transform's joined output has its ``predictions`` in an object of their own."""
    if not isinstance(member, dict) or name in DESCRIBING:
        return member
    split = {name for name, items in row_lists(member).items() if name in WRAPPERS or holds_rows(items)}
    return {name: [items[index]] if name in split and len(items) == count else items for name, items in member.items()}


def row_lists(value: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The lists of an object that may hold an item for each row."""
    return {name: member for name, member in value.items() if isinstance(member, list) and name not in DESCRIBING}


def only_object(value: Mapping[str, Any]) -> str | None:
    """The member that is the only object (``{"data": {"ndarray": [[1, 2], [3, 4]]}}``); its rows are those of the whole."""
    names = [name for name, member in value.items() if isinstance(member, dict) and member]
    return names[0] if len(names) == 1 else None


def holds_rows(items: Any) -> bool:
    """Whether a list holds objects, or holds lists."""
    return isinstance(items, list) and bool(items) and (_are_all(items, dict) or _are_all(items, list))


def _are_all(items: Sequence[Any], kind: type) -> bool:
    return all(isinstance(item, kind) for item in items)
