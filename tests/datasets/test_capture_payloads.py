"""A record alone gives the rows that it gives among others, whatever its payloads hold."""

from __future__ import annotations

import base64
import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.base import ReadReport
from engine.datasets.capture_parts import parse_captures
from engine.datasets.capture_payloads import rows_of
from engine.datasets.payload_rules import PayloadRules
from engine.datasets.record_rows import rows_of_record
from engine.datasets.row_counts import MalformedPayloadError

FIELDS = st.text(st.sampled_from('a1.,"{ \x0b\u2028\x85'), max_size=4)
LINES = st.lists(FIELDS, min_size=1, max_size=3).map(
    lambda fields: ",".join(f'"{f}"' if f.count('"') % 2 == 0 and "," in f else f for f in fields)
)
TEXTS = st.lists(LINES, min_size=1, max_size=2).map("\n".join)
PARTS = ("endpointOutput", "endpointInput")
RULES = PayloadRules(PARTS)


def part(text: str, encoding: str) -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode() if encoding == "BASE64" else text
    return {"data": data, "encoding": encoding, "observedContentType": "text/csv"}


PAYLOADS = st.none() | st.builds(part, TEXTS, st.sampled_from(["CSV", "csv", "BASE64"]))


def among_others(record: dict[str, Any]) -> list[list[str]] | str:
    problems: list[str] = []
    table = parse_captures(json.dumps(record).encode(), lambda _, reason, __: problems.append(reason))
    rows = rows_of(table, RULES, lambda _, reason: problems.append(reason), ReadReport())
    texts = zip(*(rows.texts[name].to_pylist() for name in PARTS), strict=True)
    return problems[0] if problems else [[text for text in row if text is not None] for row in texts]


def alone(record: dict[str, Any]) -> list[list[str]] | str:
    try:
        return [list(row.values()) for row in rows_of_record(record, RULES)]
    except MalformedPayloadError as error:
        return str(error)


def cells(found: list[list[str]] | str) -> Any:
    """Fields, as those of one record may be quoted more or less."""
    if isinstance(found, str):
        return found
    return [[next(csv.reader(io.StringIO(text, newline="")), []) for text in row] for row in found]


@given(PAYLOADS, PAYLOADS, PAYLOADS)
def test_alone_and_among_others(one: Any, other: Any, batch: Any) -> None:
    parts = {"endpointOutput": one, "endpointInput": other, "batchTransformOutput": batch}
    record = {"captureData": {name: payload for name, payload in parts.items() if payload}}
    assert cells(alone(record)) == cells(among_others(record))


@pytest.mark.parametrize(
    ("capture", "problem"),
    [
        (None, "not a capture record: there is no object 'captureData'"),
        ({"endpointInput": 3}, "not a capture record: captureData.endpointInput is not an object"),
        ({"endpointInput": "3"}, "not a capture record: captureData.endpointInput is not an object"),
    ],
)
def test_no_capture_record(capture: Any, problem: str) -> None:
    assert alone({"captureData": capture}) == problem == among_others({"captureData": capture})


def test_only_line_ends_of_csv_end_a_line() -> None:
    record = {"captureData": {"endpointInput": part("a\u2028b,1\r\nc\x0bd,2\n", "CSV")}}
    assert alone(record) == [["a\u2028b,1"], ["c\x0bd,2"]]


@pytest.mark.parametrize(
    ("data", "rows"),
    [(3, [["3"]]), (1.0, [["1.0"]]), (True, [["true"]]), ("a\ud800", [["a?"]]), ({"a": [1.0]}, [['{"a":[1.0]}']])],
)
def test_payload_that_is_no_text_is_read_as_its_json(data: Any, rows: list[list[str]]) -> None:
    """As Spark reads JSON of any type into a column of text; the connector's own documents have text alone."""
    encoding = "JSON" if isinstance(data, dict) else "CSV"
    record = {"captureData": {"endpointInput": {"data": data, "encoding": encoding}}}
    assert alone(record) == rows == among_others(record)


@pytest.mark.parametrize("event", [None, [], "e", {"eventId": 5}, {"eventId": "\ud800"}])
def test_event_of_any_form_costs_nothing(event: Any) -> None:
    record = {"captureData": {"endpointInput": part("1", "CSV")}, "eventMetadata": event}
    assert among_others(record) == [["1"]]
