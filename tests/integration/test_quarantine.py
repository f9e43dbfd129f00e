"""Malformed records never stop a job and are never lost: counted, quarantined, and too many of them fail it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import engine
from engine.testing.captures import write_captures
from tests.integration.conftest import run_job


def test_malformed_records_are_quarantined_on_spark(tmp_path: Path) -> None:
    write_captures(tmp_path / "in", records=1000, seed=1)
    (tmp_path / "in" / "broken.jsonl").write_bytes(
        b'{"captureData": \n[1, 2]\n{"captureData": {"endpointInput": "\xff"}}\n'
    )
    good = next(path for path in sorted((tmp_path / "in").rglob("*.jsonl")) if path.name != "broken.jsonl").read_bytes()
    (tmp_path / "in" / "cut.jsonl.gz").write_bytes(gzip.compress(good * 50, 0)[:-1000])
    (tmp_path / "in" / "empty.jsonl").touch()
    done = run_job("baseline", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--master", "local[2]")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    found = {(Path(line["file"]).name, line["reason"].split(":")[0]) for line in lines}
    assert {name for name, _ in found} == {"broken.jsonl", "cut.jsonl.gz"}
    assert all(line["position"] and line["reason"] for line in lines)
    assert "malformed" in done.stdout
    assert "quarantine.jsonl" in done.stdout


def test_too_many_malformed_records_fail_the_job(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,b\n" + "1,2\n" * 5 + "1,2,3\n" * 5)
    done = run_job("baseline", str(tmp_path / "in.csv"), "--output", str(tmp_path / "out"), "--runner", "inline")
    assert done.returncode == 1
    assert "5 of 10 records (50.0%) are malformed" in " ".join(done.stderr.split())
    assert "wrong number of columns" in " ".join(done.stderr.split())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["quarantine.jsonl"]


def test_no_input_is_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing-there", tmp_path):
        done = run_job("baseline", str(path), "--output", str(tmp_path / "out"), "--runner", "inline")
        assert done.returncode == 1
        assert path.name in "".join(done.stderr.split())
        assert "Traceback" not in done.stderr


def test_a_folder_that_is_used_again_holds_nothing_of_the_run_before(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n" + "1,2\n" * 50 + "1,2,3\n")
    (tmp_path / "good.csv").write_text("a,b\n" + "1,2\n" * 50)
    engine.baseline(tmp_path / "good.csv", output=tmp_path / "baseline", runner="inline")
    bad = engine.monitor(tmp_path / "bad.csv", baseline=tmp_path / "baseline", output=tmp_path / "out", runner="inline")
    assert bad.quarantine == tmp_path / "out" / "quarantine.jsonl"
    good = engine.baseline(tmp_path / "good.csv", output=tmp_path / "out", runner="inline")
    assert good.quarantine is None
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "statistics.json",
        "constraints.json",
        "metrics.parquet",
    }
