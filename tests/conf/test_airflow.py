"""The DAG in a real Airflow's DagBag, and its commands on real captures."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.testing.captures import write_captures
from tests.conftest import python_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Airflow says of the DAG."""
    environment = {
        "PATH": os.environ["PATH"],
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    command = [python_of("airflow"), str(ROOT / "tests/conf/load_dags.py"), str(ROOT / "conf/airflow")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.rpartition("FOUND ")[2])
    return told


def test_the_dag_loads(found: dict[str, Any]) -> None:
    assert found["errors"] == {}
    after = {name: task["after"] for name, task in found["tasks"].items()}
    assert after == {"wait_for_captures": [], "monitor": ["wait_for_captures"], "violations": ["monitor"]}
    assert found["interval"] == ["2026-01-31T10:00:00+00:00", "2026-01-31T11:00:00+00:00"]


def test_its_commands_run(found: dict[str, Any], tmp_path: Path) -> None:
    write_captures(tmp_path / "before", 500, seed=1)
    engine.baseline(tmp_path / "before", output=tmp_path / "baseline", runner="inline")
    write_captures(tmp_path / "captures", 500, seed=2, drift=True)
    (tmp_path / "monitor.yaml").write_text(
        "input: {paths: [captures]}\nbaseline: baseline\noutput: reports\nrunner: inline\n"
    )
    statuses = []
    for name in ("monitor", "violations"):
        command = found["tasks"][name]["command"].replace("s3://BUCKET/monitor.yaml", "monitor.yaml")
        ours = f"{shlex.quote(sys.executable)} -m jobs.cli"
        done = subprocess.run(
            ["/bin/sh", "-c", command.replace("model-monitor backfill", f"{ours} backfill")],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            timeout=120,
        )
        statuses.append((done.returncode, done.stdout.splitlines()[-1]))
    assert statuses[0][0] == 0
    assert "1 windows: 1 done; 1 with violations" in statuses[0][1]
    assert statuses[1] == (1, "See the reports of 2026-01-31T11:00:00+00:00"), "alerted, without running again"
    assert (tmp_path / "reports/2026/01/31/11/window.json").exists()
