"""Captures and labels as rows to be joined: the key of each record beside its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import Fragment, ReadReport
from engine.datasets.json_parsing import read_json
from engine.datasets.json_values import clean_text, decode_json
from engine.datasets.json_writing import payload_text
from engine.datasets.quotes import QuoteRules
from engine.datasets.text_blocks import after_last_newline, blocks, line_starts
from engine.ground_truth.batch_rows import from_csv, from_object
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
_CSV = QuoteRules()
_MALFORMED: tuple[str | None, str | None] = (None, None)


def read_captures(uri: str, size: int, index: int) -> Iterator[pa.RecordBatch]:
    """Yield the records of a capture file, or of the output of a batch transform in JSON Lines or CSV."""
    fragment = fragment_of(uri, size)
    is_csv = _holds_csv(fragment)
    cut = _CSV.after_last_record if is_csv else after_last_newline
    for block in blocks(fragment, ReadReport(), cut):
        keys, texts = _csv_rows(block.data) if is_csv else _fast(block.data) or _line_by_line(block.data)
        columns = [keys, pa.array(np.full(len(keys), index, np.int32))]
        columns += [pa.array(np.arange(block.offset, block.offset + len(keys))), texts]
        yield from pa.Table.from_arrays(columns, schema=CAPTURES).to_batches(_BATCH)


def _holds_csv(fragment: Fragment) -> bool:
    """Whether a file is CSV: none of its first lines begins as an object does."""
    first = next(blocks(fragment, ReadReport()), None)
    return first is not None and not first.data.lstrip().startswith(b"{") and b"\n{" not in first.data


def read_labels(uri: str, size: int, index: int) -> Iterator[pa.RecordBatch]:
    """Yield the labels of a ground truth file."""
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
    return clean_text(json.dumps({**json.loads(line), "groundTruthData": json.loads(truth)}, ensure_ascii=False))


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
    return _columns([_keyed(line) for line in data.split(b"\n") if line.strip()])


def _csv_rows(data: bytes) -> tuple[pa.Array, pa.Array]:
    ends = _CSV.record_ends(data)[0].tolist()
    bounds = pairwise([0, *ends, *([len(data)] if not ends or ends[-1] < len(data) else [])])
    rows = [data[start:stop].decode("utf-8", "replace") for start, stop in bounds]
    return _columns([from_csv(row) or _MALFORMED for row in rows if row.strip()])


def _columns(rows: list[tuple[str | None, str | None]]) -> tuple[pa.Array, pa.Array]:
    return pa.array([key for key, _ in rows], pa.string()), pa.array([line for _, line in rows], pa.string())


def _keyed(line: bytes) -> tuple[str | None, str | None]:
    """The key of a line, null without one, and the record; a row of a batch transform becomes one."""
    record = _object(line)
    if record is None:
        return _MALFORMED
    if not isinstance(record.get("captureData"), dict):
        return from_object(record) or _MALFORMED
    return _key(record, ("inferenceId", "eventId")), line.decode("utf-8", "replace").strip()


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = decode_json(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _key(record: dict[str, Any], members: tuple[str, str]) -> str | None:
    """The first of two ids of an event that is not empty, as text."""
    event = record.get("eventMetadata")
    ids = [event.get(member) for member in members] if isinstance(event, dict) else []
    texts = [payload_text(value) for value in ids if value is not None]
    return next(filter(None, texts), None)


def _label(line: bytes) -> tuple[str | None, str | None]:
    record = _object(line) or {}
    key, truth = _key(record, ("eventId", "inferenceId")), record.get("groundTruthData")
    if key is None or not isinstance(truth, dict) or truth.get("data") is None:
        return None, None
    written = truth | {"data": payload_text(truth["data"])}
    return key, clean_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")))
