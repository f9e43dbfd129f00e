"""The first records of a dataset, and what they say of all: CSV or JSON in each part."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice

import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport
from engine.datasets.capture_csv import only_lists
from engine.datasets.capture_decoding import decode
from engine.datasets.capture_parts import GROUND_TRUTH, parse_captures
from engine.datasets.capture_window import in_window
from engine.datasets.payload import Payload
from engine.datasets.row_counts import MalformedPayloadError
from engine.datasets.text_blocks import blocks

SAMPLE = 1000
"""Records looked at before the table's shape is decided."""

_MEMBERS = ("data", "encoding", "observedContentType")


def first_records(fragments: Sequence[Fragment], start: datetime | None, end: datetime | None) -> pa.Table:
    """Return the first records in the window."""
    tables: list[pa.Table] = []
    count = 0
    for table in _tables(fragments):
        tables.append(in_window(table, start, end).slice(0, SAMPLE - count))
        count += len(tables[-1])
        if count >= SAMPLE:
            break
    return pa.concat_tables(tables).combine_chunks() if tables else parse_captures(b"", _ignore)


def _ignore(*problem: object) -> None:
    """Problems of the first records are reported when their split is read."""


def _tables(fragments: Sequence[Fragment]) -> Iterator[pa.Table]:
    for fragment in fragments:
        for block in blocks(fragment, ReadReport()):
            head = b"".join(islice(io.BytesIO(block.data), 2 * SAMPLE))
            yield parse_captures(head, _ignore)


def decoded(records: pa.Table, parts: Iterable[str], base64_as: str | None) -> list[dict[str, Payload]]:
    """Return the payloads of each record by part; those that cannot be decoded are left out."""
    payloads: list[dict[str, Payload]] = [{} for _ in range(len(records))]
    for part in parts:
        for source in ("batchTransformOutput", part) if part == "endpointOutput" else (part,):
            cells = (records.column(f"{source}.{member}").to_pylist() for member in _MEMBERS)
            for record, (data, encoding, content_type) in zip(payloads, zip(*cells, strict=True), strict=True):
                with suppress(MalformedPayloadError):
                    if data is not None:
                        record[part] = decode(part, data, encoding, content_type, base64_as)
    return payloads


def common_kind(payloads: Sequence[Payload]) -> str:
    """Return what the payloads of a part are, ``csv`` or ``json``.

    Numbers and lists of them can be read as either: among records of CSV they are CSV.
    """
    flexible = {"csv": 0, "json": 0}
    strict = {"csv": 0, "json": 0}
    for payload in payloads:
        with suppress(MalformedPayloadError):
            is_either = only_lists(payload.text) if payload.kind == "csv" else payload.is_flat
            (flexible if is_either else strict)[payload.kind] += 1
    if payloads and payloads[0].part == GROUND_TRUTH and not strict["json"]:
        return "json" if not strict["csv"] and len(_label_names(payloads)) == 1 else "csv"
    counts = strict if any(strict.values()) else flexible
    return "json" if counts["json"] > counts["csv"] else "csv"


def are_lists(payloads: Sequence[Payload]) -> bool:
    """Return whether all payloads of a part are lists in brackets, such as ``[0.1, 0.9]``."""
    return bool(payloads) and all(only_lists(payload.text) for payload in payloads)


def _label_names(payloads: Sequence[Payload]) -> set[str]:
    """The names under which labels of one value stand; empty for those that have none."""
    names: set[str] = set()
    for payload in payloads:
        with suppress(MalformedPayloadError):
            documents = [
                item
                for document in payload.documents
                for item in (document if isinstance(document, list) else [document])
            ]
            names |= {name for item in documents for name in (item if isinstance(item, dict) else [""])}
    return names
