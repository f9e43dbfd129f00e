"""Captures and labels as rows to be joined: the key of each record beside its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.json_parsing import count_lines, read_json
from engine.datasets.text_blocks import blocks
from engine.ground_truth.files import fragment_of

CAPTURES = pa.schema([("key", pa.string()), ("file", pa.int32()), ("place", pa.int64()), ("line", pa.string())])
"""A record: its key, null without one; its file and byte; its line, null where it is no JSON object."""
LABELS = pa.schema([("key", pa.string()), ("file", pa.int32()), ("place", pa.int64()), ("truth", pa.string())])
"""A label: the key of its record, null where it cannot be used; its rank; ``groundTruthData`` as JSON."""

_EVENT = pa.schema([("eventMetadata", pa.struct([("eventId", pa.string()), ("inferenceId", pa.string())]))])
_BATCH = 20_000


def read_captures(uri: str, size: int, index: int) -> Iterator[pa.RecordBatch]:
    """The records of a capture file."""
    for block in blocks(fragment_of(uri, size), ReadReport()):
        lines = [line for line in block.data.split(b"\n") if line.strip()]
        keys = _keys(block.data, lines)
        texts = [
            line.decode("utf-8", "replace").rstrip("\r") if key is not _BAD else None
            for line, key in zip(lines, keys, strict=True)
        ]
        found = [None if key is _BAD else key for key in keys]
        columns = [pa.array(found, pa.string()), pa.array([index] * len(lines), pa.int32())]
        columns += [pa.array(range(block.offset, block.offset + len(lines)), pa.int64()), pa.array(texts, pa.string())]
        yield from pa.Table.from_arrays(columns, schema=CAPTURES).to_batches(_BATCH)


def read_labels(uri: str, size: int, index: int) -> Iterator[pa.RecordBatch]:
    """The labels of a ground truth file."""
    for block in blocks(fragment_of(uri, size), ReadReport()):
        rows = [_label(line) for line in block.data.split(b"\n") if line.strip()]
        columns = [pa.array([key for key, _ in rows], pa.string()), pa.array([index] * len(rows), pa.int32())]
        columns += [pa.array(range(block.offset, block.offset + len(rows)), pa.int64())]
        columns += [pa.array([truth for _, truth in rows], pa.string())]
        yield from pa.Table.from_arrays(columns, schema=LABELS).to_batches(_BATCH)


def merged_line(line: str, truth: str) -> str:
    """The record with its label; all that the record holds stays as it is.

    >>> merged_line('{"captureData":{}}', '{"data":"1"}')
    '{"captureData":{},"groundTruthData":{"data":"1"}}'
    """
    if '"groundTruthData"' in line:
        return json.dumps({**json.loads(line), "groundTruthData": json.loads(truth)}, ensure_ascii=False)
    return f'{line.rstrip()[:-1].rstrip()},"groundTruthData":{truth}}}'


_BAD: Any = object()


def _keys(data: bytes, lines: list[bytes]) -> list[Any]:
    """The key of each line: ``inferenceId`` if it has one, else ``eventId``; ``_BAD`` for lines that are no records."""
    try:
        table = read_json(data, _EVENT, "ignore") if count_lines(data) == len(lines) else None
    except (pa.ArrowInvalid, UnicodeDecodeError):
        table = None
    if table is not None and table.num_rows == len(lines) and all(line.strip().endswith(b"}") for line in lines):
        event, inference = table.column("eventMetadata").combine_chunks().flatten()
        present = pc.if_else(pc.equal(inference, ""), pa.scalar(None, pa.string()), inference)
        found: list[Any] = pc.coalesce(present, event).to_pylist()
        return found
    return [_key(line) for line in lines]


def _key(line: bytes) -> Any:
    try:
        record = json.loads(line)
    except ValueError:
        return _BAD
    if not isinstance(record, dict) or not isinstance(record.get("captureData"), dict):
        return _BAD
    event = record.get("eventMetadata")
    key = (event.get("inferenceId") or event.get("eventId")) if isinstance(event, dict) else None
    return None if key is None else str(key)


def _label(line: bytes) -> tuple[str | None, str | None]:
    try:
        record = json.loads(line)
        event, truth = record["eventMetadata"], record["groundTruthData"]
        key = event.get("eventId") or event.get("inferenceId")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, None
    if key is None or not isinstance(truth, dict):
        return None, None
    return str(key), json.dumps(truth, ensure_ascii=False, separators=(",", ":"))
