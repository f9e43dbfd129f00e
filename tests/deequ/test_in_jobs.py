"""Deequ in whole jobs: checks, DQDL, failing rows, repository, and what is said when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import engine
from engine.deequ.config import DeequConfig
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm
from engine.deequ.loading import load_deequ
from engine.deequ.repository import history_of, read_repository
from engine.deequ.strategies import detect_anomalies
from engine.deequ.strategy_config import SimpleThreshold
from engine.errors import ConfigurationError
from engine.testing.captures import write_captures

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]


def table(path: Path, ages: list[Any]) -> Path:
    rows = [f"{age},{'gold' if i % 3 else 'free'},u{i}@example.com" for i, age in enumerate(ages)]
    path.write_text("age,plan,mail\n" + "\n".join(rows) + "\n")
    return path


def job(path: Path, output: Path, deequ: dict[str, Any], **options: Any) -> Any:
    return engine.baseline(path, output=output, deequ=deequ, **options)


def violations(output: Path) -> list[tuple[str, str, str]]:
    found = json.loads((output / "constraint_violations.json").read_text())["violations"]
    return [(v["feature_name"], v["constraint_check_type"], v["description"]) for v in found]


def test_checks_become_violations_and_rows(jvm: Jvm, tmp_path: Path) -> None:
    del jvm  # its session is the active one
    data = table(tmp_path / "d.csv", [20, 30, "", 200])
    checks = [
        {"check": "isComplete", "column": "age", "hint": "ask the front end"},
        {"check": "hasMax", "column": "age", "assertion": "<= 120", "level": "warning"},
        {"check": "isUnique", "column": "mail"},
        {"check": "hasSize", "assertion": "> 3"},
    ]
    metrics = {"enabled": True, "metrics_dir": str(tmp_path / "cw")}
    result = job(data, tmp_path / "out", {"checks": checks, "failing_rows": 5}, cloudwatch=metrics)
    lines = [json.loads(line) for line in (tmp_path / "cw" / "cloudwatch_metrics.jsonl").read_text().splitlines()]
    assert {line["MetricName"]: line.get("Value") for line in lines}["deequ_isComplete_age"] == 0.75
    found = violations(tmp_path / "out")
    assert [(name, kind) for name, kind, _ in found] == [("age", "deequ_check"), ("age", "deequ_warning")]
    assert found[0][2] == "isComplete(age): Value: 0.75 does not meet the constraint requirement! ask the front end"
    rows = {m.metric: m for m in result.measurements if "deequ" in m.metric}
    assert rows["deequ_check.isComplete(age)"].status == "violation"
    assert rows["deequ_check.hasSize"].value == 4.0
    assert rows["deequ.Completeness"].value == 0.75
    kept = pq.read_table(tmp_path / "out" / "metrics.parquet").column("metric").to_pylist()
    assert "deequ_check.isUnique(mail)" in kept
    failing = pq.read_table(tmp_path / "out" / "deequ_failing_rows.parquet").to_pylist()
    assert ("isComplete(age)", None) in {(row["check"], row["age"]) for row in failing}
    assert ("hasMax(age)", 200) in {(row["check"], row["age"]) for row in failing}


def test_failing_rows_of_captures_have_their_events(jvm: Jvm, tmp_path: Path) -> None:
    del jvm
    write_captures(tmp_path / "c", records=200, seed=1, drift=True)
    checks = [{"check": "isContainedIn", "column": "_c6", "arguments": {"allowedValues": ["gold", "free", "silver"]}}]
    job(tmp_path / "c", tmp_path / "out", {"checks": checks, "failing_rows": 3})
    failing = pq.read_table(tmp_path / "out" / "deequ_failing_rows.parquet")
    events = {}
    for path in (tmp_path / "c").rglob("*.jsonl"):
        for line in path.read_text().splitlines():
            record = json.loads(line)
            events[record["eventMetadata"]["eventId"]] = record["captureData"]["endpointInput"]["data"]
    assert failing.num_rows == 3, "at most as many as asked for"
    for row in failing.to_pylist():
        assert f",{row['_c6']}," in events[row["eventId"]]
        assert row["_c6"] not in ("gold", "free", "silver")


def test_rules(newer: Jvm, tmp_path: Path) -> None:
    del newer
    data = table(tmp_path / "d.csv", [20, 30, 40, 200])
    (tmp_path / "rules.dqdl").write_text('Rules = [ IsComplete "age", ColumnValues "age" < 120, RowCount = 4 ]')
    result = job(data, tmp_path / "out", {"rules": str(tmp_path / "rules.dqdl")})
    ((name, kind, text),) = violations(tmp_path / "out")
    assert (name, kind) == ("age", "dqdl_rule")
    assert 'ColumnValues "age" < 120' in text
    passed = [m for m in result.measurements if m.metric.startswith("dqdl_rule") and m.status == "ok"]
    assert len(passed) == 2


def test_the_repository_and_its_history(jvm: Jvm, tmp_path: Path) -> None:
    repository = {"path": str(tmp_path / "metrics.json"), "tags": {"model": "m"}}
    deequ = {"analyzers": [{"name": "Mean", "column": "age"}], "repository": repository}
    for day, age in enumerate((30, 31, 90), 1):
        start, end = f"2026-01-0{day}T00:00:00Z", f"2026-01-0{day}T01:00:00Z"
        window = {"start": start, "end": end, "window_filter": "none"}
        job(table(tmp_path / "d.csv", [age] * 4), tmp_path / "out", deequ, input=window)
    kept = read_repository(jvm, DeequConfig.model_validate(deequ).repository)  # type: ignore[arg-type]
    series = history_of(kept, "Mean", "age")
    assert [value for _, value in series] == [30.0, 31.0, 90.0]
    assert kept[0].tags == {"model": "m"}
    found = detect_anomalies(jvm, SimpleThreshold(name="SimpleThreshold", upperBound=50), series)
    assert [anomaly.value for anomaly in found] == [90.0]


def test_the_newest_point_of_a_repository(jvm: Jvm, tmp_path: Path) -> None:
    del jvm
    arguments = {
        "strategy": {"name": "RelativeRateOfChange", "maxRateIncrease": 2.0},
        "analyzer": {"name": "Mean", "column": "age"},
    }
    deequ = {
        "checks": [{"check": "isNewestPointNonAnomalous", "arguments": arguments}],
        "repository": {"path": str(tmp_path / "metrics.json")},
    }
    found = []
    for day, age in enumerate((30, 31, 90), 1):
        window = {"start": f"2026-01-0{day}T00:00:00Z", "end": f"2026-01-0{day}T01:00:00Z", "window_filter": "none"}
        result = job(table(tmp_path / "d.csv", [age] * 4), tmp_path / "out", deequ, input=window)
        found.append(len(result.violations))
    assert found[1:] == [0, 1], "the first point has no history"


def test_a_jar_by_its_path_without_a_network(jvm: Jvm, tmp_path: Path) -> None:
    """A home without any cached jar, and no repository to ask."""
    from engine.deequ import loading
    from engine.deequ.jar_pins import releases
    from engine.deequ.signatures import DEFAULT_RELEASE

    jar = loading._cached(jvm.session, releases()[DEFAULT_RELEASE][0])
    assert jar is not None
    table(tmp_path / "d.csv", [1, 2, ""])
    config = {
        "input": {"paths": [str(tmp_path / "d.csv")]}, "output": str(tmp_path / "out"),
        "runner": {"master": "local[1]", "conf": {"spark.jars.ivy": str(tmp_path / "ivy")}},
        "deequ": {"checks": [{"check": "isComplete", "column": "age"}], "jar": [str(jar)]},
    }  # fmt: skip
    (tmp_path / "c.yaml").write_text(json.dumps(config))
    done = subprocess.run(
        [sys.executable, "-m", "jobs.cli", "baseline", "--config", str(tmp_path / "c.yaml"), "--profiler", "deequ"],
        check=False, capture_output=True, text=True, timeout=150, env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert violations(tmp_path / "out")[0][1] == "deequ_check"
    assert not list((tmp_path / "ivy").rglob("*deequ*.jar"))


@pytest.mark.parametrize(("deequ", "says"), [
    ({"checks": [{"check": "isComplet", "column": "age"}]}, r"Did you mean 'isComplete'\? Allowed: areAnyComplete"),
    ({"checks": [{"check": "isComplete"}]}, "isComplete needs 'column'"),
    ({"checks": [{"check": "hasMin", "column": "age"}]}, "hasMin needs 'assertion', for example '>= 0.9'"),
    ({"checks": [{"check": "hasMin", "column": "age", "assertion": "__import__('os')"}]}, "assertion"),
    ({"checks": [{"check": "isComplete", "colum": "age"}]}, "colum"),
    ({"checks": [{"check": "isComplete", "column": "a", "arguments": {"x": 1}}]}, "isComplete has no argument 'x'"),
    ({"rules": "IsComplete age"}, r"no ruleset"),
    ({"release": "1.0"}, "no tested release"),
    ({"checks": [{"check": "isNewestPointNonAnomalous", "column": "a"}]}, "isNewestPointNonAnomalous"),
])  # fmt: skip
def test_a_wrong_configuration_is_found_before_spark_starts(tmp_path: Path, deequ: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        job(tmp_path / "nowhere.csv", tmp_path / "out", deequ)


@pytest.mark.parametrize(("check", "says"), [
    ({"check": "isComplete", "column": "agee"}, "does not include column agee! Did you mean 'age'? Columns: age, plan, mail."),
    ({"check": "satisfies", "arguments": {"columnCondition": "agee > 3"}}, "columnCondition of satisfies(agee > 3)"),
    ({"check": "isComplete", "column": "age", "where": "SELECT"}, "where of isComplete(age)"),
])  # fmt: skip
def test_a_check_that_cannot_run_fails_alone(jvm: Jvm, tmp_path: Path, check: dict[str, Any], says: str) -> None:
    del jvm
    good = {"check": "isComplete", "column": "plan"}
    result = job(table(tmp_path / "d.csv", [1, 2]), tmp_path / "out", {"checks": [check, good]})
    ((_, _, text),) = violations(tmp_path / "out")
    assert says in text
    assert [m.status for m in result.measurements if m.metric == "deequ_check.isComplete(plan)"] == ["ok"]


def test_a_jar_that_cannot_be_had(jvm: Jvm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.deequ import loading

    monkeypatch.setattr(loading, "_has_class", lambda *_: False)
    with pytest.raises(
        DeequError, match=r"/nowhere/deequ.jar cannot be read: .* Give the path of a jar that was downloaded from https"
    ):
        load_deequ(jvm.session, DeequConfig(jar=["/nowhere/deequ.jar"]))
    (tmp_path / "deequ.jar").write_text("no jar")
    with pytest.raises(DeequError, match=r"is no jar \(it is no zip file\)"):
        load_deequ(jvm.session, DeequConfig(jar=[str(tmp_path / "deequ.jar")]))
    monkeypatch.setattr(loading, "_cached", lambda *_: None)
    monkeypatch.setattr(type(jvm.session), "version", "4.0.1")
    with pytest.raises(DeequError, match=r"no published jar for Spark 4.0.1.*Everything else works without Deequ"):
        load_deequ(jvm.session, DeequConfig())


def test_the_process_ends(tmp_path: Path) -> None:
    """Also when pydeequ has started its callback server, which is known to keep processes alive."""
    table(tmp_path / "d.csv", [1, 2, ""])
    script = f"""
        import os
        os.environ["SPARK_VERSION"] = "3.5"
        from engine.deequ.config import DeequConfig
        from engine.deequ.running import run
        from engine.deequ.session import deequ_session
        from pydeequ.checks import Check, CheckLevel

        with deequ_session(DeequConfig(), master="local[1]") as jvm:
            frame = jvm.session.read.csv({str(tmp_path / "d.csv")!r}, header=True)
            check = Check(jvm.session, CheckLevel.Error, "own").hasSize(lambda size: size == 3)
            config = DeequConfig.model_validate({{"checks": [{{"check": "isComplete", "column": "age"}}]}})
            print([(o.check, o.status) for o in run(jvm, frame, config, own=[check]).outcomes])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], check=False, capture_output=True, text=True, timeout=150
    )
    assert done.returncode == 0, done.stderr
    assert "[('isComplete(age)', 'Failure'), ('own', 'Success')]" in done.stdout
