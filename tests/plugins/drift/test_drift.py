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
    at_once = {"name": "drift", "key": "at_once", "settings": {"beyond_error": False}}
    result = jobs(tmp_path, "drift", at_once, now=small)
    plain, beyond = rows(result, "at_once"), rows(result)
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


def codes(path: Path, values: dict[str, int]) -> Path:
    path.write_text("code\n" + "".join(f"{value}\n" * count for value, count in values.items()))
    return path


def drift_between(tmp_path: Path, before: dict[str, int], now: dict[str, int], **options: Any) -> Any:
    """The result of the default metric, read from the documents of a baseline, as a monitoring job does."""
    metrics = [{"name": "drift", **options}]
    base, current = codes(tmp_path / "before.csv", before), codes(tmp_path / "after.csv", now)
    engine.baseline(base, output=tmp_path / "bl", runner="inline", metrics=metrics)
    result = engine.monitor(current, baseline=tmp_path / "bl", output=tmp_path / "o", runner="inline", metrics=metrics)
    return rows(result)["code"]


@pytest.mark.parametrize("now", ["3.0", "8.0", "5.000001", "-1e300"])
def test_a_constant_column_that_moves_either_way_is_at_the_largest_distance(tmp_path: Path, now: str) -> None:
    found = drift_between(tmp_path, {"5.0": 500}, {now: 500})
    assert found.distance == pytest.approx(1.0)  # disjoint distributions: Jensen-Shannon is 1 (scipy, base 2)
    assert found.status == "violation"


def test_a_default_alarm_lies_outside_its_own_error(tmp_path: Path) -> None:
    found = drift_between(tmp_path, {"0": 260, "1": 240}, {"0": 55, "1": 75})
    assert found.distance - found.error < 0.1
    assert found.status == "ok"


def test_texts_in_place_of_numbers_are_not_computed_and_say_why(tmp_path: Path) -> None:
    found = drift_between(tmp_path, {str(i): 10 for i in range(500)}, {"a": 2500, "b": 2500})
    assert (found.status, found.value) == ("not_computed", None)
    assert found.detail["reason"] == "the column held numbers in the baseline and holds texts now"


def test_more_categories_than_are_counted_are_not_computed_and_say_why(tmp_path: Path) -> None:
    found = drift_between(tmp_path, {"a": 2500, "b": 2500}, {f"x{i}": 2 for i in range(2500)})
    assert found.status == "not_computed"
    assert found.detail["reason"] == "too many different values to count now"


def test_hundreds_of_categories_are_compared_though_statistics_json_lists_120(tmp_path: Path) -> None:
    before = {f"x{i}": 10 for i in range(500)}
    assert drift_between(tmp_path, before, before).distance == 0
    found = drift_between(tmp_path, before, {f"x{i}": 20 for i in range(250)}, settings={"method": "total_variation"})
    assert found.distance == pytest.approx(0.5)  # half of the baseline's mass has gone
    assert found.status == "violation"


def test_few_values_are_not_enough_and_say_how_many(tmp_path: Path) -> None:
    found = drift_between(tmp_path, {"1": 500}, {"2": 99})
    assert found.status == "not_enough_data"
    assert found.detail["reason"] == "99 values now and 500 in the baseline; 100 are needed"
