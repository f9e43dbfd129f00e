"""Columns in the names of folders: names, values and types as Spark 3.5.9 gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.datasets.base import ReadReport
from engine.datasets.partitions import OWN_COLUMN
from engine.datasets.settings import CsvSettings
from tests.datasets.reading import opened, read, rows_of

FOLDERS: dict[str, dict[str, Any]] = {
    "region=eu/dt=2024-01-01/n=07/z=1.50": {"region": "eu", "dt": "2024-01-01", "n": 7, "z": 1.5},
    "region=__HIVE_DEFAULT_PARTITION__/dt=2024-01-02/n=9/z=3": {"region": None, "dt": "2024-01-02", "n": 9, "z": 3.0},
}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        path.write_text("\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]) + "\n")
    else:
        path.write_text("".join(str(row).replace("'", '"') + "\n" for row in rows))


def by_value(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: int(row["v"]))


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_folders_become_columns_behind_the_files_own(tmp_path: Path, ending: str) -> None:
    for number, folder in enumerate(FOLDERS):
        write(tmp_path / folder / f"p.{ending}", [{"w": 5, "v": number}])
    (tmp_path / "_SUCCESS").touch()
    rows, report = read(tmp_path)
    own: dict[str, Any] = {"v": str, "w": str} if ending == "csv" else {"v": int, "w": int}
    expected = [
        {name: make({"v": number, "w": 5}[name]) for name, make in own.items()} | values
        for number, values in enumerate(FOLDERS.values())
    ]
    assert by_value(rows) == expected
    assert list(rows[0])[2:] == ["region", "dt", "n", "z"]
    assert opened(tmp_path).columns == (*(("w", "v") if ending != "jsonl" else ("v", "w")), "region", "dt", "n", "z")
    assert not report.count
    assert not report.notes


def test_types_hold_for_all_folders(tmp_path: Path) -> None:
    """Spark: 1 beside a is a string, and so are integers beyond its own and an empty value is none."""
    for number, folder in enumerate(["x=1/y=1/k=1", "x=a/y=2.5/k=12345678901234567890"]):
        write(tmp_path / folder / "p.csv", [{"v": number}])
    rows, _ = read(tmp_path)
    assert by_value(rows) == [
        {"v": "0", "x": "1", "y": 1.0, "k": "1"},
        {"v": "1", "x": "a", "y": 2.5, "k": "12345678901234567890"},
    ]


def test_names_and_values_are_decoded(tmp_path: Path) -> None:
    write(tmp_path / "a%20b=x%2Fy%3D1/p.csv", [{"v": 1}])
    assert read(tmp_path)[0] == [{"v": "1", "a b": "x/y=1"}]


def test_a_column_of_the_files_own_wins(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path / "dt=1/p.csv", [{"v": 1, "DT": 5}])
    assert read(tmp_path)[0] == [{"v": "1", "DT": "5"}]
    assert "DT" in caplog.text or "dt" in caplog.text
    for number, rows in enumerate([[{"v": 1}], [{"v": 2, "dt": 7}]]):
        write(tmp_path / f"later/dt={number}/p.parquet", rows)
    rows, report = read(tmp_path / "later")
    assert rows == [{"v": 1, "dt": 0}, {"v": 2, "dt": 7}]
    assert report.notes[OWN_COLUMN] == 1


def test_what_the_user_names_is_no_column(tmp_path: Path) -> None:
    for day in (1, 2):
        write(tmp_path / f"env=prod/day={day}/p.csv", [{"v": day}])
    table = tmp_path / "env=prod"
    assert by_value(read(table)[0]) == [{"v": "1", "day": 1}, {"v": "2", "day": 2}]
    assert read(table / "day=1")[0] == read(table / "day=1/p.csv")[0] == [{"v": "1"}]
    assert by_value(read(f"{table}/day=*/*.csv")[0]) == by_value(read(table)[0])
    assert by_value(read(table, partition_columns=False)[0]) == [{"v": "1"}, {"v": "2"}]
    (table / "day=3").mkdir()
    write(table / "k=v.csv", [{"v": 3}])
    assert by_value(read(table)[0])[2] == {"v": "3", "day": None}


def test_headerless_files_have_the_baselines_names_before_those_of_folders(tmp_path: Path) -> None:
    (tmp_path / "day=1").mkdir()
    (tmp_path / "day=1/p.csv").write_text("53,45.5\n54,1.5\n")
    names = ("age", "income", "day")
    for header in (None, False):
        rows, _ = read(tmp_path, csv=CsvSettings(header=header), names=names)
        assert rows == [{"age": "53", "income": "45.5", "day": 1}, {"age": "54", "income": "1.5", "day": 1}]


def test_columns_of_folders_can_be_read_alone_and_left_out(tmp_path: Path) -> None:
    for day in (1, 2):
        write(tmp_path / f"day={day}/p.csv", [{"v": day, "w": 3}])
    dataset = opened(tmp_path)
    assert rows_of(dataset, ReadReport(), ("day",)) == [{"day": 1}, {"day": 2}]
    assert rows_of(dataset, ReadReport(), ("day", "w")) == [{"day": 1, "w": "3"}, {"day": 2, "w": "3"}]
    for feature in ("day", "2"):
        assert read(tmp_path, exclude_features=(feature,))[0] == [{"v": "1", "w": "3"}, {"v": "2", "w": "3"}]


def test_captures_have_no_columns_of_folders(tmp_path: Path) -> None:
    folder = tmp_path / "variant=blue/2026/01/31/10"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_text('{"captureData":{"endpointInput":{"data":"1,2","encoding":"CSV"}}}\n')
    assert read(tmp_path)[0] == [{"_c0": "1", "_c1": "2"}]
