"""One capture record at a time: what the fast path leaves (several rows in a payload, quotes, odd encodings)."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.datasets.csv_fields import payload_rules, split_fields
from engine.datasets.json_parsing import JsonNumber, json_text

_LINE_END = re.compile(r"\r\n|\n|\r")
"""Those of CSV: other characters at which Python ends a line belong to a field."""


class MalformedPayloadError(ValueError):
    """A payload cannot be made into rows; the text says why."""


@dataclass(frozen=True)
class Payload:
    """The payload of one part as text, with its kind ``csv`` or ``json``."""

    part: str
    text: str
    kind: str


def decode(part: str, data: str, encoding: str | None, content_type: str | None, base64_as: str | None) -> Payload:
    """Decode a payload by its encoding (contract 2.4).

    Raises:
        MalformedPayloadError: It is not base64, or not text.
    """
    name = (encoding or "").upper()
    if name == "BASE64":
        data = _from_base64(part, data, content_type)
        kind = base64_as if base64_as in ("csv", "json") else _kind(data, content_type if base64_as is None else None)
    else:
        kind = name.lower() if name in ("CSV", "JSON") else _kind(data, content_type)
    return Payload(part, data.rstrip("\r\n"), kind)


def _from_base64(part: str, data: str, content_type: str | None) -> str:
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedPayloadError(f"bad base64 in {part}: {error}") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"content type {content_type}" if content_type else "no content type"
        reason = f"base64 of {part} is no text in UTF-8 ({found}); a record preprocessor can read it"
        raise MalformedPayloadError(reason) from error


def _kind(text: str, content_type: str | None) -> str:
    for kind in ("csv", "json"):
        if kind in (content_type or "").lower():
            return kind
    return "json" if text.lstrip().startswith(("{", "[")) else "csv"


def expand(payloads: Sequence[Payload], multi_row: str) -> list[tuple[str, ...]]:
    """Make a record's payloads into rows: for each row the text of each payload, on one line.

    Args:
        payloads: The parts that the record has, in column order.
        multi_row: ``zip``, ``first`` or ``error``.

    Raises:
        MalformedPayloadError: The parts do not fit together, or a payload is broken.
    """
    rows = [csv_rows(p) if p.kind == "csv" else json_rows(p) for p in payloads]
    if multi_row == "first":
        return [tuple(part[0] for part in rows)]
    counts = {len(part) for part in rows}
    if multi_row == "error" and counts != {1}:
        raise MalformedPayloadError("several rows in one payload (multi_row is 'error')")
    if len(counts) > 1:
        rows = _spread(payloads, rows, max(counts))
    return list(zip(*rows, strict=True))


def _spread(payloads: Sequence[Payload], rows: list[list[str]], count: int) -> list[list[str]]:
    """Give one field of a one-line payload to each row of the other."""
    spread = []
    for payload, lines in zip(payloads, rows, strict=True):
        single = len(lines) == 1 and payload.kind == "csv"
        part = [_csv_line([field]) for field in csv_fields(lines[0])] if single else lines
        if len(part) != count:
            found = ", ".join(f"{p.part} {len(r)}" for p, r in zip(payloads, rows, strict=True))
            raise MalformedPayloadError(f"numbers of rows in the payloads differ: {found}")
        spread.append(part)
    return spread


def csv_rows(payload: Payload) -> list[str]:
    """The records of a CSV payload, each as well-formed CSV."""
    data = payload.text.encode("utf-8", "replace")
    if '"' not in payload.text:
        return [line for line in _LINE_END.split(payload.text) if line] or [""]
    rules = payload_rules(payload.text)
    ends, still_open = rules.record_ends(data + b"\n")
    if still_open:
        raise MalformedPayloadError(f"a quote is not closed in {payload.part}")
    texts = [data[start:stop].rstrip(b"\r\n").decode() for start, stop in pairwise([0, *ends.tolist()])]
    return [_csv_line(split_fields(text, rules)) for text in texts if text] or [""]


def csv_fields(text: str) -> list[str]:
    """The fields of one CSV record, which may hold line ends in quotes."""
    return split_fields(text, payload_rules(text))


def _csv_line(fields: Iterable[str]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow(fields)  # fields that hold either character are quoted
    return target.getvalue().removesuffix("\r\n")


def json_rows(payload: Payload) -> list[str]:
    """The objects of a JSON payload, each on one line: an object, an array of objects, or JSON Lines."""
    texts = [payload.text]
    try:
        values = [json.loads(payload.text, parse_float=JsonNumber)]
    except ValueError as error:
        texts = [line for line in payload.text.splitlines() if line.strip()]
        try:
            values = [json.loads(line, parse_float=JsonNumber) for line in texts]
        except ValueError:
            values = []
        if not values:
            raise MalformedPayloadError(f"bad JSON in {payload.part}: {error}") from error
    if len(values) == 1 and isinstance(values[0], dict):
        return [" ".join(payload.text.splitlines())]  # a line end between tokens is as good as a space
    if len(values) == 1 and isinstance(values[0], list) and values[0] and all(isinstance(v, dict) for v in values[0]):
        values = values[0]
    return [_object_line(value) for value in values]


def _object_line(value: object) -> str:
    if not isinstance(value, dict):  # scalars and arrays of them have positions for names
        items = value if isinstance(value, list) else [value]
        value = {f"_c{i}": item for i, item in enumerate(items)}
    return _dumps(value)


def _dumps(value: object) -> str:
    """Compact JSON in which numbers keep their text."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_dumps(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_dumps, value)) + "]"
    return json_text(value) if isinstance(value, JsonNumber) else json.dumps(value)
