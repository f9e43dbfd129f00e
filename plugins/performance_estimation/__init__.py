"""Performance of a binary classifier while its labels are still missing, from calibrated scores; and how calibrated they are."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

import numpy as np
import numpy.typing as npt

from engine import BatchView, DatasetAnalyzer, Measured, metric, setting
from plugins.performance_estimation.estimation import BINS, Estimate, estimated

__all__ = ["CalibrationError", "EstimatedPerformance"]

FloatArray = npt.NDArray[np.float64]


def _bins() -> FloatArray:
    return np.zeros(BINS)


@metric(worse="lower", cloudwatch="{metric}", label="Estimate of accuracy, F1 and AUC from scores, without labels")
class EstimatedPerformance(DatasetAnalyzer):
    """Expected accuracy, F1 and AUC if each row is positive with the probability that its score says (CBPE).

    An estimate, with a 95 % interval for the chance in the labels to come. It holds as far as the scores are calibrated, which
    ``calibration_error`` measures once there are labels; it cannot see that the relation between features and label has changed.
    """

    score: str = setting(default="", min_length=1, description="Column of the probability of the positive class.")
    threshold: float = setting(default=0.5, ge=0, le=1, description="A score above it predicts the positive class.")
    minimum: int = setting(default=100, ge=1, description="Rows with a score below which there is not enough data.")
    counts: FloatArray = field(default_factory=_bins)
    sums: FloatArray = field(default_factory=_bins)
    above: FloatArray = field(default_factory=lambda: np.zeros(2))

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.score,)

    def update(self, batch: BatchView) -> None:
        scores = batch.numbers(self.score)
        scores = scores[(scores >= 0) & (scores <= 1)]
        places = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
        self.counts = self.counts + np.bincount(places, minlength=BINS)
        self.sums = self.sums + np.bincount(places, scores, minlength=BINS)
        positive = scores[scores > self.threshold]
        self.above = self.above + np.array([len(positive), positive.sum()])

    def result(self) -> dict[str, Measured]:
        names = ("accuracy", "f1", "auc")
        if self.counts.sum() < self.minimum:
            return dict.fromkeys(names, Measured(None, status="not_enough_data"))
        found = estimated(self.counts, self.sums, self.above, self.threshold)
        return {name: _measured(found[name]) for name in names}


@metric(
    worse="higher",
    threshold=0.05,
    cloudwatch="{metric}",
    label="How far scores are from the shares of positives they promise",
)
class CalibrationError(DatasetAnalyzer):
    """Expected calibration error: mean distance between score and share of positive labels, over bins of scores, by their rows."""

    score: str = setting(default="", min_length=1, description="Column of the probability of the positive class.")
    label: str = setting(default="", min_length=1, description="Column of the label.")
    positive: str = setting(default="1", description="Label of the positive class.")
    bins: Annotated[int, "of the reliability curve"] = setting(default=10, ge=2, le=BINS, description="Bins of scores.")
    counts: FloatArray = field(default_factory=_bins)
    sums: FloatArray = field(default_factory=_bins)
    positives: FloatArray = field(default_factory=_bins)

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.score, self.label)

    def update(self, batch: BatchView) -> None:
        scores = batch.numbers(self.score)
        labels = np.array([_plain(text) for text in batch.texts(self.label).to_pylist()], dtype=object)
        usable = (scores >= 0) & (scores <= 1) & np.array([text is not None for text in labels], dtype=bool)
        scores, positive = scores[usable], labels[usable] == _plain(self.positive)
        places = np.minimum((scores * self.bins).astype(np.int64), self.bins - 1)
        self.counts = self.counts + np.bincount(places, minlength=BINS)
        self.sums = self.sums + np.bincount(places, scores, minlength=BINS)
        self.positives = self.positives + np.bincount(places, positive.astype(float), minlength=BINS)

    def result(self) -> Measured:
        total = self.counts.sum()
        if not total:
            return Measured(None, status="not_enough_data")
        held = self.counts > 0
        promised, seen = self.sums[held] / self.counts[held], self.positives[held] / self.counts[held]
        error = float((self.counts[held] / total * np.abs(promised - seen)).sum())
        curve = [[float(p), float(s), int(n)] for p, s, n in zip(promised, seen, self.counts[held], strict=True)]
        worst = int(np.argmax(np.abs(promised - seen)))
        text = f"rows with scores about {promised[worst]:.3f} are positive in {seen[worst]:.1%} of cases"
        return Measured(error, explanation=(text,), detail={"reliability": curve})


def _plain(text: str | None) -> str | None:
    """A label as its class: trimmed, whole numbers without a fraction."""
    found = (text or "").strip()
    whole, _, fraction = found.partition(".")
    return (whole if fraction and not fraction.strip("0") and whole.lstrip("+-").isdigit() else found) or None


def _measured(found: Estimate) -> Measured:
    detail = {"estimate": True, "method": "CBPE"}
    return Measured(found.value, lower=found.lower, upper=found.upper, detail=detail)
