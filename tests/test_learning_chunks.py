"""Thresholds are learnt by day, hour or split however files are packed; where they cannot be, a note says so."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine
from engine.learning_chunks import period_of

DRIFT: list[dict[str, Any]] = [{"name": "drift", "learn": True, "settings": {"minimum": 50}}]


@pytest.mark.parametrize(
    ("uri", "day", "hour"),
    [
        ("in/2026/01/31/10/a.csv", "2026-01-31", "2026-01-31T10"),
        ("in/2026/01/31/a.csv", "2026-01-31", None),
        ("in/year=2026/month=1/day=5/hour=7/p.parquet", "2026-01-05", "2026-01-05T07"),
        ("dt=2026-01-31/p.parquet", "2026-01-31", None),
        ("dt=2026-01-31/hour=3/p.parquet", "2026-01-31", "2026-01-31T03"),
        ("date=20260131/p.parquet", "2026-01-31", None),
        ("scores2026-01-31.csv", "2026-01-31", None),
        ("scores_20260131.csv.gz", "2026-01-31", None),
        ("scores_2026013110.csv", "2026-01-31", "2026-01-31T10"),
        ("2026_01_31T05.csv", "2026-01-31", "2026-01-31T05"),
        ("2025-12-31/scores-2026-01-02.csv", "2026-01-02", None),
        ("part-00012.csv", None, None),
        ("part-20269931.csv", None, None),
        ("x-1234567890123.csv", None, None),
        ("a5f20191203.csv", None, None),
    ],
)
def test_the_period_of_a_file(uri: str, day: str | None, hour: str | None) -> None:
    assert (period_of(uri, "day"), period_of(uri, "hour")) == (day, hour)


def days(folder: Path, name: str = "{day}.csv", count: int = 12, rows: int = 100) -> Path:
    rng = np.random.default_rng(0)
    for day in range(1, count + 1):
        path = folder / name.format(day=f"2026-01-{day:02}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("n\n" + "".join(f"{value:.6f}\n" for value in rng.normal(0, 1, rows)))
    return folder


def learnt(source: Path, output: Path, by: str, **options: Any) -> tuple[Any, float]:
    """The result of a baseline job, and the threshold that it suggests for drift."""
    learning = {"by": by} | options.pop("learning", {})
    result = engine.baseline(source, output=output, runner="inline", metrics=DRIFT, learning=learning, **options)
    constraints: Any = result.constraints
    return result, constraints.features[0].metrics["drift"]["threshold"]


def by_hand(source: Path) -> float:
    """Mean and three standard deviations of the distances of the days from the whole."""
    from plugins.drift.comparison import compare_numbers
    from plugins.drift.points import points_of_values

    parts = [np.loadtxt(path, skiprows=1) for path in sorted(source.rglob("*.csv"))]
    whole = points_of_values(np.concatenate(parts))
    distances = [compare_numbers(whole, points_of_values(part), "jensen_shannon").distance for part in parts]
    return float(np.mean(distances) + 3 * np.std(distances, ddof=1))


@pytest.mark.parametrize("split_bytes", [None, 1000, 2500])
@pytest.mark.parametrize("name", ["{day}.csv", "dt={day}/a.csv", "data/{day}-scores.csv"])
def test_by_day_the_packing_of_files_does_not_matter(tmp_path: Path, name: str, split_bytes: int | None) -> None:
    source = days(tmp_path / "in", name)
    options = {"input": {"split_bytes": split_bytes}} if split_bytes else {}
    result, threshold = learnt(source, tmp_path / "out", "day", **options)
    assert threshold == pytest.approx(by_hand(source))
    assert not [note for note in result.notes if "learn" in note]


def test_by_day_hours_of_one_day_are_one_chunk(tmp_path: Path) -> None:
    source = days(tmp_path / "in", "{day}-00.csv", 3)
    days(source, "{day}-01.csv", 3)
    _, by_hour = learnt(source, tmp_path / "a", "hour")
    assert by_hour == pytest.approx(by_hand(source))
    _, by_day = learnt(source, tmp_path / "b", "day")
    assert by_day != by_hour


def test_too_few_days_are_noted_and_the_default_stands(tmp_path: Path) -> None:
    result, threshold = learnt(days(tmp_path / "in", count=2), tmp_path / "out", "day")
    assert threshold == 0.1
    (note,) = [note for note in result.notes if "not learnt" in note]
    assert note.startswith(
        "thresholds of drift that are not learnt but the default: of 2 chunks of the baseline fewer than 3"
    )


def test_files_without_a_day_are_noted_and_belong_to_no_chunk(tmp_path: Path) -> None:
    source = days(tmp_path / "in", count=4)
    _, expected = learnt(source, tmp_path / "a", "day")
    (source / "rest.csv").write_text("n\n" + "50\n" * 100)
    result, threshold = learnt(source, tmp_path / "b", "day")
    notes = {note: count for note, count in result.notes.items() if "name no day" in note}
    assert list(notes.values()) == [1]
    assert threshold < 2 * expected + 0.5  # the chunk of fifties alone would be at a distance near 1


def test_no_file_with_a_day_is_noted_twice(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n\n" + "1\n2\n" * 100)
    result, threshold = learnt(tmp_path / "a.csv", tmp_path / "out", "day")
    assert threshold == 0.1
    assert any("files that name no day" in note for note in result.notes)
    assert any("of 0 chunks" in note for note in result.notes)


@pytest.mark.parametrize("files", [1, 2, 12])
def test_by_split_small_data_is_cut_into_enough_chunks(tmp_path: Path, files: int) -> None:
    source = days(tmp_path / "in", count=files, rows=1200 // files)
    result, threshold = learnt(source, tmp_path / "out", "split")
    assert threshold != 0.1
    assert not [note for note in result.notes if "learn" in note]


def test_by_split_a_file_that_cannot_be_cut_is_noted(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wt") as target:
        target.write("n\n" + "".join(f"{i}\n" for i in range(1000)))
    result, threshold = learnt(tmp_path / "a.csv.gz", tmp_path / "out", "split")
    assert threshold == 0.1
    assert any("of 1 chunks of the baseline fewer than 3" in note for note in result.notes)


def test_by_split_row_groups_of_parquet_are_chunks(tmp_path: Path) -> None:
    table = pa.table({"n": np.random.default_rng(1).normal(0, 1, 1000)})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    _, threshold = learnt(tmp_path / "a.parquet", tmp_path / "out", "split")
    assert threshold != 0.1


def test_chunks_with_too_few_rows_are_noted(tmp_path: Path) -> None:
    result, threshold = learnt(days(tmp_path / "in", rows=20), tmp_path / "out", "day")
    assert threshold == 0.1
    assert any("of 12 chunks of the baseline fewer than 3 have a result" in note for note in result.notes)


def test_statistics_do_not_depend_on_learning(tmp_path: Path) -> None:
    source = days(tmp_path / "in")
    learnt(source, tmp_path / "a", "day")
    engine.baseline(source, output=tmp_path / "b", runner="inline", metrics=["drift"])
    assert (tmp_path / "a" / "statistics.json").read_bytes() == (tmp_path / "b" / "statistics.json").read_bytes()
