"""Every metric equals scikit-learn's on random data, whatever the split of the rows."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import BatchView
from plugins.model_quality.quality import Quality
from plugins.model_quality.report import metrics_block
from plugins.model_quality.scores import MOST_SCORES, ScoreCounts
from plugins.model_quality.settings import ModelQualitySettings

sk = pytest.importorskip("sklearn.metrics")

numbers = st.floats(-1e4, 1e4, width=32)


def quality(rows: list[tuple[Any, ...]], cuts: list[int], **settings: Any) -> dict[str, Any]:
    """The block of metrics, merged from parts."""
    made = ModelQualitySettings(ground_truth_attribute="label", **settings)
    total = Quality(settings=made)
    ends = sorted({min(cut, len(rows)) for cut in cuts} | {len(rows)})
    for start, end in zip([0, *ends], ends, strict=False):
        part = Quality(settings=made)
        columns = list(zip(*rows[start:end], strict=True)) or [(), (), ()]
        names = ("label", "prediction", "score")[: len(columns)]
        part.update(BatchView(pa.RecordBatch.from_arrays([pa.array(column) for column in columns], names)))
        total.merge(part)
    return metrics_block(total)


def values(block: dict[str, Any]) -> dict[str, Any]:
    return {name: entry["value"] for name, entry in block.items() if "value" in entry}


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=40), st.lists(st.integers(0, 40), max_size=3))
def test_regression(rows: list[tuple[float, float]], cuts: list[int]) -> None:
    found = values(quality(rows, cuts, problem_type="Regression", inference_attribute="prediction"))
    labels, predictions = zip(*rows, strict=True)
    assert found["mae"] == pytest.approx(sk.mean_absolute_error(labels, predictions), rel=1e-9, abs=1e-12)
    assert found["mse"] == pytest.approx(sk.mean_squared_error(labels, predictions), rel=1e-9, abs=1e-12)
    assert found["rmse"] == pytest.approx(math.sqrt(sk.mean_squared_error(labels, predictions)), rel=1e-9, abs=1e-12)
    if np.std(labels) > 1e-3:
        assert found["r2"] == pytest.approx(sk.r2_score(labels, predictions), rel=1e-6, abs=1e-9)


binary = st.lists(
    st.tuples(st.sampled_from("01"), st.sampled_from("01"), st.integers(0, 8).map(lambda n: n / 8)),
    min_size=2,
    max_size=40,
)


@given(binary, st.lists(st.integers(0, 40), max_size=3))
def test_binary(rows: list[tuple[str, str, float]], cuts: list[int]) -> None:
    settings = {
        "problem_type": "BinaryClassification",
        "inference_attribute": "prediction",
        "probability_attribute": "score",
    }
    found = values(quality(rows, cuts, **settings))
    labels, predictions, scores = zip(*rows, strict=True)
    if "1" not in labels:  # no rate of positives is defined; scikit-learn gives 0 and a warning
        assert [found[name] for name in ("recall", "true_positive_rate", "false_negative_rate", "auc", "au_prc")] == [
            None
        ] * 5
        assert (found["precision"], found["f1"]) == ((0.0, 0.0) if "1" in predictions else (None, None))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kinds = {"pos_label": "1", "zero_division": 0.0}
        assert found["recall"] == pytest.approx(sk.recall_score(labels, predictions, **kinds))
        assert found["precision"] == pytest.approx(sk.precision_score(labels, predictions, **kinds))
        assert found["accuracy"] == pytest.approx(sk.accuracy_score(labels, predictions))
        for name, beta in (("f0_5", 0.5), ("f1", 1.0), ("f2", 2.0)):
            assert found[name] == pytest.approx(sk.fbeta_score(labels, predictions, beta=beta, **kinds))
        if len(set(labels)) == 2:
            assert found["auc"] == pytest.approx(sk.roc_auc_score([label == "1" for label in labels], scores))
            assert found["true_negative_rate"] == pytest.approx(
                sk.recall_score(labels, predictions, pos_label="0", zero_division=0.0)
            )
        else:
            assert [found[name] for name in ("false_positive_rate", "true_negative_rate", "auc")] == [None] * 3


@given(binary)
def test_curves_and_their_areas(rows: list[tuple[str, str, float]]) -> None:
    labels, _, scores = zip(*rows, strict=True)
    if len(set(labels)) < 2:
        return
    counts = ScoreCounts()
    positive = np.array([label == "1" for label in labels])
    counts.update(np.array(scores), positive)
    curves = counts.curves()
    assert curves is not None
    fallouts, sensitivities, precisions, recalls = curves
    expected = sk.roc_curve(positive, scores, drop_intermediate=False)
    assert fallouts[:-1].tolist() == pytest.approx(expected[0].tolist())
    assert sensitivities[:-1].tolist() == pytest.approx(expected[1].tolist())
    points = sk.precision_recall_curve(positive, scores)
    assert precisions[1:].tolist() == pytest.approx(points[0][:-1][::-1].tolist())
    assert recalls[1:].tolist() == pytest.approx(points[1][:-1][::-1].tolist())
    assert counts.areas()["au_prc"] == pytest.approx(sk.auc(recalls, precisions))


@given(binary)
def test_the_best_constant_classifier(rows: list[tuple[str, str, float]]) -> None:
    found = values(quality(rows, [], problem_type="BinaryClassification", inference_attribute="prediction"))
    labels, predictions, _ = zip(*rows, strict=True)
    if "1" not in labels:
        return
    constant = "1" if predictions.count("1") > predictions.count("0") else "0"
    always = [constant] * len(rows)
    assert found["accuracy_best_constant_classifier"] == pytest.approx(sk.accuracy_score(labels, always))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kinds = {"pos_label": "1", "zero_division": 0.0}
        assert found["recall_best_constant_classifier"] == pytest.approx(sk.recall_score(labels, always, **kinds))
        assert found["precision_best_constant_classifier"] == pytest.approx(sk.precision_score(labels, always, **kinds))
        assert found["f2_best_constant_classifier"] == pytest.approx(sk.fbeta_score(labels, always, beta=2, **kinds))


classes = st.sampled_from(["cat", "dog", "eel", "10", "9"])


@given(st.lists(st.tuples(classes, classes), min_size=2, max_size=40), st.lists(st.integers(0, 40), max_size=3))
def test_multiclass(rows: list[tuple[str, str]], cuts: list[int]) -> None:
    found = values(quality(rows, cuts, problem_type="MulticlassClassification", inference_attribute="prediction"))
    labels, predictions = zip(*rows, strict=True)
    weighted = {"average": "weighted", "zero_division": 0.0}
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(labels, predictions))
    assert found["weighted_recall"] == pytest.approx(found["accuracy"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert found["weighted_precision"] == pytest.approx(sk.precision_score(labels, predictions, **weighted))
        for name, beta in (("weighted_f0_5", 0.5), ("weighted_f1", 1.0), ("weighted_f2", 2.0)):
            assert found[name] == pytest.approx(sk.fbeta_score(labels, predictions, beta=beta, **weighted))


def test_an_area_from_more_scores_than_are_kept() -> None:
    rng = np.random.default_rng(3)
    positive = rng.random(3 * MOST_SCORES) < 0.3
    scores = rng.normal(positive * 0.8, 1)
    counts = ScoreCounts()
    for part in np.array_split(np.arange(len(scores)), 7):
        counts.update(scores[part], positive[part])
    assert len(counts.scores) <= MOST_SCORES
    assert counts.areas()["auc"] == pytest.approx(sk.roc_auc_score(positive, scores), abs=1e-5)


def test_standard_deviations_are_those_of_samples_of_four_fifths() -> None:
    rng = np.random.default_rng(5)
    labels, predictions = rng.random(2000) < 0.4, rng.random(2000) < 0.5
    rows = [(str(int(a)), str(int(b))) for a, b in zip(labels, predictions, strict=True)]
    block = quality(rows, [700], problem_type="BinaryClassification", inference_attribute="prediction")
    chance = [np.mean((labels == predictions)[rng.permutation(2000)[:1600]]) for _ in range(300)]
    assert np.std(chance) / 3 < block["accuracy"]["standard_deviation"] < np.std(chance) * 3
    again = quality(rows, [100, 1500], problem_type="BinaryClassification", inference_attribute="prediction")
    assert again == block


def test_a_class_that_only_one_side_knows() -> None:
    rows = [("cat", "dog"), ("cat", "cat"), ("eel", "eel")]
    block = quality(rows, [], problem_type="MulticlassClassification", inference_attribute="prediction")
    assert block["confusion_matrix"]["cat"] == {"cat": 1, "dog": 1, "eel": 0}
    assert block["confusion_matrix"]["dog"] == {"cat": 0, "dog": 0, "eel": 0}
    assert block["weighted_recall"]["value"] == pytest.approx(2 / 3)
