"""Captures and labels as rows to be joined: the key of each record beside its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.json_parsing import read_json
from engine.datasets.text_blocks import blocks, line_starts
from engine.ground_truth.files import fragment_of

CAPTURES = pa.schema([("key", pa.string()), ("file", pa.int32()), ("place", pa.int64()), ("line", pa.string())])
"""A record: its key, null without one; its file and byte; its line, null where it is no JSON object."""
LABELS = pa.schema([("key", pa.string()), ("file", pa.int32()), ("place", pa.int64()), ("truth", pa.string())])
"""A label: the key of its record, null where it cannot be used; its rank; ``groundTruthData`` as JSON."""

_EVENT = pa.schema(
    [
        ("captureData", pa.struct([("endpointOutput", pa.struct([("encoding", pa.string())]))])),
        ("eventMetadata", pa.struct([("eventId", pa.string()), ("inferenceId", pa.string())])),
    ]
)
_BATCH = 20_000


def read_captures(uri: str, size: int, index: int) -> Iterator[pa.RecordBatch]:
    """The records of a capture file."""
    for block in blocks(fragment_of(uri, size), ReadReport()):
        keys, texts = _fast(block.data) or _line_by_line(block.data)
        columns = [keys, pa.array(np.full(len(keys), index, np.int32))]
        columns += [pa.array(np.arange(block.offset, block.offset + len(keys))), texts]
        yield from pa.Table.from_arrays(columns, schema=CAPTURES).to_batches(_BATCH)


def read_labels(uri: str, size: int, index: int) -> Iterator[pa.RecordBatch]:
    """The labels of a ground truth file."""
    for block in blocks(fragment_of(uri, size), ReadReport()):
        rows = [_label(line) for line in block.data.split(b"\n") if line.strip()]
        columns = [pa.array([key for key, _ in rows], pa.string()), pa.array([index] * len(rows), pa.int32())]
        columns += [pa.array(range(block.offset, block.offset + len(rows)), pa.int64())]
        columns += [pa.array([truth for _, truth in rows], pa.string())]
        yield from pa.Table.from_arrays(columns, schema=LABELS).to_batches(_BATCH)


def merged_lines(lines: pa.Array, truths: pa.Array) -> pa.Array:
    """The records with their labels; all that a record holds stays as it is.

    >>> merged_lines(pa.array(['{"captureData":{}}']), pa.array(['{"data":"1"}'])).to_pylist()
    ['{"captureData":{},"groundTruthData":{"data":"1"}}']
    """
    bodies = pc.utf8_rtrim(pc.utf8_slice_codeunits(pc.utf8_rtrim_whitespace(lines), 0, -1), " ")
    merged = pc.binary_join_element_wise(bodies, ',"groundTruthData":', truths, "}", "")
    labelled = pc.match_substring(lines, '"groundTruthData"')
    if not pc.any(labelled, min_count=0).as_py():
        return merged
    again = [_relabelled(line, truth) for line, truth in zip(lines.to_pylist(), truths.to_pylist(), strict=True)]
    return pc.if_else(labelled, pa.array(again, pa.string()), merged)


def _relabelled(line: str, truth: str) -> str:
    return json.dumps({**json.loads(line), "groundTruthData": json.loads(truth)}, ensure_ascii=False)


_BAD: Any = object()


def _fast(data: bytes) -> tuple[pa.Array, pa.Array] | None:
    """Keys and lines of a block in which every line is a record; None for any other block."""
    lines = len(line_starts(data))
    try:
        table = read_json(data, _EVENT, "ignore")
        texts = pc.split_pattern(pa.array([data.decode().removesuffix("\n")]), "\n").values
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    whole = pc.and_(pc.starts_with(texts, "{"), pc.ends_with(texts, "}"))
    if not table.num_rows == lines == len(texts) or not pc.all(whole).as_py() or table.column("captureData").null_count:
        return None
    event, inference = table.column("eventMetadata").combine_chunks().flatten()
    return pc.coalesce(pc.if_else(pc.equal(inference, ""), pa.scalar(None, pa.string()), inference), event), texts


def _line_by_line(data: bytes) -> tuple[pa.Array, pa.Array]:
    lines = [line for line in data.split(b"\n") if line.strip()]
    keys = [_key(line) for line in lines]
    texts = [
        None if key is _BAD else line.decode("utf-8", "replace").strip() for line, key in zip(lines, keys, strict=True)
    ]
    return pa.array([None if key is _BAD else key for key in keys], pa.string()), pa.array(texts, pa.string())


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
