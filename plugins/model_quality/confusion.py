"""Metrics of classifiers, all from the counts of (actual, predicted) pairs (contract 4.3)."""

from __future__ import annotations

from collections.abc import Mapping

Counts = Mapping[tuple[str, str], int]
"""Rows by actual and predicted label."""

BETAS = {"f0_5": 0.5, "f1": 1.0, "f2": 2.0}


def classes_of(counts: Counts) -> list[str]:
    """All labels of either side: in numeric order if all are numbers, else by text."""
    found = {label for pair in counts for label in pair}
    try:
        return sorted(found, key=float)
    except ValueError:
        return sorted(found)


def confusion_matrix(counts: Counts) -> dict[str, dict[str, int]]:
    """Rows by actual and then predicted label, zeros included."""
    classes = classes_of(counts)
    return {actual: {predicted: counts.get((actual, predicted), 0) for predicted in classes} for actual in classes}


def most_frequent_prediction(counts: Counts) -> str:
    """What the best constant classifier predicts: as golden outputs show, the most frequent predicted label."""
    totals: dict[str, int] = {}
    for (_, predicted), count in counts.items():
        totals[predicted] = totals.get(predicted, 0) + count
    return max(classes_of(counts), key=lambda label: totals.get(label, 0))


def constant(counts: Counts, label: str) -> dict[tuple[str, str], int]:
    """The counts if one label had been predicted always."""
    found: dict[tuple[str, str], int] = {}
    for (actual, _), count in counts.items():
        found[actual, label] = found.get((actual, label), 0) + count
    return found


def binary_metrics(counts: Counts, positive: str) -> dict[str, float | None]:
    """The metrics of a binary classifier, without those of the best constant one.

    Rates without any row that they are a share of are None: without negatives ``true_negative_rate`` and ``false_positive_rate``
    (golden outputs write null there); other divisions by zero give 0.
    """
    tp = sum(count for pair, count in counts.items() if pair == (positive, positive))
    fn = sum(count for (actual, predicted), count in counts.items() if actual == positive != predicted)
    fp = sum(count for (actual, predicted), count in counts.items() if actual != positive == predicted)
    tn = sum(counts.values()) - tp - fn - fp
    recall, precision = _ratio(tp, tp + fn), _ratio(tp, tp + fp)
    fallout = fp / (fp + tn) if fp + tn else None
    return {
        "recall": recall,
        "precision": precision,
        "accuracy": _ratio(tp + tn, tp + tn + fp + fn),
        "true_positive_rate": recall,
        "true_negative_rate": None if fallout is None else 1.0 - fallout,
        "false_positive_rate": fallout,
        "false_negative_rate": 1.0 - recall,
        **{name: f_score(precision, recall, beta) for name, beta in BETAS.items()},
    }


def multiclass_metrics(counts: Counts) -> dict[str, float | None]:
    """Accuracy, and recall, precision and F weighted by the shares of the actual classes."""
    total = sum(counts.values())
    found: dict[str, float | None] = {
        "accuracy": _ratio(sum(count for (actual, predicted), count in counts.items() if actual == predicted), total)
    }
    names = ("weighted_recall", "weighted_precision", "weighted_f0_5", "weighted_f1", "weighted_f2")
    sums = dict.fromkeys(names, 0.0)
    for label in classes_of(counts):
        actual = sum(count for (a, _), count in counts.items() if a == label)
        predicted = sum(count for (_, p), count in counts.items() if p == label)
        hits = counts.get((label, label), 0)
        recall, precision = _ratio(hits, actual), _ratio(hits, predicted)
        scores = (recall, precision, *(f_score(precision, recall, beta) for beta in BETAS.values()))
        for name, score in zip(names, scores, strict=True):
            sums[name] += score * actual / total
    return found | sums


def f_score(precision: float, recall: float, beta: float) -> float:
    """F-beta; 0 where precision and recall are.

    >>> f_score(0.25, 1.0, 1.0)
    0.4
    """
    weight = beta * beta
    return _ratio((1 + weight) * precision * recall, weight * precision + recall)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
