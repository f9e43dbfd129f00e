"""Merged records come all or none, and the message says which."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyarrow import fs

from engine.errors import MonitorError
from engine.ground_truth.publishing import Move, NotRestoredError, Place, publish
from tests.ground_truth.test_merging import capture, label, merge, write


def before(folder: Path) -> None:
    for name in "abc":
        write(folder / "captures" / f"{name}.jsonl", capture(name))
    write(folder / "labels" / "l.jsonl", *(label(name, "1") for name in "abc"))
    (folder / "merged").mkdir()
    (folder / "merged" / "a.jsonl").write_text("old\n")


def test_publish_folder_in_the_place_of_a_file_changes_nothing(tmp_path: Path) -> None:
    before(tmp_path)
    (tmp_path / "merged" / "b.jsonl").mkdir()
    with pytest.raises(MonitorError, match=r"changed nothing: .*b.jsonl is a folder"):
        merge(tmp_path)
    assert (tmp_path / "merged" / "a.jsonl").read_text() == "old\n"
    assert sorted(path.name for path in (tmp_path / "merged").iterdir()) == ["a.jsonl", "b.jsonl"]


def test_publish_unmatched_below_a_file_changes_nothing(tmp_path: Path) -> None:
    before(tmp_path)
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(MonitorError, match=r"changed nothing.* and .*kept can be written"):
        merge(tmp_path, unmatched=str(tmp_path / "kept"))
    assert [path.read_text() for path in (tmp_path / "merged").iterdir()] == ["old\n"]


def test_publish_parent_that_is_a_file_changes_nothing(tmp_path: Path) -> None:
    before(tmp_path)
    write(tmp_path / "captures" / "sub" / "d.jsonl", capture("a"))
    (tmp_path / "merged" / "sub").write_text("a file")
    with pytest.raises(MonitorError, match="changed nothing"):
        merge(tmp_path)
    assert (tmp_path / "merged" / "a.jsonl").read_text() == "old\n"
    assert not (tmp_path / "merged" / "b.jsonl").exists()


def test_publish_move_that_fails_late_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before(tmp_path)
    make = Move.make

    def fail_at_last(move: Move) -> None:
        if move.place.endswith("c.jsonl"):
            raise OSError("disk full")
        make(move)

    monkeypatch.setattr(Move, "make", fail_at_last)
    with pytest.raises(MonitorError, match="changed nothing: disk full"):
        merge(tmp_path)
    assert [(path.name, path.read_text()) for path in (tmp_path / "merged").iterdir()] == [("a.jsonl", "old\n")]


def test_publish_what_cannot_be_put_back_is_named_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(str(tmp_path), "r")
    for name in ("a", "b"):
        write(Path(place.written) / name, "{}")
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").write_text("old")
    make = Move.make

    def fail(move: Move) -> None:
        make(move)
        if move.place.endswith("b"):
            raise OSError("lost")

    monkeypatch.setattr(Move, "make", fail)
    monkeypatch.setattr(Move, "undo", lambda move: (_ for _ in ()).throw(OSError("still lost")))
    with pytest.raises(NotRestoredError, match=r"2 of the 2 files .*before/b"):
        publish([place])
    assert fs.LocalFileSystem().get_file_info(f"{tmp_path}/.merge-r/before/a").type == fs.FileType.File
