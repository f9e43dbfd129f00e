from __future__ import annotations

import errno
from pathlib import Path

import pytest
from pyarrow import fs

from engine.errors import MonitorError
from engine.sinks import files, objects
from engine.sinks.files import write_documents

DOCUMENTS: dict[str, str | bytes] = {"statistics.json": "{ }", "constraints.json": b"[ ]"}


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_documents_are_written(tmp_path: Path) -> None:
    written = write_documents(str(tmp_path / "deep" / "out"), DOCUMENTS)
    assert written == {name: tmp_path / "deep" / "out" / name for name in DOCUMENTS}
    assert content(tmp_path / "deep" / "out") == {"statistics.json": "{ }", "constraints.json": "[ ]"}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"], "nothing temporary is left beside it"


def test_documents_are_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "statistics.json").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    write_documents(tmp_path, DOCUMENTS)
    assert content(tmp_path) == {"statistics.json": "{ }", "constraints.json": "[ ]", "mine.txt": "mine"}


def test_a_document_of_an_earlier_job_is_removed(tmp_path: Path) -> None:
    write_documents(tmp_path, {**DOCUMENTS, "quarantine.jsonl": "{}"})
    (tmp_path / "mine.txt").write_text("mine")
    written = write_documents(tmp_path, {**DOCUMENTS, "quarantine.jsonl": None, "never.json": None})
    assert written.keys() == DOCUMENTS.keys()
    assert content(tmp_path).keys() == {*DOCUMENTS, "mine.txt"}


def test_a_failing_removal_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_documents(tmp_path, {"statistics.json": "old", "quarantine.jsonl": "old"})
    unlink = Path.unlink

    def failing(self: Path, *, missing_ok: bool = False) -> None:
        if self.name == "quarantine.jsonl":
            raise OSError(errno.EPERM, "Operation not permitted")
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", failing)
    with pytest.raises(MonitorError, match="Operation not permitted"):
        write_documents(tmp_path, {**DOCUMENTS, "quarantine.jsonl": None})
    assert content(tmp_path) == {"statistics.json": "old", "quarantine.jsonl": "old"}


def test_an_object_of_an_earlier_job_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    for module in (files, objects):
        monkeypatch.setattr(module, "resolve", lambda uri: (store, uri.removeprefix("s3://")))
    (tmp_path / "bucket").mkdir()
    (tmp_path / "bucket" / "quarantine.jsonl").write_text("old")
    written = write_documents("s3://bucket", {"a.json": "1", "quarantine.jsonl": None, "never.json": None})
    assert written == {"a.json": "s3://bucket/a.json"}
    assert content(tmp_path / "bucket") == {"a.json": "1"}


def test_nothing_unfinished_appears_inside_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    write = files._write_synced

    def spy(path: Path, data: bytes) -> None:
        write(path, data)
        seen.append(list((tmp_path / "out").iterdir()))

    monkeypatch.setattr(files, "_write_synced", spy)
    write_documents(tmp_path / "out", DOCUMENTS)
    assert seen == [[], []]


@pytest.mark.parametrize("old", [None, "old"])
def test_a_failing_move_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str | None
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if old is not None:
        (out / "statistics.json").write_text(old)
    before, move = content(out), files._move

    def failing(source: Path, target: Path) -> None:
        if target.name == "constraints.json":
            raise OSError(errno.ENOSPC, "No space left on device")
        move(source, target)

    monkeypatch.setattr(files, "_move", failing)
    with pytest.raises(MonitorError, match="No space left on device"):
        write_documents(out, DOCUMENTS)
    assert content(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_output_folder_on_another_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose output folder is a mount."""
    replace = Path.replace

    def across(self: Path, target: Path) -> Path:
        if self.parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", across)
    write_documents(tmp_path / "out", DOCUMENTS)
    assert content(tmp_path / "out") == {"statistics.json": "{ }", "constraints.json": "[ ]"}


def test_an_output_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(MonitorError, match="cannot be written"):
        write_documents(tmp_path / "out", DOCUMENTS)


def test_lone_surrogates_do_not_stop_a_document(tmp_path: Path) -> None:
    write_documents(tmp_path, {"statistics.json": '"\udc80"'})
    assert (tmp_path / "statistics.json").read_text() == '"\\udc80"'


def test_file_uri(tmp_path: Path) -> None:
    assert write_documents(tmp_path.as_uri(), {"a.json": "1"}) == {"a.json": tmp_path / "a.json"}
