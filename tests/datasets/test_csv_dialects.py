"""How CSV is written: delimiters, escapes, line ends and lengths of fields that people have."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.capture_csv import csv_fields, csv_records
from engine.datasets.csv_fields import split_fields
from engine.datasets.escape_detection import written_with_escapes
from engine.datasets.quotes import QuoteRules
from engine.datasets.settings import CsvSettings
from engine.errors import ConfigurationError
from tests.datasets.reading import Rows, read, reasons

BACKSLASH = QuoteRules(escape="\\")
Writer = Callable[[list[tuple[str, ...]], str, str, str], str]


def values(rows: Rows) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in rows]


def as_spark_writes(rows: list[tuple[str, ...]], delimiter: str, quote: str, line_end: str) -> str:
    """Every field quoted; a quote and a backslash in it have a backslash before them, as Spark 3.5 writes them."""
    cells = [[cell.replace("\\", "\\\\").replace(quote, "\\" + quote) for cell in row] for row in rows]
    return "".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) + line_end for row in cells)


def as_others_write(rows: list[tuple[str, ...]], delimiter: str, quote: str, line_end: str) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, quotechar=quote, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    return target.getvalue()


cells = st.text(st.sampled_from("ab\"'\\,;\n\r 1\t|é"), max_size=7)
tables = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=20)


writers = st.sampled_from([as_spark_writes, as_others_write])
characters = st.tuples(
    st.sampled_from([",", ";", "\t", "|", "a"]), st.sampled_from(['"', "'"]), st.sampled_from(["\n", "\r\n", "\r"])
)


@given(tables, writers, characters, st.integers(1, 200), st.integers(8, 100))
def test_a_table_survives_any_dialect_however_it_is_cut(
    table: list[tuple[str, str, str]], write: Writer, used: tuple[str, str, str], split: int, block: int
) -> None:
    delimiter, quote, _ = used
    escape = "\\" if write is as_spark_writes else quote
    settings = CsvSettings(header=True, delimiter=delimiter, quote=quote, escape=escape)
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("engine.datasets.text_blocks.BLOCK_BYTES", block),
        patch("engine.datasets.splitting.BLOCK_BYTES", block),
    ):
        path = Path(folder) / "t.csv"
        path.write_bytes(write([("x", "y", "z"), *table], *used).encode())
        rows, report = read(path, csv=settings, split_bytes=split)
    assert reasons(report) == []
    assert values(rows) == [tuple(cell or None for cell in row) for row in table]


@given(tables, st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_escape_is_found_out_by_an_escaped_quote_before_a_plain_character(
    table: list[tuple[str, str, str]], line_end: str
) -> None:
    shown: list[tuple[str, ...]] = [("x", "y", "z"), ('say "hi", ok', "2", "3"), *table]
    expected = [tuple(cell or None for cell in row) for row in shown[1:]]
    with tempfile.TemporaryDirectory() as folder:
        for name, write in (("spark", as_spark_writes), ("others", as_others_write)):
            path = Path(folder) / f"{name}.csv"
            path.write_bytes(write(shown, ",", '"', line_end).encode())
            rows, report = read(path)
            assert (reasons(report), values(rows)) == ([], expected)


def test_escapes_are_read_as_by_spark(tmp_path: Path) -> None:
    """Text and rows are those of Spark 3.5.9 with its default options."""
    (tmp_path / "t.csv").write_text(
        'a,b,c\n1,"say \\"hi\\", ok",5\n2,"he said \\"hi\\"",6\n4,"C:\\temp\\x",8\n5,"a\\\\b",9\n6,"a\\\\",10\n'
        '8,C:\\temp\\,12\n9,a\\"b,13\n10,"tab\\\\\\"q",14\n'
    )
    rows, report = read(tmp_path)
    assert values(rows) == [
        ("1", 'say "hi", ok', "5"),
        ("2", 'he said "hi"', "6"),
        ("4", "C:\\temp\\x", "8"),
        ("5", "a\\b", "9"),
        ("6", "a\\", "10"),
        ("8", "C:\\temp\\", "12"),
        ("9", 'a\\"b', "13"),
        ("10", 'tab\\"q', "14"),
    ]
    assert not report.count


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (r'1,"say \"hi\", ok",5', True),
        (r'1,"5\"",x', True),  # inches, by Spark
        (r'1,"C:\dir\",5', False),
        (r'1,"C:\a\","C:\b\"', False),
        (r'1,"{""t"":""say \""hi\"", ok""}",16', False),  # JSON, by pandas
        (r'1,"{\"t\":\"x\",\"n\":1}"', True),  # JSON, by Spark
        (r"1,5\"x,2", False),  # no quoted field
        ('1,"x ""hi"" y",2', False),
    ],
)
def test_what_a_backslash_before_a_quote_means_follows_from_the_text(text: str, escaped: bool) -> None:
    assert written_with_escapes(text.encode(), BACKSLASH) is escaped


def test_malformed_records_keep_their_place_among_escaped_quotes(tmp_path: Path) -> None:
    text = b'a,b\n"x\\\\y","say \\"hi\\""\n"\\\\","\\"z",3\n1,2\n'
    (tmp_path / "t.csv").write_bytes(text)
    rows, report = read(tmp_path)
    assert values(rows) == [("x\\y", 'say "hi"'), ("1", "2")]
    assert reasons(report) == [({"byte": text.index(b'"\\\\","')}, "wrong number of columns: expected 2, got 3")]
    assert report.records[0].record == '"\\\\","\\"z",3'


def test_a_folder_with_a_backslash_at_its_end_stays_itself(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('a,b\n"C:\\dir\\",5\n"D:\\",6\n')
    assert values(read(tmp_path)[0]) == [("C:\\dir\\", "5"), ("D:\\", "6")]


def test_captured_payloads_may_escape_quotes() -> None:
    rows = csv_records("endpointInput", '1,"say \\"hi\\", ok",5\n2,"5\\"",6')
    assert [next(csv.reader([row])) for row in rows] == [["1", 'say "hi", ok', "5"], ["2", '5"', "6"]]
    assert csv_fields('"C:\\dir\\",5') == ["C:\\dir\\", "5"]


long_text = "z" * 140_000


def test_fields_have_any_length(tmp_path: Path) -> None:
    assert csv_fields(f'5,"{long_text}",') == ["5", long_text, ""]
    (tmp_path / "first.csv").write_text(f"1,{long_text}\n2,x\n")
    (tmp_path / "header.csv").write_text(f"a,{long_text}\n1,2\n")
    assert values(read(tmp_path / "first.csv", csv=CsvSettings(header=False))[0]) == [("1", long_text), ("2", "x")]
    assert read(tmp_path / "header.csv")[0] == [{"a": "1", long_text: "2"}]


def test_a_header_of_more_than_a_mebibyte_is_read_whole(tmp_path: Path) -> None:
    names = [f"a_rather_long_name_of_a_column_{i:06}" for i in range(40_000)]
    (tmp_path / "t.csv").write_text(",".join(names) + "\n" + ",".join(["1"] * len(names)) + "\n")
    rows, report = read(tmp_path)
    assert [list(row) for row in rows] == [names]
    assert not report.count


@given(st.lists(st.text(st.sampled_from('ab,"\n '), max_size=6), min_size=1, max_size=5))
def test_fields_of_a_record_are_those_of_the_csv_module(fields: list[str]) -> None:
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow(fields)
    assert split_fields(target.getvalue()) == fields


@pytest.mark.parametrize("multiline", ["auto", True, False])
@pytest.mark.parametrize("split_bytes", [3, 7, 1000])
def test_carriage_returns_end_lines(tmp_path: Path, multiline: bool | str, split_bytes: int) -> None:
    """Old Macs write them alone; Spark reads these rows, too."""
    (tmp_path / "t.csv").write_bytes(b"x,y\r1,2\r3,4\r\n5,6\n7,8")
    rows, report = read(tmp_path, csv=CsvSettings(multiline=multiline), split_bytes=split_bytes)
    assert values(rows) == [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")]
    assert not report.count


def test_carriage_returns_end_lines_in_gzip_and_stay_in_quotes(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b'x,y\r1,"a\rb"\r3,4\r'))
    assert values(read(tmp_path)[0]) == [("1", "a\rb"), ("3", "4")]


@pytest.mark.parametrize(
    ("name", "text", "width"),
    [
        ("semicolons.csv", "a;b;c\n1,5;x;2\n2,5;y;3\n", 3),
        ("tabs.csv", "a\tb\n1\tx, y\n2\tz\n", 2),
        ("bars.txt", "a|b|c\r1|2|3\r4|5|6\r", 3),
        ("quoted.csv", '"a";"b;c"\n"1";"x;y"\n', 2),
        ("comma_in_header.csv", "name;city, country\nx;Berlin\ny;Rome\n", 2),
        ("commas.tsv", "a, b\tc, d\n1, 2\t3, 4\n", 2),
    ],
)
def test_another_delimiter_is_found_out_and_told(tmp_path: Path, name: str, text: str, width: int) -> None:
    (tmp_path / name).write_text(text)
    rows, report = read(tmp_path)
    assert [len(row) for row in rows] == [width, width][: len(rows)]
    assert any("input.csv.delimiter" in note for note in report.notes)


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1;2,3\n4;5,6\n",  # commas split alike
        "notes\nx;y\nz;w\n",  # the header does not split
        "a;b|c\n1;2|3\n",  # two others do
        "notes\nplain\n",
        "a,b\n1,2\n3\n",
    ],
)
def test_a_comma_stays_the_delimiter_where_no_other_is_plain(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    rows, report = read(tmp_path)
    assert list(rows[0]) == next(csv.reader([text.split("\n", maxsplit=1)[0]]))
    assert not any("delimiter" in note for note in report.notes)


def test_a_delimiter_that_is_set_holds_and_another_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1;2\n")
    rows, report = read(tmp_path, csv=CsvSettings(delimiter=","))
    assert rows == [{"a;b": "1;2"}]
    assert any("semicolon" in note and "input.csv.delimiter" in note for note in report.notes)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (CsvSettings(delimiter="\n"), "delimiter"),
        (CsvSettings(delimiter="\0"), "delimiter"),
        (CsvSettings(delimiter="é"), "delimiter"),
        (CsvSettings(quote="\r"), "quote"),
        (CsvSettings(delimiter='"'), "quote"),
        (CsvSettings(quote=","), "quote"),
        (CsvSettings(escape=","), "escape"),
        (CsvSettings(escape="\n"), "escape"),
    ],
)
def test_characters_that_cannot_be_are_refused(tmp_path: Path, settings: CsvSettings, key: str) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ConfigurationError, match=f"input.csv.{key}"):
        read(tmp_path, csv=settings)


def test_decimal_commas_part_no_fields(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("1;2,5\n2;-3,5\n")
    rows, report = read(tmp_path)
    assert values(rows) == [("1", "2,5"), ("2", "-3,5")]
    assert any("semicolon" in note for note in report.notes)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_line_that_tells_excel_the_delimiter_is_no_header(tmp_path: Path, mark: str) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.csv").write_text(f"{mark}sep=;\na;b\n{number};x,y\n")
    assert read(tmp_path)[0] == [{"a": "1", "b": "x,y"}, {"a": "2", "b": "x,y"}]


@pytest.mark.parametrize("multiline", ["auto", True])
def test_a_stray_quote_costs_its_line_and_not_the_next(tmp_path: Path, multiline: bool | str) -> None:
    """Two of them would pair, and the row between be lost in silence."""
    (tmp_path / "t.csv").write_text('a,b\n1,"abc\n2,x\n3,"def\n4,"u\nv" \n5,"w"\n')
    rows, report = read(tmp_path, csv=CsvSettings(multiline=multiline))
    assert values(rows) == [("2", "x"), ("4", "u\nv "), ("5", "w")]
    assert reasons(report) == [({"byte": 4}, "a quote is not closed"), ({"byte": 15}, "a quote is not closed")]
