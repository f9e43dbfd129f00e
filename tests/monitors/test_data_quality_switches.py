"""Switches, thresholds and emissions."""

from __future__ import annotations

from typing import Any

import pytest

from engine.documents.baseline import Baseline
from engine.documents.constraints import Constraints
from engine.metrics import DatasetMetrics
from tests.monitors.text_dataset import HIGH, LETTERS, LOW, MONITOR, baseline_of, dataset, verify


def bad_and_baseline(**config: Any) -> tuple[DatasetMetrics, Baseline]:
    bad = dataset(n=[*HIGH[:199], None], t=["z"] * 200)
    return bad, baseline_of(dataset(n=LOW, t=LETTERS * 2), **config)


def test_everything_at_once_in_the_order_of_the_table() -> None:
    assert verify(*bad_and_baseline()) == [
        ("n", "completeness_check"), ("n", "baseline_drift_check"),
        ("t", "categorical_values_check"), ("t", "baseline_drift_check"),
    ]  # fmt: skip


def test_switched_off_for_all() -> None:
    bad, baseline = bad_and_baseline(evaluate_constraints="Disabled")
    assert verify(bad, baseline) == []
    assert emitted(bad, baseline) >= {"feature_baseline_drift_n"}
    bad, baseline = bad_and_baseline(emit_metrics="Disabled")
    assert emitted(bad, baseline) == set()
    bad, baseline = bad_and_baseline(distribution_constraints={"perform_comparison": "Disabled"})
    assert {kind for _, kind in verify(bad, baseline)} == {"completeness_check", "categorical_values_check"}
    assert not any("drift" in name for name in emitted(bad, baseline))


@pytest.mark.parametrize("place", ["", "string_constraints", "num_constraints"])
def test_switched_off_for_a_column(place: str) -> None:
    bad, baseline = bad_and_baseline()
    off = {"monitoring_config_overrides": {"evaluate_constraints": "Disabled", "emit_metrics": "Disabled"}}
    assert baseline.constraints
    body = baseline.constraints.model_dump(exclude_none=True)
    target = body["features"][1]
    (target.setdefault(place, {}) if place else target).update(off)
    edited = Baseline(baseline.statistics, Constraints.model_validate(body))
    assert {name for name, _ in verify(bad, edited)} == {"n"}
    assert emitted(bad, edited) == {"feature_data_n", "feature_non_null_n", "feature_baseline_drift_n"}


def test_thresholds_of_a_column() -> None:
    bad, baseline = bad_and_baseline()
    assert baseline.constraints
    body = baseline.constraints.model_dump(exclude_none=True)
    distribution = {"comparison_threshold": 1.0}
    for feature in body["features"]:
        feature["monitoringConfigOverrides"] = {
            "domain_content_threshold": 0.0, "distribution_constraints": distribution,
        }  # fmt: skip
    edited = Baseline(baseline.statistics, Constraints.model_validate(body))
    assert verify(bad, edited) == [("n", "completeness_check")]


def emitted(metrics: DatasetMetrics, baseline: Baseline | None) -> set[str]:
    return {datum.name for datum in MONITOR.emissions(metrics, MONITOR.statistics(metrics), baseline)}


def test_emissions() -> None:
    metrics = dataset(n=["1", "3", None], t=["a", "b", "b"], empty=[None] * 3)
    found = {datum.name: datum for datum in MONITOR.emissions(metrics, MONITOR.statistics(metrics), None)}
    assert found["feature_data_n"].statistic_values == {"SampleCount": 2.0, "Sum": 4.0, "Minimum": 1.0, "Maximum": 3.0}
    assert found["feature_non_null_n"].value == 2 / 3
    assert found["feature_non_null_empty"].value == 0.0
    assert set(found) == {"feature_data_n", "feature_non_null_n", "feature_non_null_t", "feature_non_null_empty"}
