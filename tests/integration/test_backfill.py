"""Backfills in processes of their own: parallel, resumed, interrupted, with a window that fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.backfill.planning import plan_backfill
from engine.backfill.running import run_window
from engine.backfill.windows import Timetable
from engine.config import load_config
from engine.testing.captures import COLUMNS, write_captures
from tests.integration.conftest import REPOSITORY, documents, run_job
from tests.integration.processing_jobs import keys_below, upload

PERIOD = ["--from", "2026-01-31T10:00Z", "--to", "2026-01-31T14:00Z"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Captures of four hours, of which 11 to 12 has none, and a baseline."""
    place = tmp_path_factory.mktemp("backfill")
    write_captures(place / "before", 800, seed=1)
    engine.baseline(place / "before", output=place / "baseline", runner="inline", input={"names": list(COLUMNS)})
    for hour, drift in ((10, False), (12, True), (13, False)):
        start = datetime(2026, 1, 31, hour, tzinfo=timezone.utc)
        write_captures(place / "captures", 800, seed=hour, start=start, drift=drift)
    return place


def backfill(place: Path, output: Path, *more: str) -> subprocess.CompletedProcess[str]:
    given = [str(place / "captures"), "--baseline", str(place / "baseline"), "--output", str(output)]
    return run_job("backfill", *given, "--runner", "inline", *more, environment={"COLUMNS": "300"})


def state(output: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(p.relative_to(output)): (p.stat().st_mtime_ns, p.read_bytes()) for p in output.rglob("*") if p.is_file()
    }


def test_hours_in_parallel_then_again(place: Path, tmp_path: Path) -> None:
    first = backfill(place, tmp_path, *PERIOD, "--every", "1h", "--jobs", "2")
    assert first.returncode == 0, first.stderr
    assert "4 windows: 3 done, 1 no data; 1 with violations (" in first.stdout
    assert "2026-01-31 12:00 to 2026-01-31 13:00" in first.stdout
    assert sorted(p.name for p in (tmp_path / "2026/01/31").iterdir()) == ["11", "13", "14"]

    alone = tmp_path.with_name("alone")
    times = {"start": "2026-01-31T12:00:00Z", "end": "2026-01-31T13:00:00Z"}
    engine.monitor(place / "captures", baseline=place / "baseline", output=alone, runner="inline", input=times)
    hour = documents(tmp_path / "2026/01/31/13")
    assert json.loads(hour.pop("window.json"))["rows"] == 800
    for name in ("statistics.json", "constraints.json", "constraint_violations.json"):
        assert hour[name] == documents(alone)[name], "as one run of that window writes it"

    before = state(tmp_path)
    assert "3 complete already, 1 no data" in backfill(place, tmp_path, *PERIOD, "--every", "1h").stdout
    assert state(tmp_path) == before, "nothing was written again"

    (tmp_path / "2026/01/31/11/statistics.json").unlink()
    (tmp_path / "2026/01/31/13/window.json").unlink()
    again = backfill(place, tmp_path, *PERIOD, "--every", "1h")
    assert "1 complete already, 2 done, 1 no data" in again.stdout
    assert {name: content for name, (_, content) in state(tmp_path).items()} == {n: c for n, (_, c) in before.items()}
    assert "3 done" in backfill(place, tmp_path, *PERIOD, "--every", "1h", "--redo").stdout


def test_what_a_window_follows_from_makes_it_new(place: Path, tmp_path: Path) -> None:
    """An edited baseline and late captures are noticed."""
    own = tmp_path / "baseline"
    own.mkdir()
    for name, content in documents(place / "baseline").items():
        (own / name).write_bytes(content)
    write_captures(tmp_path / "captures", 100, seed=3)
    given = [
        str(tmp_path / "captures"),
        "--baseline",
        str(own),
        "--output",
        str(tmp_path / "out"),
        *PERIOD,
        "--runner=inline",
    ]
    assert "1 done, 3 no data" in run_job("backfill", *given).stdout
    write_captures(tmp_path / "captures", 120, seed=3)
    assert "1 done, 3 no data" in run_job("backfill", *given).stdout
    path = own / "constraints.json"
    path.write_text(path.read_text().replace('"comparison_threshold" : 0.1', '"comparison_threshold" : 0.2'))
    assert "1 done, 3 no data" in run_job("backfill", *given).stdout
    assert "1 complete already, 3 no data" in run_job("backfill", *given).stdout


