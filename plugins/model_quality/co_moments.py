"""What says how far the errors of a regression move between samples: means and co-moments of four numbers a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

ABSOLUTE, SQUARED, LABEL, DISTANCE = range(4)
"""|label - prediction|, its square, the label, and the square of the label's distance from the mean label."""


@dataclass
class CoMoments:
    """Means of the four numbers and the sums of the products of their deviations. Merges itself.

    However the rows are split, the merged moments are the same, but for rounding.

    Attributes:
        rows: Number of rows.
        means: Mean of each number; distances are taken from the mean label.
        products: For each two of the numbers, the sum over rows of the product of their deviations from their means.
    """

    rows: int = 0
    means: FloatArray = field(default_factory=lambda: np.zeros(4))
    products: FloatArray = field(default_factory=lambda: np.zeros((4, 4)))

    @classmethod
    def from_rows(cls, labels: FloatArray, errors: FloatArray) -> CoMoments:
        """Those of rows: labels, and labels less predictions; at least one."""
        numbers = [np.abs(errors), errors**2, labels, (labels - labels.mean()) ** 2]
        means = np.array([values.mean() for values in numbers])
        centred = [values - mean for values, mean in zip(numbers, means, strict=True)]
        # Not a product of matrices: BLAS adds in an order that depends on its number of threads.
        products = np.array([[(left * right).sum() for right in centred] for left in centred])
        return cls(len(labels), means, products)

    def merge(self, other: CoMoments) -> None:
        """Take in a later part (Chan, Golub and LeVeque 1979, after both take distances from the common mean label)."""
        rows = self.rows + other.rows
        if not other.rows:
            return
        share = other.rows / rows
        centre = self.means[LABEL] + (other.means[LABEL] - self.means[LABEL]) * share
        mine, theirs = self._seen_from(centre), other._seen_from(centre)
        step = theirs.means - mine.means
        self.products = mine.products + theirs.products + np.outer(step, step) * (self.rows * share)
        self.means = mine.means + step * share
        self.rows = rows

    def variance(self, weights: FloatArray) -> float:
        """The variance (n - 1) of a weighted sum of the numbers over rows; weights are in the order of the constants."""
        used = np.flatnonzero(weights)
        total = sum(float(weights[i] * self.products[i, j] * weights[j]) for i in used for j in used)
        return max(total, 0.0) / (self.rows - 1)

    def _seen_from(self, centre: float) -> CoMoments:
        """The same with distances from another centre: (y - c)^2 = (y - m)^2 + 2 (m - c) (y - m) + (m - c)^2."""
        step = self.means[LABEL] - centre
        means = self.means.copy()
        means[DISTANCE] += step**2
        products = self.products.copy()
        products[DISTANCE] += 2 * step * self.products[LABEL]
        products[:, DISTANCE] += 2 * step * products[:, LABEL]
        return CoMoments(self.rows, means, products)

    def to_state(self) -> dict[str, Any]:
        """The fields by name."""
        return {"rows": self.rows, "means": self.means, "products": self.products.ravel()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> CoMoments:
        """The inverse of ``to_state``."""
        return cls(state["rows"], state["means"], state["products"].reshape(4, 4))
