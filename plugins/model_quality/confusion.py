"""Metrics of classifiers, all from the counts of (actual, predicted) pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

Counts = Mapping[tuple[str, str], int]
"""Rows by actual and predicted label."""

BETAS = {"f0_5": 0.5, "f1": 1.0, "f2": 2.0}


def sorted_classes(counts: Counts) -> list[str]:
    """All labels of either side: in numeric order if all are numbers, else by text."""
    classes = {label for pair in counts for label in pair}
    try:
        return sorted(classes, key=lambda label: (float(label), label))
    except ValueError:
        return sorted(classes)


def confusion_matrix(counts: Counts) -> dict[str, dict[str, int]]:
    """Rows by actual and then predicted label, zeros included."""
    classes = sorted_classes(counts)
    return {actual: {predicted: counts.get((actual, predicted), 0) for predicted in classes} for actual in classes}


def most_frequent_prediction(counts: Counts) -> str:
    """What the best constant classifier predicts: as real outputs show, the most frequent predicted label."""
    totals: Counter[str] = Counter()
    for (_, predicted), count in counts.items():
        totals[predicted] += count
    return max(sorted_classes(counts), key=lambda label: totals[label])


def constant(counts: Counts, label: str) -> dict[tuple[str, str], int]:
    """The counts if one label had been predicted always."""
    totals: Counter[tuple[str, str]] = Counter()
    for (actual, _), count in counts.items():
        totals[actual, label] += count
    return dict(totals)


def binary_metrics(counts: Counts, positive: str) -> dict[str, float | None]:
    """The metrics of a binary classifier, without those of the best constant one.

    Rates of a class that no row has are None: without negatives ``true_negative_rate`` and ``false_positive_rate`` (real
    outputs have null there), without positives ``recall`` and its like. A precision without positive predictions is 0, as in
    scikit-learn and Spark, but None where no row is positive in truth either.
    """
    tp = sum(count for pair, count in counts.items() if pair == (positive, positive))
    fn = sum(count for (actual, predicted), count in counts.items() if actual == positive != predicted)
    fp = sum(count for (actual, predicted), count in counts.items() if actual != positive == predicted)
    tn = sum(counts.values()) - tp - fn - fp
    recall, fallout = _share(tp, tp + fn), _share(fp, fp + tn)
    precision = _ratio(tp, tp + fp) if tp + fp + fn else None
    return {
        "recall": recall,
        "precision": precision,
        "accuracy": _ratio(tp + tn, tp + tn + fp + fn),
        "true_positive_rate": recall,
        "true_negative_rate": None if fallout is None else 1.0 - fallout,
        "false_positive_rate": fallout,
        "false_negative_rate": None if recall is None else 1.0 - recall,
        **{
            name: None if precision is None else f_score(precision, recall or 0.0, beta) for name, beta in BETAS.items()
        },
    }


def multiclass_metrics(counts: Counts) -> dict[str, float | None]:
    """Accuracy, and recall, precision and F weighted by the shares of the actual classes."""
    actual: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    for (label, guess), count in counts.items():
        actual[label] += count
        predicted[guess] += count
    total = sum(actual.values())
    hits = sum(count for (label, guess), count in counts.items() if label == guess)
    names = ("weighted_recall", "weighted_precision", "weighted_f0_5", "weighted_f1", "weighted_f2")
    sums = dict.fromkeys(names, 0.0)
    for label in sorted_classes(counts):
        right = counts.get((label, label), 0)
        recall, precision = _ratio(right, actual[label]), _ratio(right, predicted[label])
        scores = (recall, precision, *(f_score(precision, recall, beta) for beta in BETAS.values()))
        for name, score in zip(names, scores, strict=True):
            sums[name] += score * actual[label] / total
    return {"accuracy": _ratio(hits, total), **sums}


def f_score(precision: float, recall: float, beta: float) -> float:
    """F-beta; 0 where precision and recall are.

    >>> f_score(0.25, 1.0, 1.0)
    0.4
    """
    weight = beta * beta
    return _ratio((1 + weight) * precision * recall, weight * precision + recall)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
