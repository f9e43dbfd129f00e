"""The schema of ``metrics.parquet`` is the one that the page of the reference documents, and rows say which run they are of."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet as pq
import pytest

import engine
from engine.analyzers.measured import Status
from engine.testing.captures import write_captures

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "metrics-table.md"


def rows_of_page(title: str) -> list[list[str]]:
    """The rows of the first table below a heading, without the marks of code."""
    below = "\n" + PAGE.read_text().split(f"# {title}\n", 1)[1]
    table = re.findall(r"^\|(.*)\|$", below.split("\n\n|", 1)[1].split("\n\n", 1)[0], re.MULTILINE)
    return [[cell.strip().replace("`", "") for cell in line.split(" | ")] for line in table if "---" not in line]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("a\n1\n2\n")
    engine.baseline(tmp_path / "a.csv", output=tmp_path / "out", runner="inline")
    return tmp_path / "out" / "metrics.parquet"


def test_the_schema_is_the_documented_one_in_names_types_and_order(report: Path) -> None:
    documented = [
        (name, kind) for name, kind, *_ in rows_of_page("metrics.parquet") if name != "column" or kind != "type"
    ]
    assert [(field.name, str(field.type)) for field in pq.read_schema(report)] == documented


def test_every_status_is_documented() -> None:
    assert [name for name, *_ in rows_of_page("Status") if name != "status"] == list(get_args(Status))


def labels(folder: Path) -> dict[str, Any]:
    table = pq.read_table(folder / "metrics.parquet").select(
        ["run", "monitor", "endpoint", "window_start", "window_end"]
    )
    (row,) = {tuple(row.values()) for row in table.to_pylist()}
    return dict(zip(table.column_names, row, strict=True))


def captures(folder: Path, times: list[str]) -> Path:
    line = (
        '{"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT","data":"1,2","encoding":"CSV"},'
        '"endpointOutput":{"observedContentType":"text/csv","mode":"OUTPUT","data":"3","encoding":"CSV"}},'
        '"eventMetadata":{"eventId":"x","inferenceTime":"TIME"},"eventVersion":"0"}\n'
    )
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_text("".join(line.replace("TIME", time) for time in times))
    return folder


def run(source: Path, output: Path, **options: Any) -> dict[str, Any]:
    engine.baseline(source, output=output, runner="inline", **options)
    return labels(output)


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=timezone.utc)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("times", "window"),
    [
        (["2026-01-31T10:05:09Z", "2026-01-31T09:00:01Z"], (utc(2026, 1, 31, 9, 0, 1), utc(2026, 1, 31, 10, 5, 9))),
        (["2026-01-31T10:00:00+02:00", "2026-01-31T09:00:00Z"], (utc(2026, 1, 31, 8), utc(2026, 1, 31, 9))),
        (["", "2026-01-31T09:00:00Z", "soon"], (utc(2026, 1, 31, 9), utc(2026, 1, 31, 9))),
        (["2026-01-31T09:00:00.250Z"], (utc(2026, 1, 31, 9, 0, 0, 250_000), utc(2026, 1, 31, 9, 0, 0, 250_000))),
        (["soon"], (None, None)),
    ],
)
def test_without_a_window_it_is_that_of_the_records(tmp_path: Path, times: list[str], window: tuple[Any, Any]) -> None:
    found = run(captures(tmp_path / "in", times), tmp_path / "out")
    assert (found["window_start"], found["window_end"]) == window


def test_records_in_several_splits_widen_the_window(tmp_path: Path) -> None:
    source = captures(tmp_path / "in", [f"2026-01-31T{hour:02}:30:00Z" for hour in (12, 3, 7, 22, 5)])
    found = run(source, tmp_path / "out", input={"split_bytes": 300})
    assert (found["window_start"], found["window_end"]) == (utc(2026, 1, 31, 3, 30), utc(2026, 1, 31, 22, 30))


def test_files_without_times_have_the_window_of_their_hour_folders(tmp_path: Path) -> None:
    for hour in ("09", "11"):
        folder = tmp_path / "in" / "2026" / "01" / "31" / hour
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("a\n1\n")
    found = run(tmp_path / "in", tmp_path / "out")
    assert (found["window_start"], found["window_end"]) == (utc(2026, 1, 31, 9), utc(2026, 1, 31, 12))


def test_a_configured_window_wins_and_the_endpoint_is_named(tmp_path: Path) -> None:
    write_captures(tmp_path / "in", records=20)
    window = {"start": "2020-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z", "window_filter": "none"}
    found = run(tmp_path / "in", tmp_path / "out", input=window, cloudwatch={"endpoint": "churn"}, run_id="r1")
    assert found == {
        "run": "r1", "monitor": "data_quality", "endpoint": "churn",
        "window_start": utc(2020, 1, 1), "window_end": utc(2030, 1, 1),
    }  # fmt: skip


def test_a_plain_file_has_no_window(report: Path) -> None:
    found = labels(report.parent)
    assert (found["window_start"], found["window_end"], found["endpoint"]) == (None, None, None)
