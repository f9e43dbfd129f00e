"""Tables of Hive, Iceberg and Delta give the documents of the same rows in a Parquet file, through Spark's own readers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

import engine
from tests.integration import catalogs
from tests.integration.conftest import REPOSITORY, run_job

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("catalogs")]

Catalog = Callable[[Path], dict[str, str]]
EXCLUDED = {"exclude_features": ["0", "home.city"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables, and what one process makes of their rows: a baseline and a later report without the columns ``EXCLUDED``."""
    made = tmp_path_factory.mktemp("catalogs")
    for settings in (catalogs.iceberg, catalogs.delta):
        settings(made)  # skips here when there are no jars
    command = [sys.executable, "-m", "tests.integration.catalogs", str(made)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stderr[-6000:]
    engine.baseline(made / "people.parquet", output=made / "baseline", runner="inline")
    engine.monitor(
        made / "later.parquet", baseline=made / "baseline", output=made / "report", runner="inline", input=EXCLUDED
    )
    return made


def configured(path: Path, conf: dict[str, str], **more: object) -> list[str]:
    """The options for a file of configuration with settings of Spark."""
    path.write_text(yaml.safe_dump({"runner": {"master": "local[1]", "conf": conf}, **more}))
    return ["--format", "table", "--config", str(path)]


@pytest.mark.parametrize(
    ("name", "catalog"),
    [
        ("shop.people", catalogs.hive),
        ("ice.shop.people", catalogs.iceberg),
        ("shop.delta_people", catalogs.delta_in_hive),
    ],
    ids=["hive", "iceberg", "delta"],
)
def test_a_baseline_is_that_of_the_rows(folder: Path, tmp_path: Path, name: str, catalog: Catalog) -> None:
    options = configured(tmp_path / "baseline.yaml", catalog(folder))
    done = run_job("baseline", name, *options, "--output", str(tmp_path / "baseline"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "column 'tags' is left out" in done.stdout + done.stderr
    same(tmp_path / "baseline", folder / "baseline", "statistics.json", "constraints.json")


def test_a_run_finds_what_it_finds_in_the_rows(folder: Path, tmp_path: Path) -> None:
    options = configured(tmp_path / "run.yaml", catalogs.delta(folder), input=EXCLUDED)
    options += ["--baseline", str(folder / "baseline"), "--output", str(tmp_path / "report")]
    done = run_job("run", f"delta:{folder}/delta_later", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    same(tmp_path / "report", folder / "report", "statistics.json", "constraint_violations.json")
    violations = json.loads((tmp_path / "report/constraint_violations.json").read_text())["violations"]
    assert {"score", "day"} <= {violation["feature_name"] for violation in violations}


def same(found: Path, expected: Path, *names: str) -> None:
    for name in names:
        assert (found / name).read_bytes() == (expected / name).read_bytes()


def test_the_files_of_the_tables_hold_other_rows(folder: Path) -> None:
    assert rows_of_files(folder / "ice/shop/people/data") > catalogs.PEOPLE
    assert rows_of_files(folder / "warehouse/shop.db/delta_people") > catalogs.PEOPLE
    assert rows_of_files(folder / "delta_later") > catalogs.PEOPLE


def rows_of_files(folder: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in folder.rglob("*.parquet"))


def test_a_table_that_its_catalog_does_not_have(folder: Path, tmp_path: Path) -> None:
    options = configured(tmp_path / "job.yaml", catalogs.iceberg(folder))
    done = run_job("baseline", "ice.shop.nobody", *options, "--output", str(tmp_path / "out"), cwd=tmp_path)
    assert done.returncode == 1
    assert "'ice.shop.nobody': [TABLE_OR_VIEW_NOT_FOUND]" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_format_whose_jar_is_missing(tmp_path: Path) -> None:
    options = ["--format", "table", "--master", "local[1]", "--output", str(tmp_path / "out")]
    done = run_job("baseline", f"delta:{tmp_path}", *options, cwd=tmp_path)
    assert done.returncode == 1
    assert "Failed to find the data source: delta" in " ".join(done.stderr.split())
    assert "docs/emr.md" in done.stderr
    assert "Traceback" not in done.stderr
