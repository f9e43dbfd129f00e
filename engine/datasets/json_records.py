"""Lines and documents of JSON datasets as rows: objects, lists, and objects that wrap many rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import pyarrow as pa

from engine.datasets.json_columns import FlatColumns, from_objects
from engine.datasets.json_depth import TOO_DEEP, is_too_deep, without_deep_items
from engine.datasets.json_parsing import Bad, flat_columns, parse_table, values
from engine.datasets.json_rows import WRAPPERS, row_counts, split_rows
from engine.datasets.json_unwrapping import unwrap, wrapped_note
from engine.datasets.json_values import kind_name, parse_json
from engine.datasets.json_wrapping import document_rows, wrapped_rows

SAMPLE = 100
"""Lines that say how the records of a dataset are written."""

_LISTS = "_c"
"""The member in which lines that are lists are given to pyarrow."""

BadItem = Callable[[Mapping[str, int], str], None]
"""Receives what is malformed in a document: where, and why."""


@dataclass(frozen=True)
class RecordShape:
    """How the records of a dataset are written.

    Attributes:
        lists: Whether each is a list (``[1, 2]``), whose items are the columns ``_c0``, ``_c1``; else each is an object.
        wrappers: Names of members whose list of objects or lists is a batch of rows.
    """

    lists: bool = False
    wrappers: frozenset[str] = WRAPPERS

    @classmethod
    def of_lines(cls, data: bytes) -> RecordShape:
        """The shape of lines, of which the first ones decide."""
        sample = [value for _, _, value in islice(values(data, lambda *_: None), SAMPLE)]
        if sample and isinstance(sample[0], list):
            return cls(lists=not _holds_objects(sample[0]))
        names = {_only_list(value) for value in sample}
        only = names.pop() if len(names) == 1 else None
        return cls(wrappers=WRAPPERS if only is None else WRAPPERS | {only})

    @classmethod
    def of_document(cls, data: bytes) -> RecordShape:
        """The shape of documents, of which the first one decides."""
        return cls(lists=re.match(rb"\s*\[\s*\[", data) is not None)


def _only_list(value: Any) -> str | None:
    """The member of an object that has no other, where it is a list of objects."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    return next((name for name, member in value.items() if _holds_objects(member)), None)


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


@dataclass
class _Rows:
    """Collects the rows of values that are parsed already."""

    shape: RecordShape
    rows: list[dict[str, Any]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, value: Any) -> str | None:
        """Take in a line or an item of a document; the answer says why it is no record."""
        if isinstance(value, list) and self.shape.lists:
            parts = split_rows(value, row_counts(value).preferred) if value else [value]
            self.rows += [part if isinstance(part, dict) else _by_position(part) for part in parts]
        elif isinstance(value, dict) and not self.shape.lists:
            self.add_wrapped(wrapped_rows(value, self.shape.wrappers), value)
        elif _holds_objects(value):
            self.rows += value
        else:
            wanted = "list, as the first record is," if self.shape.lists else "object"
            return f"not a JSON {wanted} but {kind_name(value)}"
        return None

    def add_wrapped(self, wrapped: tuple[str, list[Any]] | None, value: dict[str, Any]) -> None:
        """Take in the rows that an object wraps, or the object."""
        member, rows = wrapped or ("", [value])
        self.rows += rows
        if len(rows) > 1:
            self.notes[wrapped_note(member)] += 1

    def flat(self, texts: AbstractSet[str]) -> FlatColumns:
        """The rows as columns."""
        columns = from_objects(self.rows, texts)
        return replace(columns, notes={**columns.notes, **self.notes})


def _by_position(row: Any) -> dict[str, Any]:
    return {f"{_LISTS}{index}": item for index, item in enumerate(row if isinstance(row, list) else [row])}


def parse_records(data: bytes, bad: Bad, shape: RecordShape, texts: AbstractSet[str] = frozenset()) -> FlatColumns:
    """The rows of lines.

    Args:
        data: Whole lines; empty ones are skipped.
        bad: Receives lines that are no records.
        shape: How records are written.
        texts: Columns known to be text: numbers in them keep their JSON text.
    """
    columns = _fast_lists(data, texts) if shape.lists else _fast_objects(data, shape, texts)
    if columns is not None:
        return columns
    records = _Rows(shape)
    for offset, line, value in values(data, bad):
        if (reason := records.add(value)) is not None:
            bad(offset, reason, line)
    return records.flat(texts)


def _fast_objects(data: bytes, shape: RecordShape, texts: AbstractSet[str]) -> FlatColumns | None:
    table = parse_table(data)
    unwrapped = None if table is None else unwrap(table, shape.wrappers)
    if unwrapped is None:
        return None
    columns = flat_columns(unwrapped[0], texts)
    return None if columns is None else replace(columns, notes=unwrapped[1])


def _fast_lists(data: bytes, texts: AbstractSet[str]) -> FlatColumns | None:
    """Columns of lines that are lists of scalars of one type: pyarrow gets each as the only member of an object."""
    lines = [line for line in map(bytes.strip, data.split(b"\n")) if line]
    if not all(line.startswith(b"[") and line.endswith(b"]") for line in lines):
        return None
    table = parse_table(b"".join(b'{"%b":%b}\n' % (_LISTS.encode(), line) for line in lines))
    kind = table.schema.field(0).type if table is not None and table.schema.names == [_LISTS] else pa.null()
    if not pa.types.is_list(kind) or pa.types.is_nested(kind.value_type) or pa.types.is_floating(kind.value_type):
        return None  # of doubles, some positions may hold integers alone
    columns = flat_columns(table, {name.replace(_LISTS, f"{_LISTS}.", 1) for name in texts})
    if columns is None:
        return None
    return replace(columns, columns={name.replace(".", "", 1): array for name, array in columns.columns.items()})


def parse_document(text: bytes, bad: BadItem, shape: RecordShape, texts: AbstractSet[str] = frozenset()) -> FlatColumns:
    """The rows of a document: an object, a list of records, or an object or lists that hold many rows."""
    records = _Rows(shape)
    for index, value in _items(text, bad):
        if index is None:
            records.add_wrapped(document_rows(value), value)
        elif (reason := records.add(value)) is not None:
            bad({"element": index}, reason)
    return records.flat(texts)


def _items(text: bytes, bad: BadItem) -> Iterator[tuple[int | None, Any]]:
    """The items of a document that is a list, with their indices; else the document, if it is an object, without one."""
    deep: list[int] = []
    if text.lstrip().startswith(b"[") and is_too_deep(text):
        text, deep = without_deep_items(text)
    try:
        document = parse_json(text)
    except ValueError as error:
        bad({"byte": 0}, _reason(error))
        return
    if isinstance(document, dict):
        yield None, document
    elif not isinstance(document, list):
        bad({"byte": 0}, f"not a JSON object or list but {kind_name(document)}")
    for index, value in enumerate(document if isinstance(document, list) else ()):
        if index in deep:
            bad({"element": index}, TOO_DEEP)
        else:
            yield index, value


def _reason(error: ValueError) -> str:
    """Why a file is no document, with advice where it has one record a line."""
    reason = str(error).replace("bad JSON", "bad JSON document")
    if str(getattr(error.__cause__, "msg", "")) == "Extra data":
        return f"{reason}; files with one record a line are read with input.json_lines: true"
    return reason
