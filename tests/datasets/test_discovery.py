"""Which files an input names, what they hold, and what is left out of a table."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from engine.datasets.detection import detect
from engine.datasets.discovery import discover
from engine.errors import ConfigurationError, DataFormatError, MonitorError, NoDataError
from engine.filesystems import read_text, resolve
from tests.datasets.reading import opened, read


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("a\n1\n")


def names(folder: Path, *paths: str) -> list[str]:
    return [str(Path(file.uri).relative_to(folder)) for file in discover([str(folder / path) for path in paths])]


def test_folders_at_any_depth_without_hidden_names(tmp_path: Path) -> None:
    make(tmp_path, "b/2026/01/31/10/x.csv", "a.csv", "_SUCCESS", ".crc", "_temporary/0/x.csv", "b/.hidden/x.csv")
    assert names(tmp_path, ".") == ["a.csv", "b/2026/01/31/10/x.csv"]
    assert names(tmp_path, "_SUCCESS") == ["_SUCCESS"]


def test_globs_and_several_inputs(tmp_path: Path) -> None:
    make(tmp_path, "a/1.csv", "a/2.txt", "b/c/1.csv", "b/x[1].csv")
    assert names(tmp_path, "*/*.csv") == ["a/1.csv", "b/x[1].csv"]
    assert names(tmp_path, "**/*.csv") == ["a/1.csv", "b/c/1.csv", "b/x[1].csv"]
    assert names(tmp_path, "b", "a/?.csv", "a") == ["a/1.csv", "a/2.txt", "b/c/1.csv", "b/x[1].csv"]
    assert names(tmp_path, "[ab]/[!2]*") == ["a/1.csv", "b/c/1.csv", "b/x[1].csv"]
    assert names(tmp_path, "b/x[1].csv") == ["b/x[1].csv"]


def test_window_by_folder(tmp_path: Path) -> None:
    make(tmp_path, *(f"e/v/2026/01/31/{hour:02d}/x.csv" for hour in range(8, 13)))
    start = datetime(2026, 1, 31, 9, 30, tzinfo=timezone.utc)
    end = datetime(2026, 1, 31, 11, tzinfo=timezone.utc)
    found = discover([str(tmp_path)], start, end)
    assert [Path(file.uri).parent.name for file in found] == ["09", "10"]
    assert len(discover([str(tmp_path)], start, end, "none")) == 5
    told = (
        "window from 2026-01-30T11:00:00Z to 2026-01-30T12:00:00Z: what is there .5 files. lies in the folders of other"
    )
    with pytest.raises(NoDataError, match=told):
        discover([str(tmp_path)], end.replace(day=30), end.replace(day=30, hour=12))
    with pytest.raises(NoDataError, match="window from 2027-01-31T09:30:00Z: what"):
        discover([str(tmp_path)], start.replace(year=2027))


def test_a_window_that_does_not_apply_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Files in no hour folder are taken as a baseline's are, but not as if they had been looked at."""
    start = datetime(2026, 1, 31, 9, tzinfo=timezone.utc)
    make(tmp_path, "2026/01/31/09/x.csv")
    discover([str(tmp_path)], start)
    assert not caplog.records
    make(tmp_path, "x.csv")
    assert len(discover([str(tmp_path)], start)) == 2
    assert "was not applied to 1 of 2 files" in caplog.text
    assert str(tmp_path / "x.csv") in caplog.text
    caplog.clear()
    for window_filter in ("record", "none"):
        discover([str(tmp_path)], start, None, window_filter)
    discover([str(tmp_path)])
    assert not caplog.records


