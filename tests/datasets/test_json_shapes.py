"""Datasets of JSON whose lines or documents are lists, or wrap many rows. The rows are those that a person reads off the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.datasets.reading import opened, read, reasons

A, B, C = {"x": 1, "f": [1, 2]}, {"x": 2, "f": [3, 4]}, {"x": 3, "f": [5, 6]}
FLAT = [{"f.0": 1, "f.1": 2, "x": 1}, {"f.0": 3, "f.1": 4, "x": 2}, {"f.0": 5, "f.1": 6, "x": 3}]


def inside(member: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{f"{member}.0.{name}": value for name, value in row.items()} for row in rows]


def write(path: Path, lines: list[Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("document", "rows"),
    [
        ({"instances": [A, B, C]}, inside("instances", FLAT)),
        ({"instances": [A]}, inside("instances", FLAT[:1])),
        ([A, B, C], FLAT),
        ([[1, "a"], [2, "b"]], [{"_c0": 1, "_c1": "a"}, {"_c0": 2, "_c1": "b"}]),
        ({"predictions": [[0.5], [0.25]], "model": "m"}, [{"model": "m", "predictions.0.0": p} for p in (0.5, 0.25)]),
    ],
)
def test_documents_that_wrap_rows_are_as_many_rows_as_items(
    tmp_path: Path, document: Any, rows: list[dict[str, Any]], indent: int | None
) -> None:
    (tmp_path / "t.json").write_text(json.dumps(document, indent=indent))
    assert read(tmp_path) == read(tmp_path, json_lines=False)
    records, report = read(tmp_path)
    assert records == rows
    assert report.count == 0


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        (
            {"a": [1, 2, 3], "b": ["x", "y", "z"]},
            [{"a.0": 1, "b.0": "x"}, {"a.0": 2, "b.0": "y"}, {"a.0": 3, "b.0": "z"}],
        ),
        ({"columns": ["p"], "data": [[7], [8]]}, [{"columns.0": "p", "data.0.0": n} for n in (7, 8)]),
        ({"user": 1, "tags": ["a", "b"]}, [{"tags.0": "a", "tags.1": "b", "user": 1}]),
    ],
)
def test_documents_of_columns_are_tables_and_others_one_row(
    tmp_path: Path, document: Any, rows: list[dict[str, Any]]
) -> None:
    (tmp_path / "t.json").write_text(json.dumps(document, indent=1))
    assert read(tmp_path)[0] == rows


@pytest.mark.parametrize("odd", [[], ['{"y": "\\ud800"}'], ["{broken"]])  # which are read line by line
@pytest.mark.parametrize("split_bytes", [1, 10**6])
def test_lines_that_wrap_rows_are_as_many_rows_as_items(tmp_path: Path, odd: list[str], split_bytes: int) -> None:
    lines = [{"instances": [A, B], "id": 7}, {"instances": [C]}, {"z": 1}, {"instances": []}, {"instances": None}]
    write(tmp_path / "t.jsonl", [*lines, *odd])
    rows, report = read(tmp_path, split_bytes=split_bytes)
    present = [{name: value for name, value in row.items() if value is not None} for row in rows]
    first, second, third = inside("instances", FLAT)
    assert present[:6] == [{"id": 7} | first, {"id": 7} | second, third, {"z": 1}, {}, {}]
    assert dict(report.notes) == {
        "records that hold a list of rows in 'instances', each item of which is read as a row": 1
    }


def test_lines_with_one_list_of_objects_and_nothing_else_are_batches(tmp_path: Path) -> None:
    write(tmp_path / "t.jsonl", [{"items": [A, B]}, {"items": [C]}])
    assert read(tmp_path)[0] == inside("items", FLAT)


@pytest.mark.parametrize("first", [{"user": 1, "items": [A, B]}, {"items": []}, {"features": [[1, 2], [3, 4]]}])
def test_lines_that_are_records_with_details_stay_one_row(tmp_path: Path, first: dict[str, Any]) -> None:
    write(tmp_path / "t.jsonl", [first, {"user": 2, "items": [C]}])
    rows, report = read(tmp_path)
    assert len(rows) == 2
    assert not report.notes


@pytest.mark.parametrize("split_bytes", [1, 10**6])
@pytest.mark.parametrize("last", ["[5, 6.5]", '[5, "x"]', "[5, [6]]", "[5]", "[]"])
def test_lines_that_are_lists_have_columns_by_position(tmp_path: Path, last: str, split_bytes: int) -> None:
    write(tmp_path / "t.jsonl", ["[1, 2]", "[3, null]", last])
    rows, report = read(tmp_path, split_bytes=split_bytes)
    assert report.count == 0
    assert [row.get("_c0") for row in rows] == [1, 3, 5 if last != "[]" else None]
    second = {"[5, 6.5]": [2.0, None, 6.5], '[5, "x"]': ["2", None, "x"]}.get(last, [2, None, None])
    assert [row.get("_c1") for row in rows] == second
    assert {name for row in rows for name in row} == {"_c0", "_c1"} | ({"_c1.0"} if "[6]" in last else set())


@pytest.mark.parametrize("split_bytes", [1, 10**6])
def test_each_position_of_lists_has_a_type_of_its_own(tmp_path: Path, split_bytes: int) -> None:
    write(tmp_path / "t.jsonl", ["[1, 2.5, true]", "[3, 4, null]"])
    rows, _ = read(tmp_path, split_bytes=split_bytes)
    assert [[type(value) for value in row.values()] for row in rows] == [[int, float, bool], [int, float, type(None)]]


def test_records_of_another_kind_than_the_first_are_malformed(tmp_path: Path) -> None:
    write(tmp_path / "1.jsonl", ["[1, 2]", {"a": 1}, 5, "[3, 4]"])
    rows, report = read(tmp_path)
    assert [row["_c0"] for row in rows] == [1, 3]
    assert [reason for _, reason in reasons(report)] == [
        "not a JSON list, as the first record is, but object", "not a JSON list, as the first record is, but number",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "word"),
    [("5", "number"), ("2.5", "number"), ('"x"', "text"), ("[1]", "list"), ("true", "boolean"), ("null", "null")],
)
def test_values_that_are_no_records_are_named_in_the_words_of_json(tmp_path: Path, item: str, word: str) -> None:
    write(tmp_path / "1.jsonl", [{"a": 1}, item])
    (tmp_path / "2.json").write_text(f'[{{"a": 1}}, {item}]')
    wanted = f"not a JSON object but {word}"
    assert reasons(read(tmp_path / "1.jsonl")[1]) == [({"byte": 9}, wanted)]
    assert reasons(read(tmp_path / "2.json")[1]) == [({"element": 1}, wanted)]


def test_the_wrong_setting_for_lines_is_named(tmp_path: Path) -> None:
    """A first file that shows its layout is read so; where it shows none, the setting holds for all files."""
    write(tmp_path / "lines/1.json", [{"a": 1}])
    write(tmp_path / "lines/2.json", [{"a": 1}, {"a": 2}])
    assert "input.json_lines: true" in reasons(read(tmp_path / "lines", json_lines=False)[1])[0][1]
    write(tmp_path / "pretty/1.json", [{"a": 1}])
    (tmp_path / "pretty/2.json").write_text(json.dumps([{"a": 1}], indent=1))
    pretty = reasons(read(tmp_path / "pretty", format="jsonl")[1])
    assert "input.json_lines: false" in pretty[0][1]


def test_several_records_on_a_line_and_records_over_several_lines_are_malformed(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"a":1}{"a":2}\n{"a":\n3}\n{"a": 4}\n')
    rows, report = read(tmp_path)
    assert rows == [{"a": 4}]
    assert [position["byte"] for position, _ in reasons(report)] == [0, 15, 21]


def test_two_members_of_one_flat_name_in_a_record_are_noted(tmp_path: Path) -> None:
    write(tmp_path / "t.jsonl", [{"a.b": 1, "a": {"b": 2}}, {"a": {"b": 3}, "a.b": 4}, {"a": {"b": 5}}])
    rows, report = read(tmp_path)
    assert [row["a.b"] for row in rows] == [1, 3, 5]
    assert list(report.notes.items()) == [
        ("records in which two members have the flat name 'a.b', of which the first is read", 2)
    ]


@pytest.mark.parametrize("split_bytes", [1, 10**6])
def test_an_object_that_is_null_is_no_column_beside_its_members(tmp_path: Path, split_bytes: int) -> None:
    write(tmp_path / "1.jsonl", [{"a": {"b": 1}, "c": None}])
    write(tmp_path / "2.jsonl", [{"a": None, "c": None}])
    rows, _ = read(tmp_path, split_bytes=split_bytes)
    assert rows == [{"a.b": 1, "c": None}, {"a.b": None, "c": None}]


def test_names_that_differ_by_case_are_two_columns(tmp_path: Path) -> None:
    write(tmp_path / "t.jsonl", [{"a": 1, "A": 2}])
    assert read(tmp_path)[0] == [{"A": 2, "a": 1}]


def test_the_planned_columns_are_those_that_are_read(tmp_path: Path) -> None:
    write(tmp_path / "t.jsonl", [{"instances": [A, B]}])
    assert opened(tmp_path).columns == tuple(inside("instances", FLAT)[0])


def test_two_members_of_one_flat_name_in_a_payload_are_noted(tmp_path: Path) -> None:
    payload = {
        "data": json.dumps({"a.b": 1, "a": {"b": 2}}),
        "encoding": "JSON",
        "observedContentType": "application/json",
    }
    write(tmp_path / "t.jsonl", [{"captureData": {"endpointInput": payload}, "eventMetadata": {"eventId": "1"}}] * 3)
    rows, report = read(tmp_path)
    assert [row["a.b"] for row in rows] == [1, 1, 1]
    assert report.notes["records in which two members have the flat name 'a.b', of which the first is read"] == 3
