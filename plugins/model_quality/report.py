"""From the state of a pass to the block of metrics in ``statistics.json``, with standard deviations (contract 4.2 to 4.4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from plugins.model_quality.confusion import (
    Counts,
    binary_metrics,
    confusion_matrix,
    constant,
    most_frequent_prediction,
    multiclass_metrics,
)
from plugins.model_quality.quality import SEPARATOR, Quality
from plugins.model_quality.regression import SAMPLE_SHARE, SAMPLES
from plugins.model_quality.scores import ScoreCounts, thinned

FEWEST_FOR_DEVIATION = 200
"""Rows below which there are no standard deviations."""

Metrics = dict[str, float | None]
_BINARY_ORDER = (
    "recall", "precision", "accuracy", "recall_best_constant_classifier", "precision_best_constant_classifier",
    "accuracy_best_constant_classifier", "true_positive_rate", "true_negative_rate", "false_positive_rate",
    "false_negative_rate", "receiver_operating_characteristic_curve", "precision_recall_curve", "auc", "au_prc", "f0_5",
    "f1", "f2", "f0_5_best_constant_classifier", "f1_best_constant_classifier", "f2_best_constant_classifier",
)  # fmt: skip


def metrics_block(quality: Quality) -> dict[str, Any]:
    """The block of the problem type, in the order of the original files."""
    if quality.settings.problem_type == "Regression":
        samples = [quality.errors.metrics(i) for i in range(1, 1 + SAMPLES)]
        whole = quality.errors.metrics()
        return {name: _entry(value, [s[name] for s in samples], quality.used) for name, value in whole.items()}
    counts = {_pair(key): count for key, count in quality.pairs.items()}
    if quality.settings.problem_type == "MulticlassClassification":
        found = {"confusion_matrix": confusion_matrix(counts)}
        return found | _with_deviations(counts, _with_constant(multiclass_metrics), quality.used)
    positive = quality.settings.positive_label
    scalars = _with_deviations(counts, _with_constant(lambda c: binary_metrics(c, positive)), quality.used)
    scalars |= _areas(quality.scores, quality.used) | _curves(quality.scores)
    matrix = {"confusion_matrix": confusion_matrix(counts)}
    return matrix | {name: scalars[name] for name in _BINARY_ORDER if name in scalars}


def _pair(key: str) -> tuple[str, str]:
    actual, _, predicted = key.partition(SEPARATOR)
    return actual, predicted


def _with_constant(metrics: Callable[[Counts], Metrics]) -> Callable[[Counts], Metrics]:
    """The metrics, and recall, precision, accuracy and F of the best constant classifier."""

    def both(counts: Counts) -> Metrics:
        found = metrics(counts)
        best = metrics(constant(counts, most_frequent_prediction(counts)))
        kept = [name for name in found if not name.endswith("_rate")]
        return found | {f"{name}_best_constant_classifier": best[name] for name in kept}

    return both


def _with_deviations(counts: Counts, metrics: Callable[[Counts], Metrics], rows: int) -> dict[str, Any]:
    samples = [metrics(sample) for sample in _samples(counts)] if rows >= FEWEST_FOR_DEVIATION else []
    return {name: _entry(value, [sample[name] for sample in samples], rows) for name, value in metrics(counts).items()}


def _samples(counts: Counts) -> list[dict[tuple[str, str], int]]:
    """Five samples of 80 % of the rows without replacement, drawn from the counts: no row has to be looked at again."""
    pairs = sorted(counts)
    totals = np.array([counts[pair] for pair in pairs])
    size = int(totals.sum() * SAMPLE_SHARE)
    found = []
    for seed in range(SAMPLES):
        drawn = np.random.default_rng(seed).multivariate_hypergeometric(totals, size, method="marginals")
        found.append({pair: int(count) for pair, count in zip(pairs, drawn, strict=True) if count})
    return found


def _areas(scores: ScoreCounts, rows: int) -> dict[str, Any]:
    samples = (
        [_sample_of_scores(scores, seed).areas() for seed in range(SAMPLES)] if rows >= FEWEST_FOR_DEVIATION else []
    )
    return {name: _entry(value, [sample[name] for sample in samples], rows) for name, value in scores.areas().items()}


def _sample_of_scores(scores: ScoreCounts, seed: int) -> ScoreCounts:
    totals = np.concatenate([scores.positives, scores.negatives])
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_hypergeometric(totals, int(totals.sum() * SAMPLE_SHARE), method="marginals")
    kept = len(scores.scores)
    return ScoreCounts(scores.scores, drawn[:kept], drawn[kept:])


def _curves(scores: ScoreCounts) -> dict[str, Any]:
    found = scores.curves()
    if found is None:
        return {}
    fallouts, sensitivities, precisions, recalls = (thinned(points) for points in found)
    return {
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": fallouts,
            "true_positive_rates": sensitivities,
        },
        "precision_recall_curve": {"precisions": precisions, "recalls": recalls},
    }


def _entry(value: float | None, samples: list[Any], rows: int) -> dict[str, Any]:
    """A metric as the file has it: NaN is written as text."""
    known = [sample for sample in samples if sample is not None and not math.isnan(sample)]
    deviation = float(np.std(known)) if known and rows >= FEWEST_FOR_DEVIATION else "NaN"
    written = "NaN" if value is not None and math.isnan(value) else value
    return {"value": written, "standard_deviation": deviation}
