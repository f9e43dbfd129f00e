"""A Spark table gives the statistics of the Parquet file that it was made from."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

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


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    done = run_job("baseline", "nowhere.at_all", "--format", "table", "--output", str(tmp_path), "--master", "local[1]")
    assert done.returncode == 1
    assert "nowhere.at_all" in done.stderr
    assert "Traceback" not in done.stderr
