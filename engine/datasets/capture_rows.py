"""The payloads of one capture record as rows: what the fast path leaves (several rows, quotes, odd encodings)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from engine.datasets.capture_csv import csv_fields, csv_line, csv_records
from engine.datasets.json_rows import RowCount, row_counts, split_rows
from engine.datasets.json_writing import write_json
from engine.datasets.payload import Payload
from engine.datasets.row_counts import MalformedPayloadError, agree, exactly, one_or


@dataclass(frozen=True)
class _Body:
    """A payload that is parsed as far as counting its rows needs.

    Attributes:
        payload: The payload.
        lines: The records of CSV; none for JSON.
        count: How many rows it may be.
    """

    payload: Payload
    lines: Sequence[str]
    count: RowCount

    @classmethod
    def parse(cls, payload: Payload) -> _Body:
        """Parse a payload.

        Raises:
            MalformedPayloadError: It is broken.
        """
        if payload.kind == "json":
            documents = payload.documents
            # An empty list answers an empty request: a row of nothing, as an empty body of CSV is.
            is_alone = len(documents) == 1 and documents != [[]]
            return cls(payload, (), row_counts(documents[0]) if is_alone else exactly(len(documents)))
        lines = csv_records(payload.part, payload.text)
        if len(lines) > 1 or payload.part == "endpointInput":
            return cls(payload, lines, exactly(len(lines)))
        fields = len(csv_fields(lines[0]))  # a line of scores may belong to as many rows of the request
        return cls(payload, lines, one_or(fields))

    def rows(self, count: int) -> list[str]:
        """The texts of so many rows, which the payload allows."""
        if self.payload.kind == "csv":
            return list(self.lines) if len(self.lines) == count else [csv_line([f]) for f in csv_fields(self.lines[0])]
        if count == 1 and len(self.payload.documents) == 1 and isinstance(self.payload.documents[0], dict):
            return [" ".join(self.payload.text.splitlines())]  # a line end between tokens is as good as a space
        documents = self.payload.exact_documents
        rows = documents if len(documents) == count != 1 else split_rows(documents[0], count)
        return [_object_line(row) for row in rows]


def expand(payloads: Sequence[Payload], multi_row: str, witnesses: Sequence[Payload] = ()) -> list[tuple[str, ...]]:
    """Make a record's payloads into rows: for each row the text of each payload, on one line.

    Args:
        payloads: The parts that the record has, in column order.
        multi_row: ``zip``, ``first`` or ``error``.
        witnesses: Captured parts that are not used, but may say how many rows the record is.

    Raises:
        MalformedPayloadError: The parts do not fit together, or a payload is broken.
    """
    bodies = [_Body.parse(payload) for payload in payloads]
    try:
        count = agree({body.payload.part: body.count for body in bodies}, _counts(witnesses))
    except MalformedPayloadError:
        if multi_row != "first":
            raise
        return [tuple(body.rows(body.count.preferred)[0] for body in bodies)]
    if multi_row == "error" and count != 1:
        raise MalformedPayloadError("several rows in one payload (multi_row is 'error')")
    rows = list(zip(*(body.rows(count) for body in bodies), strict=True))
    return rows[:1] if multi_row == "first" else rows


def rows_in(payload: Payload, count: int | None) -> list[str]:
    """Return the texts of the rows of one payload, so many as ``count`` where it allows that, else as it prefers.

    Raises:
        MalformedPayloadError: It is broken.
    """
    body = _Body.parse(payload)
    return body.rows(count if count in body.count.allowed else body.count.preferred)


def count_of(payload: Payload) -> RowCount:
    """Return how many rows one payload may be.

    Raises:
        MalformedPayloadError: It is broken.
    """
    return _Body.parse(payload).count


def _object_line(value: object) -> str:
    """A row of JSON as an object on one line: scalars, and lists of them, have positions for names."""
    if not isinstance(value, dict):
        items = value if isinstance(value, list) else [value]
        value = {f"_c{i}": item for i, item in enumerate(items)}
    return write_json(value)


def _counts(witnesses: Sequence[Payload]) -> list[RowCount]:
    counts = []
    for witness in witnesses:
        with suppress(MalformedPayloadError):
            counts.append(count_of(witness))
    return counts
