"""Deequ's strategies of anomaly detection on Deequ's own cases, over its history and over ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pydantic import TypeAdapter

import engine
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm
from engine.deequ.strategies import detect_anomalies
from engine.deequ.strategy_config import SimpleThreshold, StrategyConfig
from tests.deequ.golden import cases

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]

STRATEGY: TypeAdapter[Any] = TypeAdapter(StrategyConfig)


@cases("anomaly")
def test_deequs_own_cases(jvm: Jvm, shared: Path, case: dict[str, Any]) -> None:
    target, given = case["target"], case["input"]
    try:
        strategy = STRATEGY.validate_python({"name": target["strategy"], **target.get("params", {})})
        interval = given.get("interval") or [None, None]
        found = detect_anomalies(jvm, strategy, list(enumerate(given["series"])), *interval)
    except (DeequError, ValueError):
        assert "error" in case["expected"], case
        return
    expected = case["expected"]
    if "anomaly_indices" in expected:
        assert [anomaly.time for anomaly in found] == expected["anomaly_indices"]
    else:
        assert len(found) == expected["anomaly_count"]


@cases("anomaly_detector")
def test_the_detector_sorts_by_time(jvm: Jvm, shared: Path, case: dict[str, Any]) -> None:
    target = case["target"]
    strategy = STRATEGY.validate_python({"name": target["strategy"], **target["params"]})
    points = [(int(time), value) for time, value in case["input"]["points"]]
    found = detect_anomalies(jvm, strategy, points)
    assert [anomaly.time for anomaly in found] == case["expected"]["anomaly_times"]


def test_over_our_own_history(jvm: Jvm, tmp_path: Path) -> None:
    """metrics.parquet of earlier runs is a series like any other."""
    points = []
    for day, rows in enumerate((100, 110, 10), 1):
        (tmp_path / "d.csv").write_text("x\n" + "1\n" * rows)
        window = {"start": f"2026-01-0{day}T00:00:00Z", "end": f"2026-01-0{day}T01:00:00Z", "window_filter": "none"}
        engine.baseline(
            tmp_path / "d.csv",
            output=tmp_path / str(day),
            runner="inline",
            input=window,
            metrics=[{"name": "count", "sql": "count(*)"}],
        )
        table = pq.read_table(tmp_path / str(day) / "metrics.parquet").to_pylist()
        row = next(row for row in table if row["metric"] == "count")
        points.append((int(row["window_start"].timestamp()), row["value"]))
    found = detect_anomalies(jvm, SimpleThreshold(name="SimpleThreshold", lowerBound=50), points)
    assert [anomaly.value for anomaly in found] == [10.0]
