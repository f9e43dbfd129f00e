"""Rows of different widths are one table: short ones end in nulls, long ones bring further columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import engine
from engine.datasets.capture_tables import MOST_EXTRA
from engine.datasets.settings import CaptureSettings
from tests.datasets.reading import opened, read, reasons
from tests.datasets.test_captures import record, values, write

FEWER = "rows with fewer columns than expected, filled up with nulls"
MORE = "rows with more columns than expected"


def test_captures_of_different_widths(tmp_path: Path) -> None:
    write(tmp_path, record("1", "a,b"), record("1", "a,b,c"), record("2", "c"), record("3", "d,e"))
    rows, report = read(tmp_path)
    expected = [("1", "a", "b", None), ("1", "a", "b", "c"), ("2", "c", None, None), ("3", "d", "e", None)]
    assert values(rows) == expected
    assert list(rows[0]) == ["_c0", "_c1", "_c2", "_c3"]
    assert not report.count
    assert (report.notes[FEWER], report.notes[MORE]) == (1, 1)


def test_quotes_and_line_ends_in_ragged_captures(tmp_path: Path) -> None:
    write(tmp_path, record("1", '"a\nb",c'), record("2", '"x,\ny",z,"w"'), record("3", '"q"'), record("4", "e,f"))
    rows = values(read(tmp_path)[0])
    assert rows == [("1", "a\nb", "c", None), ("2", "x,\ny", "z", "w"), ("3", "q", None, None), ("4", "e", "f", None)]


@pytest.mark.parametrize(("position", "lacking"), [("START", (None, "c", "d")), ("END", ("c", "d", None))])
def test_a_record_without_its_response_keeps_its_request_in_place(
    tmp_path: Path, position: str, lacking: tuple[str | None, ...]
) -> None:
    write(tmp_path, record("1", "a,b"), record(None, "c,d"), record("2", None), record("3", "e,f"))
    rows, report = read(tmp_path, capture=CaptureSettings(output_columns_position=position))
    assert values(rows)[1] == lacking
    assert report.notes["records without endpointOutput"] == 1
    assert report.notes["records without endpointInput"] == 1
    assert not report.count


def test_names_of_the_baseline_reach_beyond_the_first_records(tmp_path: Path) -> None:
    write(tmp_path, *[record("1", "a")] * 3, record("1", "a,b,c"))
    rows = read(tmp_path, names=("score", "x", "y"))[0]
    assert rows[-1] == {"score": "1", "x": "a", "y": "b", "_c3": "c"}


def test_a_record_that_is_far_too_wide_is_malformed(tmp_path: Path) -> None:
    write(tmp_path, *[record("1", "a")] * 2, record("1", "," * (MOST_EXTRA + 1)))
    rows, report = read(tmp_path)
    assert len(rows) == 2
    assert reasons(report)[0][1] == f"wrong number of columns: expected 2, got {MOST_EXTRA + 3}"


def test_indices_count_the_columns_of_the_request(tmp_path: Path) -> None:
    write(tmp_path, record("0.5", "a,b"))
    assert read(tmp_path, exclude_features=("0",))[0] == [{"_c0": "0.5", "_c2": "b"}]
    last = CaptureSettings(output_columns_position="END")
    assert read(tmp_path, exclude_features=("0",), capture=last)[0] == [{"_c1": "b", "_c2": "0.5"}]
    assert read(tmp_path, exclude_features=("2",))[0] == [{"_c0": "0.5", "_c1": "a", "_c2": "b"}]
    outputs = CaptureSettings(parts=("endpointOutput",))
    assert opened(tmp_path, capture=outputs, exclude_features=("0",)).columns == ()
    (tmp_path / "json").mkdir()
    write(tmp_path / "json", record('{"p": 1}', '{"b": 1, "a": 2}', encoding="JSON"))
    assert read(tmp_path / "json", exclude_features=("0",))[0] == [{"p": 1, "b": 1}]


def monitored(tmp_path: Path, *records: Any) -> list[tuple[str, str]]:
    (tmp_path / "train.csv").write_text("score,x,y\n" + "0.5,a,b\n" * 10)
    engine.baseline(tmp_path / "train.csv", output=tmp_path / "baseline", runner="inline")
    captures = write(tmp_path, *records)
    found = engine.monitor(captures, baseline=tmp_path / "baseline", output=tmp_path / "out", runner="inline")
    return [(violation.constraint_check_type, violation.feature_name or "") for violation in found.violations]


def test_one_long_row_is_an_extra_column(tmp_path: Path) -> None:
    found = monitored(tmp_path, *[record("0.5", "a,b")] * 9, record("0.5", "a,b,c"))
    assert found == [("extra_column_check", "Extra columns")]


def test_some_short_rows_are_incomplete(tmp_path: Path) -> None:
    found = monitored(tmp_path, *[record("0.5", "a,b")] * 9, record("0.5", "a"))
    assert ("completeness_check", "y") in found
    assert "missing_column_check" not in {check for check, _ in found}


def test_short_rows_throughout_are_a_missing_column(tmp_path: Path) -> None:
    assert ("missing_column_check", "Missing columns") in monitored(tmp_path, *[record("0.5", "a")] * 10)
