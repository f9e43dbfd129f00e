"""Lines of a capture file as an Arrow table: the payload, encoding and content type of each part, and the event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from engine.datasets.csv_parsing import is_utf8
from engine.datasets.json_parsing import objects, read_json
from engine.datasets.json_writing import payload_text
from engine.datasets.text_blocks import line_starts

PARTS = ("endpointInput", "endpointOutput", "batchTransformOutput")
_MEMBERS = ("data", "encoding", "observedContentType")
_PART = pa.struct([(member, pa.string()) for member in _MEMBERS])
_EVENT = pa.struct([("eventId", pa.string()), ("inferenceTime", pa.string())])
_SCHEMA = pa.schema(
    [
        ("captureData", pa.struct([(part, _PART) for part in PARTS])),
        ("groundTruthData", _PART),
        ("eventMetadata", _EVENT),
    ]
)
GROUND_TRUTH = "groundTruthData"
"""The label, which the merge job puts beside the captured parts."""
COLUMNS = (
    *(f"{part}.{member}" for part in (*PARTS, GROUND_TRUTH) for member in _MEMBERS),
    "eventId",
    "inferenceTime",
    "offset",
)
_TYPES = pa.schema([(name, pa.int64() if name == "offset" else pa.string()) for name in COLUMNS])

Bad = Callable[[int, str, bytes], None]


def parse_captures(data: bytes, bad: Bad) -> pa.Table:
    """Parse capture records.

    Args:
        data: Whole lines.
        bad: Told about lines that are no capture records.

    Returns:
        A table with the columns :data:`COLUMNS`; ``offset`` is that of the line in ``data``.
    """
    found = _fast(data)
    return found if found is not None else _line_by_line(data, bad)


def _fast(data: bytes) -> pa.Table | None:
    starts = line_starts(data)
    if not len(starts) or not is_utf8(data):
        return None
    try:
        table = read_json(data, _SCHEMA, "ignore", starts)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    capture = table.column("captureData").combine_chunks()
    if table.num_rows != len(starts) or capture.null_count:
        return None
    arrays = [member for part in _fields(capture) for member in _fields(part)]
    arrays += _fields(table.column(GROUND_TRUTH).combine_chunks())
    arrays += _fields(table.column("eventMetadata").combine_chunks())
    return pa.Table.from_arrays([*arrays, pa.array(starts)], schema=_TYPES)


def _fields(array: pa.StructArray) -> list[pa.Array]:
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    return list(array.flatten())


def _line_by_line(data: bytes, bad: Bad) -> pa.Table:
    rows: list[dict[str, Any]] = []
    for offset, record in objects(data, bad):
        row = dict(members_of(record))
        if problem := row.pop("problem", None):
            bad(offset, f"not a capture record: {problem}", data[offset:].split(b"\n", 1)[0])
        else:
            rows.append({"offset": offset, **row})
    return pa.Table.from_pylist(rows, schema=_TYPES)


def members_of(record: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield the cells of a parsed record by column name; ``problem`` says why it is no capture record.

    Values that are no text are read as their JSON, as Spark reads them into columns of text.
    """
    capture = record.get("captureData")
    if not isinstance(capture, dict):
        yield "problem", "there is no object 'captureData'"
        return
    for part in (*PARTS, GROUND_TRUTH):
        holder, name = (record, part) if part == GROUND_TRUTH else (capture, f"captureData.{part}")
        payload = holder.get(part)
        if payload is not None and not isinstance(payload, dict):
            yield "problem", f"{name} is not an object"
            return
        yield from _cells(part, payload or {}, _MEMBERS)
    event = record.get("eventMetadata")
    yield from _cells("", event if isinstance(event, dict) else {}, ("eventId", "inferenceTime"))


def _cells(part: str, holder: dict[str, Any], members: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    for member in members:
        value = holder.get(member)
        yield f"{part}.{member}" if part else member, None if value is None else payload_text(value)
