"""Names of columns: made so that no two are one, and taken from a first line only where it holds names."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.base import ReadReport
from engine.datasets.csv_header import LIKE_NAMES, NAMES_AGAIN, NAMES_LATER, NO_HEADER, OTHER_HEADER
from engine.datasets.csv_names import header_names, positional_names
from engine.datasets.csv_repeats import REPEATED
from engine.datasets.settings import CsvSettings
from engine.datasets.table_rules import TableRules
from engine.errors import DataFormatError
from tests.datasets.reading import opened, read, rows_of

HEADERLESS = CsvSettings(header=False)
names = st.lists(
    st.sampled_from(["a", "A", "a0", "a1", "a1_1", "", "_c0", "_c1", "_c2", "_c1_1", "b"]), min_size=1, max_size=8
)


@given(names)
def test_header_names_are_distinct_and_unique_ones_stay(fields: list[str]) -> None:
    made = header_names(fields)
    assert len({name.lower() for name in made}) == len(fields)
    lower = [field.lower() for field in fields]
    for field, name in zip(fields, made, strict=True):
        if field and lower.count(field.lower()) == 1:
            assert name == field


@given(names.map(lambda values: list(dict.fromkeys(values))), st.integers(1, 12))
def test_positional_names_are_distinct(known: list[str], width: int) -> None:
    assert len(set(positional_names(width, known))) == width


def test_header_names_that_spark_takes_are_sparks() -> None:
    """The first by hand from Spark's CSVHeaderChecker; it refuses the others (COLUMN_ALREADY_EXISTS)."""
    assert header_names(["a", "", "A", "b"]) == ("a0", "_c1", "A2", "b")
    assert header_names(["a", "a", "a1"]) == ("a0", "a1_1", "a1")
    assert header_names(["_c1", ""]) == ("_c1", "_c1_1")
    assert header_names(["", "_C0"]) == ("_c0_0", "_C0")


