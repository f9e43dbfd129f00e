"""JSON text to flat Arrow columns: pyarrow for a block, Python line by line for a block that it does not take."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.json
from typing_extensions import Self

from engine.columns.layout import PartColumn
from engine.datasets.csv_parsing import is_utf8
from engine.datasets.json_depth import TOO_DEEP, is_too_deep, too_deep
from engine.datasets.json_flatten import flat_table, flat_value
from engine.datasets.json_types import ARROW_TYPES, widest
from engine.datasets.text_blocks import line_starts

Bad = Callable[[int, str, bytes], None]
"""Told about a malformed line: byte offset in the text, reason, line."""


class JsonNumber(float):
    """A number with its text, for columns that hold text elsewhere."""

    text: str

    def __new__(cls, text: str) -> Self:
        """The number that ``text`` says."""
        number = super().__new__(cls, text)
        number.text = text
        return number


@dataclass(frozen=True)
class FlatColumns:
    """Columns by flat name, each in its natural type, and the number of rows; of captures also where each comes from."""

    columns: Mapping[str, pa.Array]
    rows: int
    sources: Mapping[str, PartColumn] = field(default_factory=dict)


def parse_lines(data: bytes, bad: Bad, texts: Container[str] = ()) -> FlatColumns:
    """Parse one record a line.

    Args:
        data: Whole lines; empty ones are skipped.
        bad: Told about lines that are no JSON objects.
        texts: Columns known to be text: numbers in them keep their JSON text.
    """
    found = _fast(data)
    if found is not None and not any(
        name in texts and pa.types.is_floating(array.type) for name, array in found.columns.items()
    ):
        return found
    return from_objects([value for _, value in objects(data, bad)], texts)


def _fast(data: bytes) -> FlatColumns | None:
    lines = len(line_starts(data))
    if not lines or not is_utf8(data):
        return None
    try:
        table = read_json(data)
        as_text = _without_times(table.schema)
        if as_text != table.schema:  # dates are text in JSON
            table = read_json(data, as_text)
    except (pa.ArrowInvalid, UnicodeDecodeError, pa.ArrowNotImplementedError):
        return None
    columns = flat_table(table)
    return FlatColumns(columns, lines) if columns is not None and table.num_rows == lines else None


def read_json(data: bytes, schema: pa.Schema | None = None, others: str = "infer") -> pa.Table:
    """One call of pyarrow's parser, in this thread.

    Raises:
        pyarrow.ArrowInvalid: A line is no JSON, or nested so deep that the parser would end the process.
    """
    if too_deep(data):
        raise pa.ArrowInvalid(TOO_DEEP)
    return pyarrow.json.read_json(
        pa.BufferReader(data),
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(data) + 1),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior=others),
    )


def _without_times(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.with_type(_without_time(field.type)) for field in schema])


def _without_time(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(type_) or pa.types.is_date(type_) or pa.types.is_time(type_):
        return pa.string()
    if pa.types.is_struct(type_):
        return pa.struct([field.with_type(_without_time(field.type)) for field in type_])
    if pa.types.is_list(type_):
        return pa.list_(_without_time(type_.value_type))
    return type_


def objects(data: bytes, bad: Bad) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of lines with their byte offsets; of a key that occurs twice the last value counts."""
    offset = 0
    for line in data.split(b"\n"):
        text = line.strip()
        if text:
            value, reason = _object(text)
            if value is None:
                bad(offset, reason, text)
            else:
                yield offset, value
        offset += len(line) + 1


def _object(line: bytes) -> tuple[dict[str, Any] | None, str]:
    if is_too_deep(line):
        return None, TOO_DEEP
    try:
        value = json.loads(line.decode("utf-8"), parse_float=JsonNumber)
    except UnicodeDecodeError:
        return None, "invalid UTF-8"
    except ValueError as error:
        return None, f"bad JSON: {error}"
    if not isinstance(value, dict):
        return None, f"not a JSON object but {type(value).__name__}"
    return value, ""


def from_objects(values: Sequence[Mapping[str, Any]], texts: Container[str] = ()) -> FlatColumns:
    """Columns of objects that are parsed already."""
    cells: dict[str, list[Any]] = {}
    for row, value in enumerate(values):
        for name, cell in flat_value(value):
            column = cells.setdefault(name, [])
            if len(column) <= row:
                column.extend([None] * (row - len(column)))
                column.append(cell)
    for column in cells.values():
        column.extend([None] * (len(values) - len(column)))
    return FlatColumns({name: _array(column, name in texts) for name, column in cells.items()}, len(values))


def _array(cells: list[Any], as_text: bool) -> pa.Array:
    kind: str | None = "text" if as_text else None
    for cell in cells:
        kind = widest(kind, _kind(cell))
        if kind == "text":
            return pa.array([None if cell is None else json_text(cell) for cell in cells], pa.string())
    if kind is None:
        return pa.nulls(len(cells))
    if kind == "double":
        cells = [None if cell is None else float(cell) for cell in cells]
    return pa.array(cells, ARROW_TYPES[kind])


def _kind(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int):
        return "integer" if -(2**63) <= cell < 2**63 else "double"
    return "double" if isinstance(cell, float) else "text"


def json_text(cell: Any) -> str:
    """The text of a JSON value in a column of text."""
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()
    if isinstance(cell, JsonNumber):
        return cell.text
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return json.dumps(cell)
