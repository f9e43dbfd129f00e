"""JSON Lines and documents: flat columns, one type a column, any cut."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.reading import opened, read, reasons

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.sampled_from("ab\n é"), max_size=4)
objects = st.dictionaries(st.sampled_from(["a", "b", "c"]), scalars, max_size=3)


def write(path: Path, values: list[Any]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return path


@given(st.lists(objects, min_size=1, max_size=20), st.integers(5, 200))
def test_any_cut_gives_the_same_rows(values: list[dict[str, Any]], split_bytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "t.jsonl", [{"id": i, **value} for i, value in enumerate(values)])
        whole, _ = read(path)
        cut, report = read(path, split_bytes=split_bytes)
        assert report.count == 0
        names = {name for row in whole + cut for name in row}
        assert [{n: row.get(n) for n in names} for row in cut] == [{n: row.get(n) for n in names} for row in whole]
        assert [row["id"] for row in cut] == list(range(len(values)))


def test_nested_objects_and_arrays_are_flat_and_sorted(tmp_path: Path) -> None:
    write(tmp_path / "t.jsonl", [{"z": 1, "a": {"y": "q", "x": [1, {"k": 2.5}]}}, {"a": {"x": []}}][:1])
    dataset = opened(tmp_path)
    assert dataset.sort_columns
    rows, _ = read(tmp_path)
    assert rows == [{"a.x.0": 1, "a.x.1.k": 2.5, "a.y": "q", "z": 1}]
    assert list(rows[0]) == sorted(rows[0])


@pytest.mark.parametrize("split_bytes", [1, 10**6])
def test_of_two_members_with_one_flat_name_the_first_of_the_record_counts(tmp_path: Path, split_bytes: int) -> None:
    write(tmp_path / "t.jsonl", [{"a.b": 1, "a": {"b": 2}}, {"a": {"b": 3}, "a.b": 4}, {"a": {"b": 5}}])
    assert read(tmp_path, split_bytes=split_bytes)[0] == [{"a.b": 1}, {"a.b": 3}, {"a.b": 5}]


def test_arrays_of_different_lengths(tmp_path: Path) -> None:
    write(tmp_path / "t.jsonl", [{"p": [1, 2]}, {"p": []}, {"p": None}, {"p": [3]}])
    rows, _ = read(tmp_path)
    assert [(row["p.0"], row["p.1"]) for row in rows] == [(1, 2), (None, None), (None, None), (3, None)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2.5], [1.0, 2.5]),
        ([1, "x"], ["1", "x"]),
        ([True, "x"], ["true", "x"]),
        ([True, 1], ["true", "1"]),
        ([1.50, None, "x"], ["1.5", None, "x"]),
        (["2026-01-31", "10:00"], ["2026-01-31", "10:00"]),
        (["2026-01-31T10:00:00Z"], ["2026-01-31T10:00:00Z"]),
        ([2**63, 1], [float(2**63), 1.0]),
    ],
)
@pytest.mark.parametrize("split_bytes", [1, 10**6])
def test_one_type_for_a_column(tmp_path: Path, values: list[Any], expected: list[Any], split_bytes: int) -> None:
    write(tmp_path / "t.jsonl", [{"v": value} for value in values])
    assert [row["v"] for row in read(tmp_path, split_bytes=split_bytes)[0]] == expected


def test_a_column_wider_than_planned_is_read_again(tmp_path: Path) -> None:
    many = [{"v": i, "w": "x"} for i in range(1000)]
    write(tmp_path / "1.jsonl", many)
    (tmp_path / "2.jsonl").write_text('{"v": 1.50}\n{"v": "late", "new": "text"}\n')
    for name in ("3", "4", "5"):  # the types are planned from the first, the middle and the last file
        (tmp_path / f"{name}.jsonl").write_text('{"v": 7}\n')
    rows, report = read(tmp_path)
    assert report.conflicts == {"new": "text", "v": "text"}
    assert [row["v"] for row in rows[-6:]] == ["999", "1.50", "late", "7", "7", "7"]
    assert [row["new"] for row in rows if row.get("new")] == ["text"]


def test_malformed_lines(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_bytes(b'{"a": 1}\n{"a": \n[1]\n{"a": "\xff"}\n\n{"a": 2, "a": 3}\n')
    rows, report = read(tmp_path, format="jsonl")
    assert [row["a"] for row in rows] == [1, 3]
    assert [position for position, _ in reasons(report)] == [{"byte": 9}, {"byte": 16}, {"byte": 20}]
    assert [reason.split(":")[0] for _, reason in reasons(report)] == [
        "bad JSON", "not a JSON object but list", "invalid UTF-8",
    ]  # fmt: skip


def test_objects_without_members_are_rows(tmp_path: Path) -> None:
    write(tmp_path / "t.jsonl", [{"a": 1}, {}, {}])
    assert len(read(tmp_path, split_bytes=3)[0]) == 3


@pytest.mark.parametrize("text", ['[{"a": 1},\n {"a": 2}]', '{\n "a": 1\n}'])
def test_documents_are_detected(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.json").write_text(text)
    assert [row["a"] for row in read(tmp_path)[0]] == [1, 2][: text.count("a")]


def test_a_document_that_is_broken_is_one_malformed_entry(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('[{"a": 1}, 5]')
    (tmp_path / "2.json").write_text('[{"a": 1},')
    rows, report = read(tmp_path, json_lines=False)
    assert rows == [{"a": 1}]
    assert report.count == 2
