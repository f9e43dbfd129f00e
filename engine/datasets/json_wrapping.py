"""Which lines and documents of JSON wrap rows: a record whose lists are its features looks much like a batch."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from engine.datasets.json_rows import DESCRIBING, WRAPPERS, holds_rows, only_object, row_lists, split_rows

_NUMBERING = frozenset({"index", "ids"})
"""Members beside rows whose lists name each row."""


def wrapped_rows(record: Mapping[str, Any], wrappers: Container[str] = WRAPPERS) -> tuple[str, list[Any]] | None:
    """The rows that a line of JSON Lines wraps, and the member that holds them; None where the line is a row itself.

    A line is a record as a rule, whose lists are its features or details. It wraps rows where a list of objects or of lists has
    the name of a wrapper, and all that stands beside it says one thing for all rows (scalars, names of columns) or has an item
    for each: other wrappers, ids, and the output that a batch transform joins to its input.

    >>> wrapped_rows({"instances": [{"x": 1}, {"x": 2}]})
    ('instances', [{'instances': [{'x': 1}]}, {'instances': [{'x': 2}]}])
    >>> wrapped_rows({"instances": [[1, 2], [3, 4]], "SageMakerOutput": {"predictions": [5, 6]}})[1][1]
    {'instances': [[3, 4]], 'SageMakerOutput': {'predictions': [6]}}
    >>> wrapped_rows({"user": 1, "items": [{"sku": 1}, {"sku": 2}]})
    """
    tables = {name: items for name, items in record.items() if name in wrappers and holds_rows(items)}
    lengths = {len(items) for items in tables.values()}
    if len(lengths) == 1 and all(_goes_along(name, member, *lengths) for name, member in record.items()):
        return next(iter(tables)), split_rows(record, *lengths)
    inner = only_object(record)
    if lengths or inner is None or inner not in wrappers or any(isinstance(member, list) for member in record.values()):
        return None
    wrapped = wrapped_rows(record[inner], wrappers)
    return None if wrapped is None else (wrapped[0], [{**record, inner: row} for row in wrapped[1]])


def _goes_along(name: str, member: Any, count: int) -> bool:
    """Whether what stands beside rows is the same for all of them, or has an item for each."""
    if isinstance(member, list):
        return name in DESCRIBING or (len(member) == count and (name in WRAPPERS or name in _NUMBERING))
    if isinstance(member, dict) and name not in DESCRIBING:
        lengths = {len(items) for inner, items in row_lists(member).items() if inner in WRAPPERS}
        return lengths == {count}
    return True


def document_rows(document: Mapping[str, Any]) -> tuple[str, list[Any]] | None:
    """The rows that a whole document wraps, and the member that holds them; None where the document is one row.

    >>> document_rows({"user": 1, "items": [{"sku": 1}, {"sku": 2}]})[0]
    'items'
    >>> document_rows({"a": [1, 2], "b": [3, 4]})
    ('a', [{'a': [1], 'b': [3]}, {'a': [2], 'b': [4]}])
    """
    if (wrapped := wrapped_rows(document)) is not None:
        return wrapped
    lists = {name: member for name, member in document.items() if isinstance(member, list)}
    if any(isinstance(member, dict) for member in document.values()) or not lists:
        return None
    name = _holder(lists, all_are_lists=len(lists) == len(document))
    return None if name is None else (name, split_rows(document, len(lists[name])))


def _holder(lists: Mapping[str, list[Any]], all_are_lists: bool) -> str | None:
    """The list of a document that holds its rows, or the first of several that hold a column each."""
    of_rows = [name for name, items in lists.items() if holds_rows(items)]
    if len(lists) == 1:
        return of_rows[0] if of_rows else None
    lengths = {len(items) for name, items in lists.items() if name not in DESCRIBING}
    if len(lengths) != 1 or max(lengths) < 2:
        return None
    tables = [name for name in of_rows if name in WRAPPERS]
    if len(tables) == 1:
        return tables[0]
    return next(iter(lists)) if all_are_lists and not DESCRIBING & set(lists) else None
