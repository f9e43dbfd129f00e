"""Estimates against the truth on calibrated scores, and calibration error against a plain calculation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import BatchView, MetricConstraint
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


def test_missing_and_odd_scores_are_left_out_and_counted() -> None:
    found = over(
        EstimatedPerformance(score="s", minimum=1), {"s": ["0.9", "", "n/a", None, "0.2", "0.8", "0.7", "1.5"]}
    )
    assert found["accuracy"].value == pytest.approx((0.9 + 0.8 + 0.8 + 0.7) / 4)
    assert found["accuracy"].detail["missing"] == 3
    assert found["accuracy"].detail["outside"] == 1


@pytest.mark.parametrize("scores", [np.linspace(0, 100, 500), np.linspace(-6, 6, 500)])
def test_percents_and_log_odds_are_no_probabilities(scores: np.ndarray) -> None:
    for entry in over(EstimatedPerformance(score="s"), {"s": scores}).values():
        assert (entry.status, entry.value) == ("not_computed", None)
        assert "lie outside of 0 to 1" in entry.detail["reason"]
    labelled = {"s": scores, "l": np.arange(500) % 2}
    assert over(CalibrationError(score="s", label="l"), labelled).status == "not_computed"


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_scores_of_one_class_have_no_auc(score: float) -> None:
    found = over(EstimatedPerformance(score="s"), {"s": [score] * 200})
    assert found["accuracy"].value == 1
    assert (found["auc"].status, found["auc"].value) == ("not_computed", None)  # as scikit-learn: undefined
    assert found["f1"].value == (None if score == 0 else 1.0)


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        (["yes", "no"], "yes"),
        ([True, False], "true"),
        ([1.0, 0.0], "1"),
        (["1e0", "0"], "1.0"),
        ([" 1 ", "0"], "01"),
        ([10000001, 0], "10000001.0"),
    ],
)
def test_equal_labels_in_any_spelling_are_one_class(labels: list[Any], positive: str) -> None:
    rows = {
        "s": [0.9] * 100 + [0.1] * 100,
        "l": [labels[0]] * 90 + [labels[1]] * 10 + [labels[0]] * 10 + [labels[1]] * 90,
    }
    assert over(CalibrationError(score="s", label="l", positive=positive), rows).value == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("labels", [["yes", "no"], [True, False], ["good", "good"], [2, 1.5]])
def test_a_positive_label_that_never_occurs_is_no_calibration(labels: list[Any]) -> None:
    found = over(CalibrationError(score="s", label="l"), {"s": [0.5] * 200, "l": [labels[0]] * 100 + [labels[1]] * 100})
    assert (found.status, found.value) == ("not_computed", None)
    assert "is the positive one, '1'; one that is there is" in found.detail["reason"]


def test_a_window_without_positives_is_calibrated_or_not() -> None:
    found = over(CalibrationError(score="s", label="l"), {"s": [0.25] * 200, "l": [0] * 200})
    assert found.value == pytest.approx(0.25)


def test_missing_labels_are_left_out_and_counted() -> None:
    found = over(CalibrationError(score="s", label="l"), {"s": [0.5, 0.5, 0.5, None], "l": ["1", "nan", "", "0"]})
    assert found.detail["reliability"] == [[0.5, 1.0, 1]]
    assert found.detail["missing"] == 3


def test_a_calibration_error_that_chance_explains_is_no_alarm() -> None:
    rng, alarms = np.random.default_rng(0), 0
    metric = CalibrationError(score="s", label="l")
    for _ in range(40):
        scores = rng.random(120)
        found = over(metric.fresh(), {"s": scores, "l": (rng.random(120) < scores).astype(int)})
        alarms += metric.verify("calibration_error", found, MetricConstraint(threshold=0.05)) is not None
    assert alarms == 0
    off = over(metric.fresh(), {"s": np.full(500, 0.9), "l": rng.integers(0, 2, 500)})
    assert "was greater than threshold 0.05" in str(
        metric.verify("calibration_error", off, MetricConstraint(threshold=0.05))
    )
