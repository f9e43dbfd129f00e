"""Captured records as rows of cells by name: for records that a script returned unchanged, and for the label of its own rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from engine.datasets.capture_csv import csv_fields
from engine.datasets.capture_decoding import decode
from engine.datasets.capture_parts import GROUND_TRUTH
from engine.datasets.capture_record import CaptureRecord
from engine.datasets.capture_rows import rows_in
from engine.datasets.json_flatten import flat_value
from engine.datasets.payload_rules import PayloadRules
from engine.datasets.record_rows import rows_of_record
from engine.datasets.row_counts import MalformedPayloadError
from engine.datasets.scalar_text import scalar_text
from engine.datasets.script_rows import Row, is_label


def unchanged_rows(record: CaptureRecord, rules: PayloadRules) -> list[Row]:
    """Return the rows of a record that a script returned as it is, with what it changed.

    Raises:
        MalformedPayloadError: A payload is broken.
    """
    return [_row(texts) for texts in rows_of_record(json.loads(str(record)), rules)]


def with_labels(rows: Sequence[Row], record: CaptureRecord, rules: PayloadRules) -> list[Row]:
    """Return the rows of a script with the record's label, where they have none of their own.

    Several labels go to as many rows; one goes to all of them.

    Raises:
        MalformedPayloadError: There are neither as many labels as rows nor one.
    """
    truth = record.ground_truth
    if truth is None or truth.data is None or not rows or any(is_label(key) for row in rows for key in row):
        return list(rows)
    content_type = None if truth.observedContentType is None else str(truth.observedContentType)
    encoding = None if truth.encoding is None else str(truth.encoding)
    payload = decode(GROUND_TRUTH, str(truth.data), encoding, content_type, rules.base64_as)
    labels = [_label(text) for text in rows_in(payload, len(rows))]
    if len(labels) not in (1, len(rows)):
        raise MalformedPayloadError(f"the script made {len(rows)} rows of a record with {len(labels)} labels")
    repeated = labels * len(rows) if len(labels) == 1 else labels
    return [row | label for row, label in zip(rows, repeated, strict=True)]


def _row(texts: Mapping[str, str]) -> Row:
    """The cells of a row's payload texts: CSV by position, JSON by key, the label under its own name."""
    row: Row = {}
    position = 0
    for part, text in texts.items():
        if part == GROUND_TRUTH:
            row |= _label(text)
        elif text.startswith("{"):
            row |= _by_name(text)
        else:
            for cell in csv_fields(text):
                row[f"_c{position}"] = cell or None
                position += 1
    return row


def _by_name(text: str) -> Row:
    return {name: scalar_text(cell) for name, cell in flat_value(json.loads(text))}


def _by_position(text: str) -> Row:
    return {f"_c{i}": cell or None for i, cell in enumerate(csv_fields(text))}


def _label(text: str) -> Row:
    """A label of one value has the name of the part; several have positions or their own names behind it."""
    cells = _by_name(text) if text.startswith("{") else _by_position(text)
    if len(cells) == 1:
        return {GROUND_TRUTH: next(iter(cells.values()))}
    return {f"{GROUND_TRUTH}.{name.removeprefix('_c')}": cell for name, cell in cells.items()}
