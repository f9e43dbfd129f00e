"""Lines of names above the values of each request are no rows; a line that only looks like one is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.datasets.capture_examples import captured, csv, read_records

NOTE = "endpointInput: lines of names above the values (age,income), left out"


def rows_of(folder: Path, *pairs: tuple[str, str], **settings: Any) -> tuple[list[tuple[Any, ...]], Any]:
    records = [captured(request=csv(request), response=csv(response)) for request, response in pairs]
    rows, report = read_records(folder, *records, **settings)
    return [tuple(row.values()) for row in rows], report


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_header_above_numbers_is_left_out_and_noted(tmp_path: Path, end: str) -> None:
    requests = [f"age,income{end}40,50{end}", f"age,income{end}41,{end}42,51"]
    rows, report = rows_of(tmp_path, (requests[0], "0.5"), (requests[1], "0.6\n0.7"))
    assert rows == [("0.5", "40", "50"), ("0.6", "41", None), ("0.7", "42", "51")]
    assert report.notes[NOTE] == 2


def test_header_of_the_baselines_names_is_left_out(tmp_path: Path) -> None:
    pairs = [("City,Plan\nrome,gold", "0.5"), ("City,Plan\noslo,free", "0.6")]
    assert rows_of(tmp_path, *pairs, names=("score", "city", "plan"))[0] == [
        ("0.5", "rome", "gold"), ("0.6", "oslo", "free"),
    ]  # fmt: skip


def test_header_above_one_row_of_text_for_one_answer_is_left_out(tmp_path: Path) -> None:
    assert rows_of(tmp_path, ("c,d\nrome,x", "0.5"), ("c,d\noslo,y", "0.6"))[0] == [
        ("0.5", "rome", "x"), ("0.6", "oslo", "y"),
    ]  # fmt: skip


def test_header_in_quotes_is_left_out(tmp_path: Path) -> None:
    assert rows_of(tmp_path, ('"age","income"\n40,50', "0.5"), ('"age","income"\n1,2', "0.1"))[0] == [
        ("0.5", "40", "50"), ("0.1", "1", "2"),
    ]  # fmt: skip


def test_header_without_rows_is_a_malformed_record(tmp_path: Path) -> None:
    rows, report = rows_of(tmp_path, ("age,income\n40,50", "0.5"), ("age,income\n", "0.5"))
    assert rows == [("0.5", "40", "50")]
    assert report.records[0].reason == "endpointInput holds a line of names and no rows"


@pytest.mark.parametrize(
    "pairs",
    [
        [("red,x\nblue,y", "0.5\n0.6"), ("red,x\nblue,z", "0.5\n0.6")],  # a row for each line
        [("red,1\nblue,2", "0.1\n0.2"), ("red,1\nblue,3", "0.1\n0.2")],  # a number in the first line
        [("red,x\n1,2", "0.5\n0.6"), ("blue,x\n1,2", "0.5\n0.6")],  # not the same in all
        [("red,x", "0.5"), ("red,x", "0.6")],  # nothing below
    ],
)
def test_first_line_that_is_a_row_stays(tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    rows, report = rows_of(tmp_path, *pairs)
    assert len(rows) == sum(request.count("\n") + 1 for request, _ in pairs)
    assert not report.count
    assert not any("lines of names" in note for note in report.notes)


def test_header_of_a_request_that_is_not_used_is_no_row_of_the_response(tmp_path: Path) -> None:
    pairs = [("a,b\n1,2", "0.1,0.9"), ("a,b\n3,4", "0.2,0.8")]
    assert rows_of(tmp_path, *pairs, parts=("endpointOutput",))[0] == [("0.1", "0.9"), ("0.2", "0.8")]
