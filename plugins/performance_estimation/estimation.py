"""Confidence-based performance estimation (CBPE): what calibrated scores promise about the labels that are not there yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

BINS = 1000
"""Bins of scores from 0 to 1; the area below the ROC curve is exact but for pairs of rows in one bin."""
DRAWS = 200
TAIL = 0.025


@dataclass(frozen=True)
class Estimate:
    """An expected value, and the interval in which 95 of 100 outcomes of the labels lie; no value where it is not defined."""

    value: float | None
    lower: float
    upper: float


def estimated(counts: FloatArray, sums: FloatArray, above: FloatArray, threshold: float) -> dict[str, Estimate]:
    """Expected accuracy, F1 and AUC.

    Args:
        counts: Rows by bin of score.
        sums: Sum of the scores in each bin.
        above: Rows above the threshold, and the sum of their scores.
        threshold: Above it the positive class is predicted.
    """
    rows, positives = float(counts.sum()), float(sums.sum())
    tp = float(above[1])
    values = _of_outcome(rows, float(above[0]), tp, positives) | {"auc": _auc(sums, counts - sums)}
    rng = np.random.default_rng(0)
    share = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    drawn = rng.binomial(counts.astype(np.int64), np.clip(share, 0, 1), size=(DRAWS, len(counts))).astype(np.float64)
    inside = _inside(threshold)
    outcomes = []
    for positive in drawn:
        hits = float(positive @ inside)
        outcome = _of_outcome(rows, float(counts @ inside), hits, float(positive.sum()))
        outcomes.append(outcome | {"auc": _auc(positive, counts - positive)})
    centre = {name: float(np.mean([outcome[name] for outcome in outcomes])) for name in values}
    estimates = {
        name: _interval(value, centre[name], [outcome[name] for outcome in outcomes]) for name, value in values.items()
    }
    undefined = [*(["auc"] if positives in (0.0, rows) else []), *(["f1"] if positives == above[0] == 0 else [])]
    return estimates | {name: Estimate(None, 0.0, 1.0) for name in undefined}


def calibration_by_chance(counts: FloatArray, promised: FloatArray) -> float:
    """The calibration error that perfectly calibrated scores stay below in 95 of 100 cases, by rows and mean score of each bin."""
    rng = np.random.default_rng(0)
    drawn = rng.binomial(counts.astype(np.int64), np.clip(promised, 0, 1), size=(DRAWS, len(counts)))
    return float(np.quantile(np.abs(drawn - counts * promised).sum(axis=-1) / counts.sum(), 1 - 2 * TAIL))


def _interval(value: float, centre: float, outcomes: list[float]) -> Estimate:
    """The spread of the outcomes, laid around the expected value."""
    low, high = np.quantile(outcomes, [TAIL, 1 - TAIL]) - centre
    return Estimate(value, max(0.0, value + float(low)), min(1.0, value + float(high)))


def _of_outcome(rows: float, predicted: float, hits: float, positives: float) -> dict[str, float]:
    fp, fn = predicted - hits, positives - hits
    f1 = 2 * hits / (2 * hits + fp + fn) if hits + fp + fn > 0 else 0.0
    return {"accuracy": (rows - fp - fn) / rows, "f1": f1}


def _auc(positives: FloatArray, negatives: FloatArray) -> float:
    """Share of pairs of a positive and a negative row that the scores put in order; ties count half."""
    below = np.cumsum(negatives) - negatives
    pairs = positives.sum() * negatives.sum()
    return float((positives * (below + negatives / 2)).sum() / pairs) if pairs > 0 else 0.5


def _inside(threshold: float) -> FloatArray:
    """Share of each bin that lies above the threshold."""
    edges = np.arange(BINS) / BINS
    found: FloatArray = np.clip((edges + 1 / BINS - threshold) * BINS, 0, 1)
    return found
