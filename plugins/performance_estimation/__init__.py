"""Performance of a binary classifier while its labels are still missing, from calibrated scores; and how calibrated they are."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView, DatasetAnalyzer, Measured, Min, canonical_label, metric, setting
from plugins.performance_estimation.estimation import BINS, Estimate, calibration_by_chance, estimated
from plugins.performance_estimation.refusal import is_probability, not_computed, refusal

__all__ = ["CalibrationError", "EstimatedPerformance"]

FloatArray = npt.NDArray[np.float64]

_NO_LABEL = "\U0010ffff"
_OPPOSITES = {"1": ("0", "false", "-1"), "true": ("false", "0"), "0": ("1", "true"), "false": ("true", "1")}
"""Labels of rows that may be all there is without the positive label being a mistake."""


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
    missing: int = 0
    outside: int = 0

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.score,)

    def update(self, batch: BatchView) -> None:
        numbers = batch.numbers(self.score)
        scores = numbers[is_probability(numbers)]
        self.missing += int(np.isnan(numbers).sum())
        self.outside += int((~np.isnan(numbers)).sum()) - len(scores)
        places = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
        self.counts = self.counts + np.bincount(places, minlength=BINS)
        self.sums = self.sums + np.bincount(places, scores, minlength=BINS)
        positive = scores[scores > self.threshold]
        self.above = self.above + np.array([len(positive), positive.sum()])

    def result(self) -> dict[str, Measured]:
        names = ("accuracy", "f1", "auc")
        refused = refusal(self.score, int(self.counts.sum()), self.outside, self.missing, self.minimum)
        if refused is not None:
            return dict.fromkeys(names, refused)
        found = estimated(self.counts, self.sums, self.above, self.threshold)
        left_out = {"missing": self.missing, "outside": self.outside}
        return {name: _measured(found[name], left_out) for name in names}


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
    missing: int = 0
    outside: int = 0
    other_labels: int = 0
    other_label: Annotated[str, Min] = _NO_LABEL

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.score, self.label)

    def update(self, batch: BatchView) -> None:
        numbers, labels = batch.numbers(self.score), batch.labels(self.label)
        known = pc.is_valid(labels).to_numpy(zero_copy_only=False)
        usable = is_probability(numbers) & known
        self.missing += int((np.isnan(numbers) | ~known).sum())
        self.outside += int((~np.isnan(numbers) & known).sum()) - int(usable.sum())
        positive = pc.equal(labels, pa.scalar(self._positive, pa.string()))
        self._note_other_labels(labels.filter(pc.and_(pa.array(usable), pc.fill_null(pc.invert(positive), False))))
        scores, positive = numbers[usable], positive.filter(pa.array(usable)).to_numpy(zero_copy_only=False)
        places = np.minimum((scores * self.bins).astype(np.int64), self.bins - 1)
        self.counts = self.counts + np.bincount(places, minlength=BINS)
        self.sums = self.sums + np.bincount(places, scores, minlength=BINS)
        self.positives = self.positives + np.bincount(places, positive.astype(float), minlength=BINS)

    def result(self) -> Measured:
        total = self.counts.sum()
        refused = refusal(self.score, int(total), self.outside, self.missing, 1)
        if refused is not None:
            return refused
        if self.other_labels and not self.positives.sum():
            return not_computed(
                f"no label in {self.label!r} is the positive one, {self.positive!r}; one that is there is {self.other_label!r}"
            )
        held = self.counts > 0
        promised, seen = self.sums[held] / self.counts[held], self.positives[held] / self.counts[held]
        error = float((self.counts[held] / total * np.abs(promised - seen)).sum())
        curve = [[float(p), float(s), int(n)] for p, s, n in zip(promised, seen, self.counts[held], strict=True)]
        worst = int(np.argmax(np.abs(promised - seen)))
        text = f"rows with scores about {promised[worst]:.3f} are positive in {seen[worst]:.1%} of cases"
        chance = calibration_by_chance(self.counts[held], promised)
        return Measured(
            error,
            compared=max(0.0, error - chance),
            error=chance,
            explanation=(text, f"chance explains an error up to {chance:.4g}"),
            detail={"reliability": curve, "missing": self.missing, "outside": self.outside},
        )

    @property
    def _positive(self) -> str | None:
        return canonical_label(self.positive)

    def _note_other_labels(self, labels: pa.Array) -> None:
        """Count labels that are neither positive nor plainly the opposite: the setting may name the wrong one."""
        opposite = _OPPOSITES.get(self._positive or "", ())
        others = labels.filter(pc.invert(pc.is_in(labels, pa.array(opposite, pa.string()))))
        if len(others):
            self.other_labels += len(others)
            self.other_label = min(self.other_label, str(pc.min(others).as_py()))


def _measured(found: Estimate, left_out: dict[str, int]) -> Measured:
    if found.value is None:
        return not_computed("it is not defined: the scores promise one class alone")
    detail = {"estimate": True, "method": "CBPE"} | left_out
    return Measured(found.value, lower=found.lower, upper=found.upper, detail=detail)