def test_quarters_of_an_hour_are_cut_by_the_records(place: Path, tmp_path: Path) -> None:
    period = ["--from", "2026-01-31T12:00Z", "--to", "2026-01-31T13:00Z"]
    done = backfill(place, tmp_path, *period, "--every", "15m", "--jobs", "2")
    assert "4 windows: 4 done; 4 with violations" in done.stdout
    folders = [tmp_path / "2026/01/31" / hour for hour in ("12/15", "12/30", "12/45", "13/00")]
    assert [json.loads((folder / "window.json").read_text())["rows"] for folder in folders] == [200] * 4


def test_a_window_that_fails_does_not_stop_the_others(place: Path, tmp_path: Path) -> None:
    (tmp_path / "2026/01/31").mkdir(parents=True)
    (tmp_path / "2026/01/31/13").write_text("a file where the folder should be")
    done = backfill(place, tmp_path, *PERIOD, "--fail-on-violation")
    assert done.returncode == 1
    assert "2 done, 1 failed, 1 no data" in done.stdout
    assert "cannot be written" in done.stdout
    (tmp_path / "2026/01/31/13").unlink()
    assert backfill(place, tmp_path, *PERIOD, "--fail-on-violation").returncode == 3


FAILING = """
import sys
from engine import metric

@metric()
class Failing:
    '''Leaves in the second window.'''
    rows: int = 0
    def update(self, column):
        self.rows += len(column)
        if "gold" in column.value_counts[0] and "platinum" in column.value_counts[0]:
            sys.exit(0)
    def result(self): return self.rows
"""


def test_a_window_with_parts_that_fail_is_shown_and_counted_also_when_it_is_complete(
    place: Path, tmp_path: Path
) -> None:
    (tmp_path / "failing.py").write_text(FAILING)
    options = (*PERIOD, "--jobs", "2", "--plugin", str(tmp_path / "failing.py"))
    first = backfill(place, tmp_path / "out", *options)
    assert first.returncode == 0, first.stderr
    assert "3 done, 1 no data; 1 with violations (" in first.stdout
    assert "in all); 1 with parts that failed." in first.stdout
    told = "Failed: metric 'failing' of column 'plan' failed (split): SystemExit: 0 (failing.py, line 12) [file "
    assert told in first.stdout
    assert "(window 2026-01-31 12:00 to 2026-01-31 13:00)" in first.stdout
    assert "done, with failures" in first.stdout
    (failure,) = json.loads((tmp_path / "out/2026/01/31/13/window.json").read_text())["failures"]
    assert "metric 'failing' of column 'plan' failed (split 0, " in failure
    again = backfill(place, tmp_path / "out", *options)
    assert "3 complete already, 1 no data" in again.stdout
    assert told in again.stdout
    assert "1 with parts that failed." in again.stdout


