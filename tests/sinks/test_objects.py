from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pyarrow import fs

from engine.errors import MonitorError
from engine.sinks import objects
from engine.sinks.objects import write_objects


@pytest.fixture
def store(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[fs.FileSystem]:
    """A file system in the place of an object store."""
    system = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    system.create_dir("bucket/reports")
    monkeypatch.setattr(objects, "resolve", lambda uri: (system, uri.removeprefix("s3://")))
    return iter([system])


def read(system: fs.FileSystem, path: str) -> bytes:
    with system.open_input_stream(path) as stream:
        return bytes(stream.read())


def test_objects_are_written(store: Iterator[fs.FileSystem]) -> None:
    system = next(store)
    assert write_objects("s3://bucket/reports", {"a": b"1"}) == {"a": "s3://bucket/reports/a"}
    assert read(system, "bucket/reports/a") == b"1"


def test_a_failure_puts_back_what_was_there(store: Iterator[fs.FileSystem], monkeypatch: pytest.MonkeyPatch) -> None:
    system = next(store)
    write_objects("s3://bucket/reports", {"a": b"old"})
    failed: list[str] = []
    write = objects._write

    def failing(where: fs.FileSystem, path: str, content: bytes) -> None:
        if path.endswith("c") and not failed:
            failed.append(path)
            raise OSError("AccessDenied")
        write(where, path, content)

    monkeypatch.setattr(objects, "_write", failing)
    with pytest.raises(MonitorError, match="c cannot be written: AccessDenied"):
        write_objects("s3://bucket/reports", {"a": b"new", "b": b"new", "c": b"new"})
    assert read(system, "bucket/reports/a") == b"old"
    assert system.get_file_info("bucket/reports/b").type == fs.FileType.NotFound
