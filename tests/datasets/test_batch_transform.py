"""Captures of batch transform jobs: manifests are followed, and the keys of generated ids are no features."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.datasets.settings import CsvSettings
from engine.errors import NoDataError
from tests.datasets.reading import opened, read

HOUR = "2026/01/31/10"


def manifest(
    folder: Path, side: str, objects: list[str], prefix: str, hour: str = HOUR, indent: int | None = None
) -> None:
    path = folder / side / hour / f"{side}-{len(objects)}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([{"prefix": prefix}, *objects], indent=indent))


@pytest.fixture
def captured(tmp_path: Path) -> Path:
    """The destination of a job that read two objects and wrote two."""
    data = tmp_path / "data"
    data.mkdir()
    for name, text in {"a.csv": "1,x\n", "b.csv": "2,y\n", "a.csv.out": "1,x,0.5\n", "b.csv.out": "2,y,0.7\n"}.items():
        (data / name).write_text(text)
    manifest(tmp_path / "dest", "output", ["b.csv.out", "a.csv.out"], f"{data}/", indent=2)
    return tmp_path / "dest"


def cells(path: Path, **settings: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in read(path, csv=CsvSettings(header=False), **settings)[0]]


def test_the_objects_that_a_manifest_names_are_read(captured: Path) -> None:
    assert cells(captured) == [("1", "x", "0.5"), ("2", "y", "0.7")]
    assert [Path(uri).name for uri in opened(captured).files] == ["a.csv.out", "b.csv.out"]


def test_of_both_sides_the_output_is_read(captured: Path, caplog: pytest.LogCaptureFixture) -> None:
    manifest(captured, "input", ["a.csv", "b.csv"], f"{captured.parent / 'data'}/")
    assert cells(captured) == [("1", "x", "0.5"), ("2", "y", "0.7")]
    assert "those of input are left out" in caplog.text
    assert cells(captured / "input") == [("1", "x"), ("2", "y")]


def test_the_window_chooses_manifests(captured: Path) -> None:
    manifest(captured, "output", ["a.csv"], f"{captured.parent / 'data'}/", hour="2026/01/31/12")
    start = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
    assert cells(captured, start=start) == [("1", "x")]


def test_indices_count_all_columns_of_an_output(captured: Path) -> None:
    assert cells(captured, exclude_features=("2",)) == [("1", "x"), ("2", "y")]


def test_an_object_that_is_gone(captured: Path) -> None:
    (captured.parent / "data" / "b.csv.out").unlink()
    with pytest.raises(NoDataError, match=r"output-2.json names .*b.csv.out, which does not exist"):
        opened(captured)


def test_manifests_of_nothing(captured: Path) -> None:
    for name in ("a.csv.out", "b.csv.out"):
        (captured.parent / "data" / name).write_text("")
    with pytest.raises(NoDataError, match="all 2 files"):
        opened(captured)


@pytest.mark.parametrize(
    "document", ['[{"prefix": "p"}, {"prefix": "q"}]', '[{"a": 1}]', "[", "[]x", '{"prefix": "p"}']
)
def test_other_documents_are_data(tmp_path: Path, document: str) -> None:
    (tmp_path / "t.json").write_text(document)
    assert opened(tmp_path).files == (str(tmp_path / "t.json"),)


ROW = {"a": 1, "SageMakerInferenceId": "c9d5", "SageMakerInferenceTime": "2026-01-31T10:00:00Z", "b": 2}


@pytest.mark.parametrize("lines", [True, False])
def test_generated_ids_are_no_features(tmp_path: Path, lines: bool) -> None:
    (tmp_path / "t.jsonl").write_text(json.dumps(ROW) + "\n" if lines else json.dumps([ROW]))
    assert opened(tmp_path).columns == ("a", "b")
    assert read(tmp_path)[0] == [{"a": 1, "b": 2}]
    assert read(tmp_path, exclude_features=("0",))[0] == [{"b": 2}]
    result = engine.baseline(tmp_path / "t.jsonl", output=tmp_path / "out", runner="inline")
    assert [feature.name for feature in result.statistics.features] == ["a", "b"]  # type: ignore[attr-defined]


def test_generated_ids_that_only_later_rows_have(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"a": 1}\n' * 10 + json.dumps(ROW) + "\n")
    rows = read(tmp_path, split_bytes=20)[0]
    assert {name for row in rows for name in row} == {"a", "b"}
