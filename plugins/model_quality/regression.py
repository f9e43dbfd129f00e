"""Errors of a regression: mae, mse, rmse and r2 of all rows, and how far each moves between samples of them, in one pass."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from plugins.model_quality.co_moments import ABSOLUTE, DISTANCE, SQUARED, CoMoments

FloatArray = npt.NDArray[np.float64]

METRICS = ("mae", "mse", "rmse", "r2")
NAN = float("nan")


@dataclass
class RegressionErrors:
    """Sums of errors. Merges itself.

    Attributes:
        count: Rows.
        absolute: Sum of |label - prediction|.
        squared: Sum of (label - prediction)^2.
        mean: Mean of the labels.
        deviations: Sum of squared deviations of the labels from their mean.
        moments: What the standard deviations of the metrics are computed from.
    """

    count: int = 0
    absolute: float = 0.0
    squared: float = 0.0
    mean: float = 0.0
    deviations: float = 0.0
    moments: CoMoments = field(default_factory=CoMoments)

    def update(self, labels: FloatArray, predictions: FloatArray) -> None:
        """Take in rows; both arrays are of one length, without NaN."""
        if not len(labels):
            return
        with np.errstate(all="ignore"):  # squares of huge numbers are infinite
            errors, mean = labels - predictions, labels.mean()
            absolute, squared = float(np.abs(errors).sum()), float((errors**2).sum())
            deviations = float(((labels - mean) ** 2).sum())
            moments = CoMoments.from_rows(labels, errors)
        self.merge(RegressionErrors(len(labels), absolute, squared, float(mean), deviations, moments))

    def merge(self, other: RegressionErrors) -> None:
        """Take in a later part."""
        count = self.count + other.count
        share = other.count / count if count else 0.0
        step = other.mean - self.mean
        with np.errstate(all="ignore"):
            self.deviations += other.deviations + float(np.float64(step) ** 2) * self.count * share
            self.moments.merge(other.moments)
        self.mean += step * share
        self.absolute, self.squared = self.absolute + other.absolute, self.squared + other.squared
        self.count = count

    def metrics(self) -> dict[str, float]:
        """Metrics of all rows; r2 is NaN where all labels are equal."""
        if not self.count:
            return dict.fromkeys(METRICS, NAN)
        mse = self.squared / self.count
        r2 = 1.0 - self.squared / self.deviations if self.deviations > 0 else NAN
        return {"mae": self.absolute / self.count, "mse": mse, "rmse": math.sqrt(mse), "r2": r2}

    def standard_deviations(self, share: float) -> dict[str, float]:
        """Standard deviation of each metric over random samples of a share of the rows, drawn without replacement.

        That of a mean is exact (a finite population); ``rmse`` and ``r2`` are functions of means, taken as linear near them.
        """
        if self.count < 2 or not np.isfinite(self.moments.products).all():
            return dict.fromkeys(METRICS, NAN)
        scale = 1 / int(share * self.count) - 1 / self.count
        with np.errstate(all="ignore"):
            return {name: math.sqrt(self.moments.variance(row) * scale) for name, row in self._slopes().items()}

    def _slopes(self) -> dict[str, FloatArray]:
        """How much each metric moves with the mean of each number of the moments."""
        metrics, spread = self.metrics(), self.deviations / self.count
        slopes = {name: np.zeros(4) for name in METRICS}
        slopes["mae"][ABSOLUTE] = slopes["mse"][SQUARED] = 1.0
        slopes["rmse"][SQUARED] = 0.5 / metrics["rmse"] if metrics["rmse"] else 0.0
        slopes["r2"][[SQUARED, DISTANCE]] = (-1 / spread, metrics["mse"] / spread / spread) if spread else (NAN, NAN)
        return slopes

    def to_state(self) -> dict[str, Any]:
        """The fields by name."""
        plain = {name: getattr(self, name) for name in ("count", "absolute", "squared", "mean", "deviations")}
        return plain | {"moments": self.moments.to_state()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> RegressionErrors:
        """The inverse of ``to_state``."""
        return cls(**state | {"moments": CoMoments.from_state(state["moments"])})
