"""Estimates against the truth on calibrated scores, and calibration error against a plain calculation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import BatchView
from plugins.performance_estimation import CalibrationError, EstimatedPerformance

sk = pytest.importorskip("sklearn.metrics")


def over(metric: Any, *parts: dict[str, Any]) -> Any:
    for part in parts:
        other = metric.fresh()
        other.update(BatchView(pa.RecordBatch.from_pydict({name: pa.array(found) for name, found in part.items()})))
        metric.merge(other)
    return metric.result()


def test_on_calibrated_scores_the_estimate_is_close_and_its_interval_holds_the_truth() -> None:
    rng, inside = np.random.default_rng(4), {"accuracy": 0, "f1": 0, "auc": 0}
    for _ in range(40):
        scores = rng.beta(1.5, 3, 1500)
        labels = rng.random(1500) < scores
        found = over(EstimatedPerformance(score="s", threshold=0.4), {"s": scores[:600]}, {"s": scores[600:]})
        truth = {
            "accuracy": sk.accuracy_score(labels, scores > 0.4),
            "f1": sk.f1_score(labels, scores > 0.4),
            "auc": sk.roc_auc_score(labels, scores),
        }
        for name, value in truth.items():
            assert found[name].value == pytest.approx(value, abs=0.06)
            assert found[name].detail["estimate"] is True
            inside[name] += found[name].lower <= value <= found[name].upper
    assert all(count >= 33 for count in inside.values()), inside  # 38 are expected


def test_expected_counts_by_hand() -> None:
    found = over(EstimatedPerformance(score="s", minimum=1), {"s": [0.9, 0.8, 0.3, 0.2, None, 7.0]})
    assert found["accuracy"].value == pytest.approx((0.9 + 0.8 + 0.7 + 0.8) / 4)
    assert found["f1"].value == pytest.approx(2 * 1.7 / (2 * 1.7 + 0.3 + 0.5))


def test_too_few_scores() -> None:
    found = over(EstimatedPerformance(score="s"), {"s": [0.5] * 99})
    assert {entry.status for entry in found.values()} == {"not_enough_data"}


rows = st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["1", "0", "1.0", None])), min_size=1, max_size=60)


@given(rows, st.integers(0, 60))
def test_calibration_error(found: list[tuple[float, str | None]], cut: int) -> None:
    parts = [
        {"s": [s for s, _ in part], "l": pa.array([t for _, t in part], pa.string())}
        for part in (found[:cut], found[cut:])
    ]
    measured = over(CalibrationError(score="s", label="l", bins=5), *(part for part in parts if len(part["s"])))
    usable = [(score, label in ("1", "1.0")) for score, label in found if label is not None]
    if not usable:
        assert measured.value is None
        return
    error = 0.0
    for b in range(5):
        inside = [(score, positive) for score, positive in usable if min(int(score * 5), 4) == b]
        if inside:
            error += abs(sum(score for score, _ in inside) - sum(positive for _, positive in inside)) / len(usable)
    assert measured.value == pytest.approx(error, abs=1e-9)
    assert sum(count for *_, count in measured.detail["reliability"]) == len(usable)
