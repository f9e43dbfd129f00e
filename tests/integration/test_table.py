"""A Spark table gives the statistics of the Parquet file that it was made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.datasets.containers import write_csv
from tests.datasets.test_containers import without_estimates
from tests.integration.conftest import run_job


def test_a_table_gives_the_statistics_of_its_file(tmp_path: Path) -> None:
    rows = 500
    table = pa.table(
        {"n": pa.array(range(rows)), "x": [i / 8 for i in range(rows)], "s": ["ab"[i % 2] for i in range(rows)]}
    )
    pq.write_table(table, tmp_path / "data.parquet")
    for name, arguments in {
        "file": [str(tmp_path / "data.parquet"), "--runner", "inline"],
        "table": [f"parquet:{tmp_path / 'data.parquet'}", "--format", "table", "--master", "local[2]"],
    }.items():
        done = run_job("baseline", *arguments, "--output", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
    found = [json.loads((tmp_path / name / "statistics.json").read_text()) for name in ("file", "table")]
    assert found[0] == found[1]


def test_table_on_spark_is_that_of_a_csv_file(tmp_path: Path) -> None:
    """The same cells as text and as types of Spark: estimates of distinct values aside, one document."""
    cells: dict[str, list[Any]] = {
        "a_count": [7, None, 2**53, -3] * 30,
        "c_price": [0.75, 1e-7, None, 123456789.125] * 30,
        "e_word": ["red", None, 'say "so"', "a,b"] * 30,
        "f_flag": [True, False, True, True] * 30,
    }
    (tmp_path / "file").mkdir()
    source = write_csv(tmp_path / "file", cells)
    pq.write_table(pa.table(cells), tmp_path / "data.parquet")
    for name, arguments in {
        "csv": [*source["paths"], "--runner", "inline"],
        "table": [f"parquet:{tmp_path / 'data.parquet'}", "--format", "table", "--master", "local[1]"],
    }.items():
        done = run_job("baseline", *arguments, "--output", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
    for document in ("statistics", "constraints"):
        answers = [json.loads((tmp_path / name / f"{document}.json").read_text()) for name in ("csv", "table")]
        assert without_estimates(answers[0]) == without_estimates(answers[1])


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    done = run_job("baseline", "nowhere.at_all", "--format", "table", "--output", str(tmp_path), "--master", "local[1]")
    assert done.returncode == 1
    assert "nowhere.at_all" in done.stderr
    assert "Traceback" not in done.stderr