def test_a_plugin_that_cannot_be_loaded_is_an_error_before_any_window(place: Path, tmp_path: Path) -> None:
    done = backfill(place, tmp_path / "out", *PERIOD, "--plugin", "nosuch.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert "plugin nosuch.py: it cannot be read: no such file" in done.stderr
    assert not (tmp_path / "out").exists()


KILLER = """
import os, signal

def preprocess_handler(record):
    if record.event_metadata.event_time.startswith("2026-01-31T12"):
        os.kill(os.getpid(), signal.SIGKILL)
    return {"score": float(record.endpoint_output.data)}
"""


def test_a_killed_process_costs_one_window(place: Path, tmp_path: Path) -> None:
    """As when the machine runs out of memory."""
    (tmp_path / "killer.py").write_text(KILLER)
    (tmp_path / "monitor.yaml").write_text(f"input: {{preprocessor: {tmp_path / 'killer.py'}}}\n")
    done = backfill(place, tmp_path / "out", *PERIOD, "--jobs", "2", "--config", str(tmp_path / "monitor.yaml"))
    assert done.returncode == 1
    assert "2 done, 1 failed, 1 no data" in done.stdout
    assert "Its process was killed" in done.stdout


def any_window_is_done(folder: Path) -> bool:
    """Looks on while folders come and go, which ``os.walk`` bears and ``rglob`` does not."""
    return any("window.json" in files for _, _, files in os.walk(folder))


def test_sigterm_finishes_what_is_under_way_and_says_what_is_left(place: Path, tmp_path: Path) -> None:
    period = ["--from", "2026-01-31T13:00Z", "--to", "2026-01-31T14:00Z", "--every", "2m"]
    given = [str(place / "captures"), "--baseline", str(place / "baseline"), "--output", str(tmp_path), *period]
    command = [sys.executable, "-m", "jobs.cli", "backfill", *given, "--runner", "inline", "--jobs", "2"]
    job = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    deadline = time.monotonic() + 60
    while not any_window_is_done(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    job.send_signal(signal.SIGTERM)
    _, errors = job.communicate(timeout=60)
    assert job.returncode == 143
    assert "windows are left. The same command goes on" in errors
    assert "Traceback" not in errors
    folders = {path.parent for path in tmp_path.rglob("*.json")}
    assert 0 < len(folders) < 30
    assert all((folder / "window.json").exists() for folder in folders), "no window is half-written"
    rest = backfill(place, tmp_path, *period, "--jobs", "2")
    assert rest.returncode == 0
    assert f"{len(folders)} complete already, {30 - len(folders)} done" in rest.stdout


def test_on_s3(aws: Any, place: Path) -> None:
    for name in ("captures", "baseline"):
        upload(aws, place / name, f"s3://bucket/{name}")
    given = ["s3://bucket/captures", "--baseline", "s3://bucket/baseline", "--output", "s3://bucket/reports", *PERIOD]
    assert "3 done, 1 no data" in run_job("backfill", *given, "--runner", "inline", "--jobs", "2").stdout
    names = [key.removeprefix("reports/2026/01/31/13/") for key in keys_below(aws, "s3://bucket/reports/2026/01/31/13")]
    assert {"statistics.json", "constraint_violations.json", "window.json"} <= set(names)
    assert "3 complete already, 1 no data" in run_job("backfill", *given, "--runner", "inline").stdout


SCRIPT = """
import os, pathlib, time

def postprocess_handler():
    folder = os.environ["output_path"]
    time.sleep(0.2)
    pathlib.Path(os.environ["output_path"], "told").write_text(folder)
"""


def test_scripts_of_windows_side_by_side(place: Path, tmp_path: Path) -> None:
    """A post-processor knows its window by a variable of the process, also where windows are threads of one."""
    (tmp_path / "post.py").write_text(SCRIPT)
    config = load_config(
        None,
        {
            "input": {"paths": [place / "captures"]},
            "baseline": str(place / "baseline"),
            "output": tmp_path / "out",
            "runner": "inline",
            "postprocessor": tmp_path / "post.py",
        },
    )
    ten = datetime(2026, 1, 31, 10, tzinfo=timezone.utc)
    tasks = plan_backfill(config, Timetable(ten, ten + timedelta(hours=4), timedelta(hours=1)))
    with ThreadPoolExecutor(4) as pool:
        done = [result for result in pool.map(run_window, tasks) if result.status == "done"]
    assert len(done) == 3
    assert all((Path(result.folder) / "told").read_text() == result.folder for result in done)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_one_spark_session_serves_all_windows(place: Path, tmp_path: Path) -> None:
    inline, spark = tmp_path / "inline", tmp_path / "spark"
    assert backfill(place, inline, *PERIOD).returncode == 0
    given = [str(place / "captures"), "--baseline", str(place / "baseline"), "--output", str(spark), *PERIOD]
    done = run_job("backfill", *given, "--master", "local[2]", "--jobs", "3")
    assert done.returncode == 0, done.stderr
    assert "3 done, 1 no data" in done.stdout
    assert {n: c for n, (_, c) in state(spark).items()} == {n: c for n, (_, c) in state(inline).items()}


def test_windows_within_hours_need_records_with_a_time(place: Path, tmp_path: Path) -> None:
    (tmp_path / "flat.csv").write_text("a\n1\n")
    done = run_job(
        "backfill", str(tmp_path / "flat.csv"), "--baseline", str(place / "baseline"), "--output", str(tmp_path / "out"),
        *PERIOD, "--runner", "inline",
    )  # fmt: skip
    assert done.returncode == 2
    assert "flat.csv lies in no such folder" in done.stderr


def test_the_last_windows_until_now(place: Path, tmp_path: Path) -> None:
    """What a cron line says: ends at the last window that is over."""
    now = datetime.now(timezone.utc)
    write_captures(tmp_path / "captures", 50, start=now.replace(minute=0, second=0) - timedelta(hours=1))
    given = [str(tmp_path / "captures"), "--baseline", str(place / "baseline"), "--output", str(tmp_path / "out")]
    done = run_job("backfill", *given, "--last", "3h", "--every", "1h", "--runner", "inline")
    assert "3 windows: 1 done, 2 no data" in done.stdout
