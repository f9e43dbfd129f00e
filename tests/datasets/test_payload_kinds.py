"""A payload is CSV or JSON by what it holds. What is expected is the payload, read by eye."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.datasets.capture_examples import as_json, captured, csv, payload, read_records

REQUEST = csv("1,2\n")
OBJECT = json.dumps({"a": 1, "b": "x"})


def responses(folder: Path, *parts: dict[str, Any], **settings: Any) -> list[tuple[Any, ...]]:
    rows, report = read_records(
        folder, *(captured(request=REQUEST, response=part) for part in parts), parts=("endpointOutput",), **settings
    )
    assert not report.records
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
    "part",
    [
        csv(OBJECT),
        csv(f"[{OBJECT}]"),
        csv(f" {OBJECT}\n"),
        payload(OBJECT, "CSV", "text/csv"),
        payload(OBJECT, "BASE64", "text/csv"),
        payload(OBJECT, "BASE64", "text/html"),
        payload(OBJECT, "other"),
        as_json(json.dumps(OBJECT)),
        csv(json.dumps(OBJECT)),
    ],
)
def test_json_object_is_json_whatever_is_declared(tmp_path: Path, part: dict[str, Any]) -> None:
    assert responses(tmp_path, part, part) == [(1, "x")] * 2


def test_json_lines_declared_csv_are_rows(tmp_path: Path) -> None:
    rows, _ = read_records(tmp_path, captured(request=csv('{"x": 1}\n{"x": 2}\n'), response=csv("0.1\n0.2")))
    assert rows == [{"_c0": "0.1", "x": 1}, {"_c0": "0.2", "x": 2}]


@pytest.mark.parametrize("declare", [as_json, lambda text: payload(text, "BASE64", "application/json")])
def test_csv_declared_json_is_csv(tmp_path: Path, declare: Any) -> None:
    assert responses(tmp_path, declare("0.9,yes"), declare("0.8,no")) == [("0.9", "yes"), ("0.8", "no")]


def test_numbers_say_the_same_in_either_kind(tmp_path: Path) -> None:
    parts = [csv("0.1,0.9"), as_json("[0.2, 0.8]"), csv("[0.3, 0.7]"), as_json("0.4,0.6")]
    assert responses(tmp_path, *parts) == [("0.1", "0.9"), ("0.2", "0.8"), ("0.3", "0.7"), ("0.4", "0.6")]


def test_payloads_not_as_declared_are_noted(tmp_path: Path) -> None:
    _, report = read_records(tmp_path, *[captured(request=REQUEST, response=csv(OBJECT))] * 3)
    assert report.notes["payloads of endpointOutput declared CSV; those of the part are read as JSON"] == 3


@pytest.mark.parametrize("odd", [as_json({"a": 1}), csv('{"a": 1}'), as_json('{"a": '), as_json([{"a": 1}, {"a": 2}])])
def test_one_record_of_json_among_csv_is_malformed_alone(tmp_path: Path, odd: dict[str, Any]) -> None:
    good = captured(request=REQUEST, response=csv("0.5"))
    rows, report = read_records(tmp_path, good, captured(request=REQUEST, response=odd), good)
    assert (len(rows), report.count) == (2, 1)
    assert "endpointOutput" in report.records[0].reason


def test_one_record_of_csv_among_json_is_malformed_alone(tmp_path: Path) -> None:
    good = captured(request=REQUEST, response=as_json({"p": 1}))
    rows, report = read_records(tmp_path, good, captured(request=REQUEST, response=csv("oops")), good)
    assert ([row["p"] for row in rows], report.count) == ([1, 1], 1)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[0.1, 0.9]", [("0.1", "0.9")]),
        ("[1e-05,  -2.5]", [("1e-05", "-2.5")]),
        ("[nan, 0.5]", [("nan", "0.5")]),
        ('["yes", "no"]', [("yes", "no")]),
        ("1,[0.1, 0.9]", [("1", "0.1", "0.9")]),
        ("1, [0.1, 0.9] ,x", [("1", "0.1", "0.9", "x")]),
        ('"[0.1, 0.9]"', [("[0.1, 0.9]",)]),
        ("[0.1;0.9]", [("[0.1;0.9]",)]),
        ("[0.1 0.9]", [("[0.1 0.9]",)]),
        ("[ERROR] x,a[1]", [("[ERROR] x", "a[1]")]),
    ],
)
def test_list_of_scalars_in_csv_is_its_columns(tmp_path: Path, text: str, rows: list[tuple[str, ...]]) -> None:
    assert responses(tmp_path, csv(text), csv(text)) == rows * 2


@pytest.mark.parametrize("text", ["[0.1, 0.9],[0.2, 0.8]", "[[0.1, 0.9], [0.2, 0.8]]", "[0.1, 0.9]\n[0.2, 0.8]"])
def test_lists_in_csv_are_a_row_each(tmp_path: Path, text: str) -> None:
    rows, report = read_records(tmp_path, *[captured(request=csv("1\n2"), response=csv(text))] * 2)
    assert [tuple(row.values()) for row in rows] == [("0.1", "0.9", "1"), ("0.2", "0.8", "2")] * 2
    assert not report.records


@pytest.mark.parametrize("declared", ["JSON", "CSV"])
@pytest.mark.parametrize("deep", ['{"a":' * 20_000 + "1" + "}" * 20_000, "[" * 400 + "1" + "]" * 400])
def test_deep_payload_is_one_malformed_record(tmp_path: Path, declared: str, deep: str) -> None:
    good = captured(request=as_json({"a": 1}), response=csv("0.5"))
    rows, report = read_records(tmp_path, good, captured(request=payload(deep, declared), response=csv("0.5")), good)
    assert (len(rows), report.count) == (2, 1)
    assert "nested deeper than 100 levels" in report.records[0].reason


def test_half_surrogates_in_keys_and_values_cost_nothing(tmp_path: Path) -> None:
    part = as_json('{"a\\ud800": "x\\udfff", "b": [1]}')
    rows, report = read_records(tmp_path, *[captured(request=REQUEST, response=part)] * 2, parts=("endpointOutput",))
    assert (len(rows), report.count) == (2, 0)
    assert rows[0]["b.0"] == 1


def test_binary_payload_names_the_part_to_leave_out(tmp_path: Path) -> None:
    image = {"data": "/9j/4A==", "encoding": "BASE64", "observedContentType": "image/jpeg"}
    _, report = read_records(tmp_path, captured(request=image, response=csv("0.5")))
    assert "input.capture.parts: [endpointOutput] leaves it out" in report.records[0].reason
    rows, report = read_records(tmp_path, captured(request=image, response=csv("0.5,0.1")), parts=("endpointOutput",))
    assert (rows, report.count) == ([{"_c0": "0.5", "_c1": "0.1"}], 0)


def test_byte_order_mark_is_no_part_of_a_payload(tmp_path: Path) -> None:
    assert responses(tmp_path, csv("\ufeff0.5,1"), csv("0.6,2")) == [("0.5", "1"), ("0.6", "2")]
    assert responses(tmp_path, as_json('\ufeff{"a": 1}'), as_json({"a": 2})) == [(1,), (2,)]


def test_integer_of_any_length_costs_nothing(tmp_path: Path) -> None:
    rows, report = read_records(
        tmp_path, captured(request=as_json(f'{{"a": [1{"0" * 6000}, 1]}}'), response=csv("0.5"))
    )
    assert (rows[0]["a.1"], report.count) == (1, 0)
