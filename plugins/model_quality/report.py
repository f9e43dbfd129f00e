"""From the state of a pass to the block of metrics in ``statistics.json``, with standard deviations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from plugins.model_quality.classes import BinaryClasses, find_bits
from plugins.model_quality.confusion import (
    Counts,
    binary_metrics,
    confusion_matrix,
    constant,
    most_frequent_prediction,
    multiclass_metrics,
)
from plugins.model_quality.quality import Quality
from plugins.model_quality.samples import FEWEST_ROWS, SAMPLE_SHARE, draw_counts, entry, measure_spread
from plugins.model_quality.scores import ScoreCounts, thin_out

Metrics = dict[str, float | None]
_BINARY_ORDER = (
    "recall", "precision", "accuracy", "recall_best_constant_classifier", "precision_best_constant_classifier",
    "accuracy_best_constant_classifier", "true_positive_rate", "true_negative_rate", "false_positive_rate",
    "false_negative_rate", "receiver_operating_characteristic_curve", "precision_recall_curve", "auc", "au_prc", "f0_5",
    "f1", "f2", "f0_5_best_constant_classifier", "f1_best_constant_classifier", "f2_best_constant_classifier",
)  # fmt: skip


def metrics_block(quality: Quality, classes: BinaryClasses | None = None) -> dict[str, Any]:
    """The block of the problem type, in the order of the original files.

    Args:
        quality: What the pass left of all rows or of a slice.
        classes: The classes of a binary model, where they are those of more rows.

    Raises:
        DataFormatError: A binary model has other than two classes.
    """
    if quality.settings.is_regression:
        return _regression(quality)
    classes = classes or quality.decide_classes()
    if classes is None:
        spelled = find_bits(quality.labels)
        counts = _respelled(quality.labelled_pairs(), spelled)
        matrix = {"confusion_matrix": confusion_matrix(counts)}
        return matrix | _with_deviations(counts, _with_constant(multiclass_metrics), quality.used)
    counts = _respelled(quality.labelled_pairs(), classes.spelled)
    scores = quality.scores.against(classes.positive_spellings)
    scalars = _with_deviations(counts, _with_constant(lambda c: binary_metrics(c, classes.positive)), quality.used)
    scalars |= _areas(scores, quality.used) | _curves(scores)
    matrix = {"confusion_matrix": confusion_matrix(counts)}
    return matrix | {name: scalars[name] for name in _BINARY_ORDER if name in scalars}


def _regression(quality: Quality) -> dict[str, Any]:
    deviations = quality.errors.standard_deviations(SAMPLE_SHARE) if quality.used >= FEWEST_ROWS else {}
    return {name: entry(value, deviations.get(name, np.nan)) for name, value in quality.errors.metrics().items()}


def _respelled(pairs: Counts, spelled: Mapping[str, str]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for (actual, predicted), count in pairs.items():
        pair = spelled.get(actual, actual), spelled.get(predicted, predicted)
        counts[pair] = counts.get(pair, 0) + count
    return counts


def _with_constant(metrics: Callable[[Counts], Metrics]) -> Callable[[Counts], Metrics]:
    """The metrics, and recall, precision, accuracy and F of the best constant classifier."""

    def both(counts: Counts) -> Metrics:
        own = metrics(counts)
        best = metrics(constant(counts, most_frequent_prediction(counts)))
        kept = [name for name in own if not name.endswith("_rate")]
        return own | {f"{name}_best_constant_classifier": best[name] for name in kept}

    return both


def _with_deviations(counts: Counts, metrics: Callable[[Counts], Metrics], rows: int) -> dict[str, Any]:
    return _entries(metrics(counts), [metrics(sample) for sample in _samples(counts)] if rows >= FEWEST_ROWS else [])


def _entries(whole: Metrics, samples: Iterable[Metrics]) -> dict[str, Any]:
    samples = list(samples)
    return {
        name: entry(value, measure_spread([sample.get(name) for sample in samples])) for name, value in whole.items()
    }


def _samples(counts: Counts) -> list[dict[tuple[str, str], int]]:
    pairs = sorted(counts)
    totals = np.array([counts[pair] for pair in pairs])
    return [
        {pair: int(count) for pair, count in zip(pairs, drawn, strict=True) if count} for drawn in draw_counts(totals)
    ]


def _areas(scores: ScoreCounts, rows: int) -> dict[str, Any]:
    samples = [sample.areas() for sample in scores.samples()] if rows >= FEWEST_ROWS else []
    return _entries(scores.areas(), samples)


def _curves(scores: ScoreCounts) -> dict[str, Any]:
    curves = scores.curves()
    if curves is None:
        return {}
    fallouts, sensitivities, precisions, recalls = (thin_out(points) for points in curves)
    return {
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": fallouts,
            "true_positive_rates": sensitivities,
        },
        "precision_recall_curve": {"precisions": precisions, "recalls": recalls},
    }