def test_columns_of_colliding_names_keep_their_values(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,a,a1\n1,10,100\n2,20,200\n")
    rows, _ = read(tmp_path)
    assert rows == [{"a0": "1", "a1_1": "10", "a1": "100"}, {"a0": "2", "a1_1": "20", "a1": "200"}]


def test_a_baseline_that_left_out_a_column_names_none_by_mistake(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("1,2,3,4\n")
    assert opened(tmp_path, csv=HEADERLESS, names=("_c0", "_c2")).columns == ("_c0", "_c1", "_c2", "_c3")
    assert opened(tmp_path, csv=HEADERLESS, names=("_c2", "x")).columns == ("_c2", "x", "_c2_2", "_c3")
    assert TableRules(names=("_c2", "x")).csv_names(3) == ("_c2", "x", "_c2_2")


def test_output_of_batch_transform_loses_no_row_to_a_header(tmp_path: Path) -> None:
    (tmp_path / "t.csv.out").write_text("53,45689.33\n54,1.5\n")
    for known in ((), ("age", "income")):
        rows, report = read(tmp_path, names=known or None)
        assert [tuple(row.values()) for row in rows] == [("53", "45689.33"), ("54", "1.5")]
        assert list(rows[0]) == list(known or ("_c0", "_c1"))
        assert any("53, 45689.33" in note and "input.csv.header" in note for note in report.notes)


@pytest.mark.parametrize(
    ("line", "known", "header"),
    [
        ("53,M,1", ("age", "sex", "n"), False),  # one number among as many as the baseline's names
        ("53,M,1", None, True),  # could be names
        ("1.5,-2,1e3", None, False),
        (" 1,2 ", None, False),
        ("0,1,2", None, True),  # pandas, without names
        (",0,1,2", None, True),  # pandas, with its index
        ("0,1", None, False),
        ("age,2", ("age", "income"), True),  # a name of the baseline
        ("AGE,2", ("age", "income"), True),
        ("x,y", ("age", "income"), True),
        ("1,2,3", ("7", "8", "9"), False),
        ("7,8,9", ("7", "8", "9"), True),
        ("5", None, False),
        ("1,2,3", ("age", "income"), False),
    ],
)
def test_a_first_line_of_numbers_is_no_header(
    tmp_path: Path, line: str, known: tuple[str, ...] | None, header: bool
) -> None:
    (tmp_path / "t.csv").write_text(f"{line}\n{re.sub('[^,]+', '9', line)}\n")
    rows, report = read(tmp_path, names=known)
    assert len(rows) == (1 if header else 2)
    assert header or report.notes


def test_names_that_no_baseline_knows_are_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("eu,red\nus,blue\n")
    _, report = read(tmp_path, names=("region", "colour"))
    assert any("eu, red" in note and "region, colour" in note for note in report.notes)


def test_a_header_that_is_set_holds_unless_it_can_not_be(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("2019,2021\n1,2\n")
    header = CsvSettings(header=True)
    rows, report = read(tmp_path, csv=header)
    assert rows == [{"2019": "1", "2021": "2"}]
    assert any("2019, 2021" in note for note in report.notes)
    with pytest.raises(DataFormatError, match=r"input\.csv\.header to false"):
        opened(tmp_path, csv=header, names=("age", "income"))
    assert read(tmp_path, csv=header, names=("2019", "2021"))[0] == rows


@pytest.mark.parametrize("header", [None, True])
def test_later_files_without_a_header_lose_no_row(tmp_path: Path, header: bool | None) -> None:
    (tmp_path / "1.csv").write_text("a,b\n1,x\n")
    (tmp_path / "2.csv").write_text("2,y\n3,z\n")
    (tmp_path / "3.csv").write_text("b,a\n4,v\n")
    rows, report = read(tmp_path, csv=CsvSettings(header=header))
    assert [tuple(row.values()) for row in rows] == [("1", "x"), ("2", "y"), ("3", "z"), ("4", "v")]
    assert report.notes == {NO_HEADER: 1, OTHER_HEADER: 1}


def test_names_in_a_file_that_should_have_no_header_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("1,f\n2,m\n")
    (tmp_path / "2.csv").write_text("\nY, x\n3,f\n")
    rows, report = read(tmp_path, csv=HEADERLESS, names=("y", "x"))
    assert [row["y"] for row in rows] == ["1", "2", "3"]
    assert report.notes == {NAMES_AGAIN: 1}


def test_a_line_that_looks_like_names_is_told_where_there_should_be_none(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("y,x\n1,f\n2,m\n")
    (tmp_path / "2.csv").write_text("3,f\n")
    rows, report = read(tmp_path, csv=HEADERLESS)
    assert len(rows) == 4
    assert report.notes == {LIKE_NAMES: 1}


@pytest.mark.parametrize("text", ["a,b\n1,x\na,b\n2,y\n", '"a","b"\n1,x\n"a","b"\n2,y\n', "a,b\r1,x\ra,b\r2,y\r"])
@pytest.mark.parametrize("header", [None, True, False])
def test_a_header_in_the_middle_of_a_file_is_no_row(tmp_path: Path, text: str, header: bool | None) -> None:
    (tmp_path / "t.csv").write_text(text)
    rows, report = read(tmp_path, csv=CsvSettings(header=header), names=("a", "b"), split_bytes=5)
    assert rows == [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]
    assert report.notes[REPEATED] == 1
    assert rows_of(opened(tmp_path), ReadReport(), ("b",)) == [{"b": "x"}, {"b": "y"}]


def test_members_of_a_gzip_file_may_have_a_header_each(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"a,b\n3,4\n"))
    assert [row["a"] for row in read(tmp_path)[0]] == ["1", "3"]


def test_values_that_are_a_name_stay(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\na,x\na,ba,b\n")
    rows, _ = read(tmp_path, csv=CsvSettings(quote="'"))
    assert rows == [{"a": "a", "b": "x"}]
    (tmp_path / "t.csv").write_text("region\nregion\n")
    assert read(tmp_path)[0] == [{"region": "region"}]


def test_blank_lines_before_a_header_are_no_names(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("   \n\r\na,b\n1,2\n")
    assert read(tmp_path)[0] == [{"a": "1", "b": "2"}]


def test_a_header_in_a_later_file_is_no_row_where_nobody_says_that_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("53,1.5\n")
    (tmp_path / "2.csv").write_text("age,income\n55,3\n")
    rows, report = read(tmp_path)
    assert [tuple(row.values()) for row in rows] == [("53", "1.5"), ("55", "3")]
    assert report.notes[NAMES_LATER] == 1
