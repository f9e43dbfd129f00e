"""What a file holds is found out by its first bytes, also against a setting that it contradicts."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from pathlib import Path

import pytest

from engine.datasets.detection import detect
from engine.errors import DataFormatError
from tests.datasets.reading import opened, read

DEEP = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
PRETTY = b'{\n  "a": 1,\n  "b": {"c": 2}\n}\n'
ARRAY = b'[\n  {"a": 1},\n  {"a": 2}\n]\n'
LINES = b'{"a": 1}\n{"a": 2}\n'


@pytest.mark.parametrize("first", [DEEP, b"[" * 20_000 + b"]" * 20_000, b"{" * 3000, b'{"a":' * 300 + b"\n"])
def test_a_deeply_nested_first_line_ends_nothing(tmp_path: Path, first: bytes) -> None:
    (tmp_path / "t.jsonl").write_bytes(first + b"\n" + LINES)
    assert detect(str(tmp_path / "t.jsonl")).format == "jsonl"


@pytest.mark.parametrize(
    ("content", "setting", "count"),
    [(ARRAY, True, 2), (b'[{"a": 1},\n{"a": 2}]', True, 2), (LINES, False, 2), (LINES * 20_000, False, 40_000)],
)
@pytest.mark.parametrize("known", ["jsonl", None])
def test_json_is_read_as_it_is_laid_out_and_a_contradicting_setting_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes, setting: bool, count: int, known: str | None
) -> None:
    (tmp_path / "t.json").write_bytes(content)
    rows, report = read(tmp_path, format=known, json_lines=setting)
    assert len(rows) == count
    assert not report.count
    named = f"set it to {str(not setting).lower()}" in caplog.text and "input.json_lines" in caplog.text
    assert named or (known is None and setting)  # the default contradicts nothing


def test_pretty_printed_json_is_a_document_and_one_object_is_both(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "t.json").write_bytes(PRETTY)
    for lines in (True, False):
        assert read(tmp_path, format="jsonl", json_lines=lines)[0] == [{"a": 1, "b.c": 2}]
    (tmp_path / "t.json").write_bytes(b'{"a": 1}\n')
    caplog.clear()
    for lines in (True, False):
        assert read(tmp_path, format="jsonl", json_lines=lines)[0] == [{"a": 1}]
    assert not caplog.records


@pytest.mark.parametrize("known", ["csv", "jsonl", "capture"])
def test_parquet_that_is_said_to_be_text_is_refused(tmp_path: Path, known: str) -> None:
    (tmp_path / "t").write_bytes(b"PAR1\x15\x04\x15")
    with pytest.raises(DataFormatError, match=f"this is Parquet, and input.format is {known}"):
        opened(tmp_path, format=known)


@pytest.mark.parametrize("known", ["csv", "jsonl", None])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_refused(tmp_path: Path, known: str | None, encoding: str) -> None:
    (tmp_path / "t.csv").write_bytes("a,b\n1,2\n".encode(encoding))
    with pytest.raises(DataFormatError, match="UTF-16"):
        opened(tmp_path, format=known)


def test_archives_named_as_csv_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("t.csv", "a\n" + "é" * 100, zipfile.ZIP_DEFLATED)
    with pytest.raises(DataFormatError, match="zip"):
        opened(path)
    for compress, word in ((bz2.compress, "bzip2"), (lzma.compress, "xz")):
        path.write_bytes(compress(b"a,b\n1,2\n" * 100))
        with pytest.raises(DataFormatError, match=word):
            opened(path)
    path.write_bytes(gzip.compress(b"BZh,b\n1,2\n"))
    assert read(path)[0] == [{"BZh": "1", "b": "2"}]


@pytest.mark.parametrize(
    "content", [LINES, PRETTY, ARRAY, b'[{"a": 1},\n{"a": 2}]', b'\xef\xbb\xbf{"captureData": {}}\n']
)
@pytest.mark.parametrize(("name", "known"), [("t.jsonl", "csv"), ("t", "csv"), ("t.csv", None), ("t.csv.gz", None)])
def test_json_that_is_called_csv_is_refused(tmp_path: Path, content: bytes, name: str, known: str | None) -> None:
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    with pytest.raises(DataFormatError, match=f"this is JSON, and {'input.format' if known else 'its name'} says CSV"):
        detect(str(tmp_path / name), known)


@pytest.mark.parametrize("content", [b'{"a": 1},5\n', b"[0.1,0.9]\n", b"{a},{b}\n1,2\n", b'"{""a"": 1}"\n', b"{}x\n"])
def test_csv_with_braces_stays_csv(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    assert detect(str(tmp_path / "t.csv")).format == "csv"
