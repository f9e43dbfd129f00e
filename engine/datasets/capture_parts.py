"""Lines of a capture file as an Arrow table: the payload, encoding and content type of each part, and the event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from engine.datasets.csv_parsing import is_utf8
from engine.datasets.json_parsing import objects, read_json
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
        table = read_json(data, _SCHEMA, "ignore")
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
    """Cells of a parsed record by column name; ``problem`` says why it is no capture record."""
    capture = record.get("captureData")
    if not isinstance(capture, dict):
        yield "problem", "there is no object 'captureData'"
        return
    for part in (*PARTS, GROUND_TRUTH):
        holder, name = (record, part) if part == GROUND_TRUTH else (capture, f"captureData.{part}")
        payload = holder.get(part) or {}
        if not isinstance(payload, dict):
            yield "problem", f"{name} is not an object"
            return
        for member in _MEMBERS:
            value = payload.get(member)
            if value is not None and not isinstance(value, str):
                yield "problem", f"{name}.{member} is not a string"
                return
            yield f"{part}.{member}", value if value is None else value.encode("utf-8", "replace").decode()
    event = record.get("eventMetadata")
    event = event if isinstance(event, dict) else {}
    for member in ("eventId", "inferenceTime"):
        yield member, None if event.get(member) is None else str(event[member])
