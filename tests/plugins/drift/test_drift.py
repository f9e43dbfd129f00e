"""The drift metric in jobs: by column and method, with too little data, learnt thresholds, and beyond its error only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import ConfigurationError


def table(path: Path, shift: float, share: float, rows: int = 2000, seed: int = 1) -> Path:
    rng = np.random.default_rng(seed)
    numbers, colours = rng.normal(shift, 1, rows), np.where(rng.random(rows) < share, "red", "green")
    path.write_text("number,colour\n" + "".join(f"{n},{c}\n" for n, c in zip(numbers, colours, strict=True)))
    return path


def jobs(tmp_path: Path, *metrics: Any, now: Path | None = None, **options: Any) -> Any:
    base = table(tmp_path / "base.csv", 0, 0.2)
    engine.baseline(base, output=tmp_path / "baseline", runner="inline", metrics=metrics, **options)
    current = now or table(tmp_path / "now.csv", 0.5, 0.5, seed=2)
    return engine.monitor(
        current, baseline=tmp_path / "baseline", output=tmp_path / "out", runner="inline", metrics=metrics
    )


def rows(result: Any, metric: str = "drift") -> dict[str, Any]:
    return {m.column: m for m in result.measurements if m.metric == metric}


def test_a_violation_says_what_moved(tmp_path: Path) -> None:
    result = jobs(tmp_path, "drift")
    found = rows(result)
    assert found["colour"].status == found["number"].status == "violation"
    assert found["colour"].threshold == 0.1
    texts = {v.feature_name: v.description for v in result.violations if v.constraint_check_type == "metric_check"}
    assert texts["colour"].startswith(
        f"Metric drift with {found['colour'].value} was greater than threshold 0.1. red: 21.8% -> "
    )
    assert "of the distance" in texts["number"]
    assert 0 < found["number"].error < 0.1
    assert found["number"].detail["method"] == "jensen_shannon"


def test_method_and_threshold_by_column(tmp_path: Path) -> None:
    everywhere = {"name": "drift", "settings": {"method": "psi"}}
    one = {"name": "drift", "columns": ["number"], "settings": {"method": "kolmogorov_smirnov"}, "threshold": 0.9}
    found = rows(jobs(tmp_path, everywhere, one))
    assert (found["colour"].detail["method"], found["colour"].threshold) == ("psi", 0.2)
    assert (found["number"].detail["method"], found["number"].threshold) == ("kolmogorov_smirnov", 0.9)
    assert found["number"].status == "ok"
    assert found["number"].p_value is not None
    assert found["number"].p_value < 1e-9


def test_two_methods_beside_each_other(tmp_path: Path) -> None:
    result = jobs(tmp_path, "drift", {"name": "drift", "key": "drift_psi", "settings": {"method": "psi"}})
    assert set(rows(result)) == set(rows(result, "drift_psi")) == {"number", "colour"}


def test_too_little_data_is_no_verdict(tmp_path: Path) -> None:
    result = jobs(tmp_path, "drift", now=table(tmp_path / "now.csv", 5, 1, rows=50))
    assert {m.status for m in rows(result).values()} == {"not_enough_data"}
    assert [v for v in result.violations if v.constraint_check_type == "metric_check"] == []


def test_alarm_only_beyond_the_error(tmp_path: Path) -> None:
    small = table(tmp_path / "now.csv", 0.3, 0.35, rows=150, seed=5)
    sure = {"name": "drift", "key": "sure", "settings": {"beyond_error": True}}
    result = jobs(tmp_path, "drift", sure, now=small)
    plain, beyond = rows(result), rows(result, "sure")
    assert plain["number"].value == beyond["number"].value
    assert plain["number"].status == "violation"
    assert beyond["number"].status == "ok"


def test_a_learnt_threshold_comes_from_the_chunks_of_the_baseline(tmp_path: Path) -> None:
    learnt = {"name": "drift", "learn": True}
    result = jobs(tmp_path, learnt, input={"split_bytes": 4096}, learning={"chunks": 5})
    found = rows(result)
    assert 0 < found["number"].threshold != 0.1
    assert found["number"].status == "violation"


def test_an_unknown_method_names_the_legal_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"settings of metric 'drift': 'method' is 'ks': it must be 'psi'"):
        jobs(tmp_path, {"name": "drift", "settings": {"method": "ks"}})
    with pytest.raises(ConfigurationError, match=r"unknown key 'treshold'.*Allowed keys: .*beyond_error"):
        jobs(tmp_path, {"name": "drift", "settings": {"treshold": 1}})
