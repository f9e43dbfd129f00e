"""Files that change between planning and reading stop the job; nothing is lost in silence, and nothing waits for ever."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.datasets.base import ReadReport
from engine.datasets.listing import SourceFile
from engine.datasets.planned_files import read_planned
from engine.datasets.quotes import QuoteRules
from engine.datasets.splitting import csv_records
from engine.errors import InputChangedError
from engine.filesystems import open_file
from tests.datasets.reading import opened, rows_of

TEXT = "a,b\n" + "".join(f"{i},{i}\n" for i in range(500))
CAPTURES = "".join(f'{{"captureData":{{"endpointInput":{{"data":"{i},2","encoding":"CSV"}}}}}}\n' for i in range(50))


def in_a_line(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4])


def at_a_line_end(path: Path) -> None:
    path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:10]) + b"\n")


def replaced(path: Path) -> None:
    path.write_text("a,b\n1,2\n")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"7,7\n")


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [in_a_line, at_a_line_end, replaced, emptied, grown, made_a_folder])
@pytest.mark.parametrize(
    ("name", "content", "settings"),
    [
        ("t.csv", TEXT.encode(), {}),
        ("t.csv", TEXT.encode(), {"split_bytes": 300}),
        ("t.csv.gz", gzip.compress(TEXT.encode(), mtime=0), {}),
        ("t.jsonl", b'{"a": 1}\n' * 300, {"split_bytes": 300}),
        ("t.json", b"[" + b'{"a": 1},' * 300 + b'{"a": 2}]', {"json_lines": False}),
        ("t.jsonl", CAPTURES.encode(), {"split_bytes": 300}),
    ],
    ids=["t.csv", "t.csv cut", "t.csv.gz", "t.jsonl cut", "t.json", "t.jsonl cut 2"],
)
def test_a_changed_file_is_an_error(
    tmp_path: Path, change: Callable[[Path], None], name: str, content: bytes, settings: dict[str, Any]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    dataset = opened(path, **settings)
    change(path)
    with pytest.raises(InputChangedError, match="when the job was planned"):
        rows_of(dataset, ReadReport())


def test_a_file_that_shrinks_while_its_records_are_looked_for_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TEXT)
    planned = SourceFile(str(path), path.stat().st_size)
    at_a_line_end(path)
    with pytest.raises(InputChangedError, match="shorter than when the job was planned"):
        list(csv_records(QuoteRules())(planned, 100))


def test_a_file_that_shrinks_while_it_is_open_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TEXT)
    with open_file(str(path)) as file:
        emptied(path)
        with pytest.raises(InputChangedError, match="0 bytes instead of 100"):
            read_planned(file, str(path), 100, 0)


def test_a_deleted_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TEXT)
    dataset = opened(path)
    shutil.rmtree(tmp_path)
    with pytest.raises(FileNotFoundError):  # the task makes a StoreError of it
        rows_of(dataset, ReadReport())
