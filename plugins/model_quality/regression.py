"""Errors of a regression: mae, mse, rmse and r2 of all rows and of five samples of them, in one pass (contract 4.3, 4.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

SAMPLES = 5
SAMPLE_SHARE = 0.8
FIELDS = ("counts", "absolute", "squared", "means", "deviations")
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
"""Constants of the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""


def _zeros() -> FloatArray:
    return np.zeros(1 + SAMPLES)


@dataclass
class RegressionErrors:
    """Sums of errors; the first entry is of all rows, each other one of a sample.

    Attributes:
        counts: Rows.
        absolute: Sum of |label - prediction|.
        squared: Sum of (label - prediction)^2.
        means: Mean of the labels.
        deviations: Sum of squared deviations of the labels from their mean.
    """

    counts: FloatArray = field(default_factory=_zeros)
    absolute: FloatArray = field(default_factory=_zeros)
    squared: FloatArray = field(default_factory=_zeros)
    means: FloatArray = field(default_factory=_zeros)
    deviations: FloatArray = field(default_factory=_zeros)

    def update(self, labels: FloatArray, predictions: FloatArray) -> None:
        """Take in rows; both arrays are of one length, without NaN."""
        if not len(labels):
            return
        chosen = np.vstack([np.ones(len(labels), bool), samples_of_rows(labels, predictions)])
        error = labels - predictions
        part = RegressionErrors()
        for i, rows in enumerate(chosen):
            found = labels[rows]
            if len(found):
                mean = found.mean()
                part.counts[i], part.means[i] = len(found), mean
                part.absolute[i], part.squared[i] = np.abs(error[rows]).sum(), (error[rows] ** 2).sum()
                part.deviations[i] = ((found - mean) ** 2).sum()
        self.merge(part)

    def merge(self, other: RegressionErrors) -> None:
        """Take in a later part."""
        counts = self.counts + other.counts
        with np.errstate(all="ignore"):
            share = np.where(counts > 0, other.counts / counts, 0.0)
        step = other.means - self.means
        self.deviations = self.deviations + other.deviations + step**2 * self.counts * share
        self.means = self.means + step * share
        self.absolute, self.squared = self.absolute + other.absolute, self.squared + other.squared
        self.counts = counts

    def metrics(self, i: int = 0) -> dict[str, float]:
        """Metrics of all rows (0) or of a sample; r2 is NaN where all labels are equal."""
        n = self.counts[i]
        if not n:
            return dict.fromkeys(("mae", "mse", "rmse", "r2"), float("nan"))
        mse = self.squared[i] / n
        r2 = 1.0 - self.squared[i] / self.deviations[i] if self.deviations[i] > 0 else float("nan")
        return {"mae": float(self.absolute[i] / n), "mse": float(mse), "rmse": float(np.sqrt(mse)), "r2": float(r2)}

    def to_state(self) -> dict[str, Any]:
        """The arrays by name."""
        return {name: getattr(self, name) for name in FIELDS}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> RegressionErrors:
        """The inverse of ``to_state``."""
        return cls(**{name: state[name] for name in FIELDS})


def samples_of_rows(labels: FloatArray, predictions: FloatArray) -> npt.NDArray[np.bool_]:
    """Which rows each sample holds: four of five, by a hash of the row, so that the split of the data has no say."""
    bits = labels.view(np.uint64) * _MIX[0] ^ predictions.view(np.uint64)
    limit = np.uint64(SAMPLE_SHARE * 2.0**64)
    starts = [np.uint64((seed + 1) * int(_MIX[0]) % 2**64) for seed in range(SAMPLES)]
    return np.array([_mixed(bits + start) < limit for start in starts])


def _mixed(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX[1]
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX[2]
    found: npt.NDArray[np.uint64] = bits ^ (bits >> np.uint64(31))
    return found
