"""Scores of a binary classifier: the ROC and precision-recall curves and their areas, from counts by score."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plugins.model_quality.samples import draw_counts

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST_SCORES = 200_000
"""Distinct scores that are kept apart; of more, neighbours are put together, which moves an area by at most 1 / 100,000."""
CURVE_POINTS = 1000
"""Points of the curves in the document, as Spark MLlib bins them by default."""


@dataclass
class ScoreCounts:
    """How many positive and negative rows have each score. Merges itself.

    Attributes:
        scores: Distinct scores, ascending.
        positives: Positive rows of each.
        negatives: Negative rows of each.
    """

    scores: FloatArray = field(default_factory=lambda: np.empty(0))
    positives: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    negatives: IntArray = field(default_factory=lambda: np.empty(0, np.int64))

    def update(self, scores: FloatArray, positive: npt.NDArray[np.bool_]) -> None:
        """Take in rows: their scores, without NaN, and whether they are positive."""
        self.merge(ScoreCounts(scores, positive.astype(np.int64), (~positive).astype(np.int64)))

    def merge(self, other: ScoreCounts) -> None:
        """Take in a later part."""
        scores, where = np.unique(np.concatenate([self.scores, other.scores]), return_inverse=True)
        positives = np.bincount(where, np.concatenate([self.positives, other.positives]), len(scores))
        negatives = np.bincount(where, np.concatenate([self.negatives, other.negatives]), len(scores))
        self.scores, self.positives, self.negatives = scores, positives.astype(np.int64), negatives.astype(np.int64)
        if len(scores) > MOST_SCORES:
            self._halve()

    def swapped(self) -> ScoreCounts:
        """The same with positive and negative rows exchanged."""
        return ScoreCounts(self.scores, self.negatives, self.positives)

    def curves(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray] | None:
        """ROC as (false positive rates, true positive rates) and (precisions, recalls), for falling thresholds; None without rows.

        Shaped as Spark MLlib's: ROC begins at (0, 0) and ends at (1, 1); the other begins at recall 0 with the first precision. The
        rates of a class that no row has are 0.
        """
        if not len(self.scores):
            return None
        tp = np.cumsum(self.positives[::-1]).astype(np.float64)
        fp = np.cumsum(self.negatives[::-1]).astype(np.float64)
        recalls = tp / tp[-1] if tp[-1] else np.zeros(len(tp))
        fallouts = fp / fp[-1] if fp[-1] else np.zeros(len(fp))
        precisions = tp / (tp + fp)
        roc = np.concatenate([[0.0], fallouts, [1.0]]), np.concatenate([[0.0], recalls, [1.0]])
        return (*roc, np.concatenate([precisions[:1], precisions]), np.concatenate([[0.0], recalls]))

    def areas(self) -> dict[str, float | None]:
        """Areas below the curves; None where a class is absent on which they depend: positives, and for ``auc`` negatives too."""
        curves = self.curves()
        if curves is None:
            return {}
        fallouts, sensitivities, precisions, recalls = curves
        has_positives, has_negatives = bool(self.positives.any()), bool(self.negatives.any())
        return {
            "auc": integrate_below(fallouts, sensitivities) if has_positives and has_negatives else None,
            "au_prc": integrate_below(recalls, precisions) if has_positives else None,
        }

    def samples(self) -> Iterator[ScoreCounts]:
        """The counts of samples of the rows."""
        kept = len(self.scores)
        for drawn in draw_counts(np.concatenate([self.positives, self.negatives])):
            positives, negatives = drawn[:kept], drawn[kept:]
            present = positives + negatives > 0
            yield ScoreCounts(self.scores[present], positives[present], negatives[present])

    def to_state(self) -> dict[str, Any]:
        """The arrays by name."""
        return {"scores": self.scores, "positives": self.positives, "negatives": self.negatives}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> ScoreCounts:
        """The inverse of ``to_state``."""
        return cls(**state)

    def _halve(self) -> None:
        """Put neighbours together in pairs; the larger score stands for both."""
        starts = np.arange(0, len(self.scores), 2)
        self.positives = np.add.reduceat(self.positives, starts)
        self.negatives = np.add.reduceat(self.negatives, starts)
        self.scores = self.scores[np.minimum(starts + 1, len(self.scores) - 1)]


@dataclass
class ScoresByLabel:
    """The scores of the rows of each label: which of them is the positive one shows only when all labels are known.

    Attributes:
        parts: Counts by label, all rows of a label as positive ones.
    """

    parts: dict[str, ScoreCounts] = field(default_factory=dict)

    def update(self, scores: FloatArray, labels: pa.Array) -> None:
        """Take in rows: their scores, without NaN, and their labels, without nulls."""
        for label in pc.unique(labels).to_pylist():
            rows = scores[pc.equal(labels, label).to_numpy(zero_copy_only=False)]
            self.parts.setdefault(label, ScoreCounts()).update(rows, np.ones(len(rows), bool))

    def merge(self, other: ScoresByLabel) -> None:
        """Take in a later part."""
        for label, part in other.parts.items():
            self.parts.setdefault(label, ScoreCounts()).merge(part)

    def against(self, positives: Collection[str]) -> ScoreCounts:
        """The counts where these labels are the positive class."""
        total = ScoreCounts()
        for label, part in sorted(self.parts.items()):
            total.merge(part if label in positives else part.swapped())
        return total

    def to_state(self) -> dict[str, Any]:
        """The arrays by label and name."""
        return {label: part.to_state() for label, part in self.parts.items()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> ScoresByLabel:
        """The inverse of ``to_state``."""
        return cls({label: ScoreCounts.from_state(part) for label, part in state.items()})


def integrate_below(x: FloatArray, y: FloatArray) -> float:
    """The area below a curve by the trapezoid rule, added one after another as Spark does, which decides the last digits.

    >>> integrate_below(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 1.0]))
    0.75
    """
    return float(np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2.0)[-1])


def thin_out(points: FloatArray) -> list[float]:
    """At most about a thousand points of a curve, both ends among them."""
    if len(points) <= CURVE_POINTS:
        return [float(point) for point in points]
    kept = np.unique(np.linspace(0, len(points) - 1, CURVE_POINTS).round().astype(int))
    return [float(point) for point in points[kept]]
