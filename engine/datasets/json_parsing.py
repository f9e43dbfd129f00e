"""JSON text to flat Arrow columns: pyarrow for a block, Python line by line for a block that it does not take.

Both give the same columns for any text: what pyarrow reads in another way is found before or after it has read the block.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.json

from engine.datasets.csv_parsing import is_utf8
from engine.datasets.json_columns import FlatColumns, finite, from_objects
from engine.datasets.json_depth import TOO_DEEP, has_deep_line
from engine.datasets.json_flatten import flat_table
from engine.datasets.json_values import kind_name, parse_json
from engine.datasets.text_blocks import line_starts

Bad = Callable[[int, str, bytes], None]
"""Receives a malformed line: byte offset in the text, reason, line."""

_OPENING, _CLOSING, _BLANK = ord("{"), ord("}"), ord(" ")


def parse_lines(data: bytes, bad: Bad, texts: Container[str] = ()) -> FlatColumns:
    """Parse one record a line.

    Args:
        data: Whole lines; empty ones are skipped.
        bad: Receives lines that are no JSON objects.
        texts: Columns known to be text: numbers in them keep their JSON text.
    """
    table = parse_table(data)
    columns = None if table is None else flat_columns(table, texts)
    return from_objects([value for _, value in objects(data, bad)], texts) if columns is None else columns


def parse_table(data: bytes) -> pa.Table | None:
    """Lines as a table of one row a line, with members as nested columns; None where pyarrow does not take them all."""
    starts = line_starts(data)
    if not len(starts) or not is_utf8(data):
        return None
    try:
        table = read_json(data, starts=starts)
        as_text = _without_times(table.schema)
        return table if as_text == table.schema else read_json(data, as_text, starts=starts)  # dates are text
    except (pa.ArrowInvalid, UnicodeDecodeError, pa.ArrowNotImplementedError):
        return None


def flat_columns(table: pa.Table, texts: Container[str] = ()) -> FlatColumns | None:
    """Flat columns of a parsed table; None where their records must be looked at one by one."""
    columns = flat_table(table)
    if columns is None:
        return None
    floating = [name for name, array in columns.items() if pa.types.is_floating(array.type)]
    if any(name in texts for name in floating):  # the texts of the numbers are lost
        return None
    return FlatColumns(columns | {name: finite(columns[name]) for name in floating}, table.num_rows)


def read_json(
    data: bytes,
    schema: pa.Schema | None = None,
    others: str = "infer",
    starts: npt.NDArray[np.int64] | None = None,
) -> pa.Table:
    """One call of pyarrow's parser, in this thread. Each line is one object, or it is an error.

    Args:
        data: Whole lines.
        schema: Types of members; None infers them.
        others: What becomes of members that are not in the schema.
        starts: Where the lines begin, if that is known.

    Raises:
        pyarrow.ArrowInvalid: A line is no object, or nested so deep that the parser would end the process.
    """
    starts = line_starts(data) if starts is None else starts
    if not _are_objects(data, starts):
        raise pa.ArrowInvalid("a line is no JSON object")
    if has_deep_line(data, starts):
        raise pa.ArrowInvalid(TOO_DEEP)
    table = pyarrow.json.read_json(
        pa.BufferReader(data),
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(data) + 1),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior=others),
    )
    if table.num_rows != len(starts):  # an object over several lines, or several on one
        raise pa.ArrowInvalid("a line is not one JSON object")
    for column in table.columns:
        if pa.types.is_nested(column.type):
            column.validate(full=True)  # of nulls beside objects in a list the parser makes arrays that are too short
    return table


def _are_objects(data: bytes, starts: npt.NDArray[np.int64]) -> bool:
    """Whether every line begins and ends as an object.

    Between such lines the parser is outside of any object, so as many objects as lines are one a line. Other values alone on a line
    are rows of nulls to it, or its end.
    """
    text = np.frombuffer(data, np.uint8)
    first = text[starts]
    for start in starts[first <= _BLANK].tolist():
        if not data[start : start + 1024].lstrip().startswith(b"{"):
            return False
    ends = np.append(starts[1:], len(data)) - 1
    return bool((first[first > _BLANK] == _OPENING).all()) and _end_as_objects(data, text, ends)


def _end_as_objects(data: bytes, text: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> bool:
    for _ in range(2):  # a line end has up to two bytes
        ends = ends - (text[ends] <= _BLANK)
    for end in ends[text[ends] <= _BLANK].tolist():
        if not data[max(end - 1023, 0) : end + 1].rstrip().endswith(b"}"):
            return False
    last = text[ends]
    return bool((last[last > _BLANK] == _CLOSING).all())


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
    for offset, line, value in values(data, bad):
        if isinstance(value, dict):
            yield offset, value
        else:
            bad(offset, f"not a JSON object but {kind_name(value)}", line)


def values(data: bytes, bad: Bad) -> Iterator[tuple[int, bytes, Any]]:
    """The values of lines, with their byte offsets and texts."""
    offset = 0
    for line in data.split(b"\n"):
        if text := line.strip():
            try:
                value = parse_json(text)
            except ValueError as error:
                bad(offset, _reason(error), text)
            else:
                yield offset, text, value
        offset += len(line) + 1


def _reason(error: ValueError) -> str:
    """Why a line is no record, with advice where it is part of a document or holds several records."""
    cause = error.__cause__
    if str(getattr(cause, "msg", "")) == "Extra data":
        return f"{error}; each record needs a line of its own"
    if getattr(cause, "pos", -1) >= len(getattr(cause, "doc", "x")):
        return f"{error}; the line ends within a record (input.json_lines: false reads files that are one document)"
    return str(error)
