"""CSV: any cut gives the same rows; what is no record is quarantined; names are Spark's."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.csv_header import OTHER_HEADER
from engine.datasets.csv_parsing import CsvParser
from engine.datasets.quotes import QuoteRules
from tests.datasets.reading import opened, read, reasons

cells = st.text(st.sampled_from('ab",\n\r x1'), max_size=6)
tables = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=30)


def as_csv(rows: list[tuple[str, ...]], terminator: str) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator=terminator, quoting=csv.QUOTE_ALL).writerows(rows)
    return target.getvalue()


@given(tables, st.integers(1, 200), st.sampled_from(["\n", "\r\n"]))
def test_any_cut_gives_the_same_rows(table: list[tuple[str, str, str]], split_bytes: int, terminator: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(as_csv([("a", "b", "c"), *table], terminator).encode())
        rows, report = read(path, split_bytes=split_bytes)
        assert report.count == 0
        expected = [tuple(cell or None for cell in row) for row in table]
        assert [tuple(row.values()) for row in rows] == expected


@given(st.text(st.sampled_from('a",\n'), max_size=40), st.integers(1, 30))
def test_any_text_at_all_is_read_alike_however_it_is_cut(text: str, split_bytes: int) -> None:
    """Unclosed and stray quotes included: nothing raises, and every line is a row, malformed or empty."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text("h,i\n" + text)
        whole, one = read(path)
        cut, other = read(path, split_bytes=split_bytes)
        assert cut == whole
        assert sorted(reasons(one), key=str) == sorted(reasons(other), key=str)


def test_quoted_empty_field_is_missing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('a,b\n"",x\n,"y\nz"\n')
    rows, _ = read(tmp_path)
    assert rows == [{"a": None, "b": "x"}, {"a": None, "b": "y\nz"}]


def test_byte_order_mark_and_line_ends_of_windows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbfa,b\r\n1,2\r\n\r\n3,4")
    rows, report = read(tmp_path)
    assert rows == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert not report.count


def test_every_file_has_a_header_and_the_first_names_the_columns(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("a,b\n1,2\n")
    (tmp_path / "2.csv").write_text("b,a\n3,4\n")
    (tmp_path / "3.csv").write_text('\r\n"a","b"\r\n5,6\r\n')
    rows, report = read(tmp_path)
    assert rows == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}, {"a": "5", "b": "6"}]
    assert report.notes == {OTHER_HEADER: 1}


def test_names_without_a_header(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("1,2,3\n")
    from engine.datasets.settings import CsvSettings

    headerless = CsvSettings(header=False)
    assert opened(tmp_path, csv=headerless).columns == ("_c0", "_c1", "_c2")
    assert opened(tmp_path, csv=headerless, names=("x", "y")).columns == ("x", "y", "_c2")
    assert read(tmp_path, csv=headerless)[0] == [{"_c0": "1", "_c1": "2", "_c2": "3"}]


def test_malformed_records_are_quarantined_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2\n3\n4,5,6\n7,\xff\n8,9\n")
    rows, report = read(tmp_path)
    assert [tuple(row.values()) for row in rows] == [("1", "2"), ("3", None), ("8", "9")]
    assert sorted(reasons(report), key=str) == [
        ({"byte": 10}, "wrong number of columns: expected 2, got 3"),
        ({"byte": 16}, "invalid UTF-8"),
    ]
    assert report.records[0].file.endswith("t.csv")


fields = st.sampled_from(["1", "", '"x"', '"a,b"', '"p""q"', '"two\nlines"', '"1"', " "])


@given(st.lists(st.lists(fields, min_size=1, max_size=4), min_size=1, max_size=12))
def test_short_records_end_in_nulls_and_long_ones_are_malformed(records: list[list[str]]) -> None:
    """As Spark reads them, but for its silence about cells that are too many."""
    found: list[str] = []
    narrow: list[int] = []
    parser = CsvParser(("a", "b", "c"))
    data = "".join(",".join(record) + "\n" for record in records).encode()
    table = parser.parse(data, lambda _offset, reason, _record: found.append(reason), short=narrow.append)
    filled = [record for record in records if ",".join(record).strip()]
    plain = {
        cell: next(csv.reader(io.StringIO(cell, newline="")), [""])[0] or None for record in records for cell in record
    }
    expected = [[plain[cell] for cell in record] + [None] * (3 - len(record)) for record in filled if len(record) <= 3]
    assert [list(row.values()) for row in table.to_pylist()] == expected
    assert len(found) == sum(len(record) > 3 for record in records)
    assert sum(narrow) == sum(len(record) < 3 for record in filled)


@pytest.mark.parametrize("multiline", ["auto", True, False])
def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path, multiline: bool | str) -> None:
    from engine.datasets.settings import CsvSettings

    (tmp_path / "t.csv").write_text('a,b\n1,2\n3,"x\n4,5\n')
    rows, report = read(tmp_path, csv=CsvSettings(multiline=multiline))
    assert [row["a"] for row in rows] == ["1", "4"]
    assert reasons(report) == [({"byte": 8}, "a quote is not closed")]


def test_gzip_and_truncated_gzip(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f"{i},{i * 7919 % 1000}\n" for i in range(20_000))
    whole = gzip.compress(text.encode())
    (tmp_path / "t.csv.gz").write_bytes(whole)
    assert len(read(tmp_path, split_bytes=1000)[0]) == 20_000
    (tmp_path / "t.csv.gz").write_bytes(whole[: len(whole) // 2])
    rows, report = read(tmp_path)
    assert 1000 < len(rows) < 20_000
    assert rows == [{"a": str(i), "b": str(i * 7919 % 1000)} for i in range(len(rows))]
    assert [reason for _, reason in reasons(report)] == ["gzip stream is truncated: records before the break are kept"]


def test_members_of_a_gzip_file_follow_one_another(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a\n1\n") + gzip.compress(b"2\n"))
    assert [row["a"] for row in read(tmp_path)[0]] == ["1", "2"]


def test_empty_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "0.csv").touch()
    (tmp_path / "1.csv").write_text("a\n1\n")
    rows, report = read(tmp_path)
    assert rows == [{"a": "1"}]
    assert report.notes["empty files"] == 1


def test_projection(tmp_path: Path) -> None:
    from engine.datasets.base import ReadReport
    from tests.datasets.reading import rows_of

    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    assert rows_of(opened(tmp_path), ReadReport(), ("b",)) == [{"b": "2"}]


@given(st.binary(max_size=60).map(lambda data: bytes(b'a",\n'[byte % 4] for byte in data)))
def test_record_ends_are_those_of_a_state_machine(data: bytes) -> None:
    text, position, ends, strays = data.decode(), 0, [], []
    field_starts, still_open = True, None
    while position < len(text):
        character = text[position]
        if character == '"' and field_starts:
            stop = end_of_quoted(text, position)
            if stop is None:
                still_open = position
                break
            if "\n" in text[position:stop] and text[stop : stop + 1] not in ("", ",", "\n"):
                strays.append(position)
                position = text.index("\n", position)
                continue
            position, field_starts = stop, False
            continue
        if character == "\n":
            ends.append(position + 1)
        field_starts = character in ",\n"
        position += 1
    found, unclosed, stray = QuoteRules().scan_records(data)
    assert (found.tolist(), unclosed, stray) == (ends, still_open, strays)


def end_of_quoted(text: str, start: int) -> int | None:
    """The offset after the quote that closes a field; doubled ones do not."""
    position = start + 1
    while (quote := text.find('"', position)) >= 0:
        if text[quote + 1 : quote + 2] != '"':
            return quote + 1
        position = quote + 2
    return None