def test_records_without_a_time_are_in_no_window(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make(tmp_path, "2026/01/31/09/x.csv")
    rows, _ = read(tmp_path, window_filter="record", start=datetime(2026, 1, 31, 9, 30, tzinfo=timezone.utc))
    assert rows == [{"a": "1"}]
    assert "was not applied to records, which have no time in csv" in caplog.text


def test_no_data_names_the_path(tmp_path: Path) -> None:
    with pytest.raises(NoDataError, match=r"nowhere.*no such file"):
        discover([str(tmp_path / "nowhere")])
    with pytest.raises(NoDataError, match="No data found in"):
        discover([str(tmp_path)])
    with pytest.raises(NoDataError, match=r"No data found in .*\*\.csv"):
        discover([str(tmp_path / "*.csv")])
    (tmp_path / "empty.csv").touch()
    with pytest.raises(NoDataError, match=r"what is there \(1 file\) is empty"):
        discover([str(tmp_path)])


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("x", b"a,b\n1,2\n", "csv"), ("x.jsonl", b'{"captureData":{}}\n', "capture"), ("x", b'\n{"a":1}\n', "jsonl"),
        ("x.json", b'[{"a":1}]', "jsonl"), ("x.csv", b"{", "csv"), ("x", b"PAR1....", "parquet"),
        ("x.json", b'{"eventVersion":"0","captureData":{}}', "capture"), ("x.snappy.parquet", b"?", "parquet"),
    ],
)  # fmt: skip
def test_detection(tmp_path: Path, name: str, data: bytes, expected: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert detect(str(tmp_path / name)).format == expected


def test_binary_files_and_unknown_formats_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x7fELF\0\0\0")
    with pytest.raises(DataFormatError, match="neither text nor Parquet"):
        opened(tmp_path)
    with pytest.raises(ConfigurationError, match="'cvs' is no format"):
        opened(tmp_path, format="cvs")
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        resolve("nothing://bucket/key")
    for uri in ("s3://", "s3:///key"):
        with pytest.raises(ConfigurationError, match="names no bucket"):
            resolve(uri)


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_in_utf_16_is_refused(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_bytes("\ufeffa,b\n1,2\n".encode(encoding))
    with pytest.raises(DataFormatError, match=f"{name}: this is text in UTF-16. Save it as UTF-8"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("other", "settings", "warned"),
    [
        ("2.csv", {}, True),
        ("2.parquet", {}, True),
        ("2.csv", {"format": "jsonl"}, False),
        ("2.json", {}, False),
        ("2", {}, False),
    ],
)
def test_files_of_several_formats_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, other: str, settings: dict[str, Any], warned: bool
) -> None:
    for name in ("1.jsonl", other):
        (tmp_path / name).write_text('{"a": 1}\n')
    opened(tmp_path, **settings)
    assert ("all files are read as jsonl" in caplog.text) == warned
    assert (f"by their names 1 are not, for example {tmp_path / other}" in caplog.text) == warned


def test_file_uris(tmp_path: Path) -> None:
    make(tmp_path, "a b.csv")
    assert read(f"file://{tmp_path}/a b.csv")[0] == [{"a": "1"}]


def test_small_files_are_packed_in_path_order(tmp_path: Path) -> None:
    make(tmp_path, *(f"{i:02d}.csv" for i in range(10)))
    dataset = opened(tmp_path, split_bytes=12)
    assert [len(split.fragments) for split in dataset.splits] == [3, 3, 3, 1]
    assert [Path(file).name for file in dataset.files] == [f"{i:02d}.csv" for i in range(10)]
    assert opened(tmp_path, split_bytes=12).splits == dataset.splits


def test_excluded_features(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "t.csv").write_text("a,b,c,0\n1,2,3,4\n")
    assert read(tmp_path, exclude_features=("b", " 2 "))[0] == [{"a": "1", "0": "4"}]
    assert read(tmp_path, exclude_features=("0",))[0] == [{"a": "1", "b": "2", "c": "3"}]
    assert opened(tmp_path, exclude_features=("b",)).columns == ("a", "c", "0")
    assert len(read(tmp_path, exclude_features=("zzz",))[0][0]) == 4
    assert "zzz" in caplog.text


def test_a_file_uri_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_text("é")
    assert read_text((tmp_path / "a b.txt").as_uri()) == "é"


def test_links_that_go_round_are_not_followed_and_others_are(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "c.csv").touch()
    data = tmp_path / "data"
    (data / "sub").mkdir(parents=True)
    (data / "a.csv").write_text("a\n1\n")
    (data / "sub/b.csv").write_text("a\n1\n")
    for name, target in (("loop", "."), ("again", "."), ("sub/up", ".."), ("linked", elsewhere), ("broken", "nowhere")):
        (data / name).symlink_to(target)
    assert names(data, ".") == ["a.csv", "linked/c.csv", "sub/b.csv"]
    assert len(names(data, "loop")) == 3


def test_a_file_of_several_paths_is_one_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/2024.csv").write_text("a\n1\n")
    (tmp_path / "latest.csv").symlink_to("sub/2024.csv")
    assert names(tmp_path, "sub", "sub/../sub/*.csv", "*/2024.csv") == ["sub/2024.csv"]
    assert not caplog.records
    assert names(tmp_path, ".") == ["sub/2024.csv"]
    assert "latest.csv" in caplog.text or "2024.csv" in caplog.text
    assert names(tmp_path, "latest.csv") == ["latest.csv"]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("[!]x", ["[!]x"]),
        ("[]x]?", ["]1", "x1"]),
        ("[!]x]1", ["a1"]),
        (r"[\d]", ["d"]),
        ("[^a]1", ["]1", "x1"]),
        ("[-a]1", ["a1"]),
    ],
)
def test_brackets_mean_what_they_mean_in_a_shell(tmp_path: Path, glob: str, expected: list[str]) -> None:
    for name in ("[!]x", "]1", "x1", "a1", "d", "5"):
        (tmp_path / name).write_text("1")
    assert names(tmp_path, glob) == expected


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("[z-a].csv", ConfigurationError),
        ("x\0y", MonitorError),
        ("a" * 300, NoDataError),
        ("a" * 300 + "*", NoDataError),
        ("\udcff.csv", MonitorError),
        ("a.csv/b", NoDataError),
    ],
)
def test_paths_that_cannot_be_are_clear_errors(tmp_path: Path, path: str, error: type[MonitorError]) -> None:
    (tmp_path / "a.csv").write_text("1")
    with pytest.raises(error):
        discover([f"{tmp_path}/{path}"])


def test_a_name_that_is_not_utf_8_is_a_clear_error(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")).write_text("1")
    with pytest.raises(DataFormatError, match="not UTF-8"):
        discover([str(tmp_path)])


def test_markers_and_copies_in_progress_are_no_data_but_partitions_are(tmp_path: Path) -> None:
    for name in ("_SUCCESS", ".a.csv.crc", "a.csv._COPYING_", "_year=2024/a.csv", "_temporary/0/a.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    assert names(tmp_path, ".") == ["_year=2024/a.csv"]
