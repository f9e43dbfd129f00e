"""Outliers: values beyond the fences of the baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine import DerivedMetric, Measured, metric, setting
from plugins.drift.points import Points
from plugins.drift.sides import obstacle, side_of

__all__ = ["OutlierShare"]


_Z = 1.645
"""Quantile of the normal distribution at 95 %."""
_LEARNT = 3
"""Chunks of the baseline from which the engine learns a threshold."""


@metric(takes="number", worse="higher", label="Share of values beyond the baseline's fences")
class OutlierShare(DerivedMetric):
    """Share of values below Q1 - reach x IQR or above Q3 + reach x IQR of the baseline (Tukey 1977), from the sketches.

    In a baseline job the fences are those of its own data, and the suggested threshold lies ``allowance`` above its share.
    """

    reach: float = setting(default=1.5, gt=0, description="How many interquartile ranges the fences stand off.")
    minimum: int = setting(default=100, ge=1, description="Values on either side below which there is not enough data.")
    allowance: float = setting(
        default=0.01, ge=0, le=1, description="How much the share may grow above the baseline's."
    )

    needs = ("kll", "completeness", "data_type")

    def compute(self, current: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> Measured:
        before, now = side_of(baseline if baseline is not None else current), side_of(current)
        refused = obstacle(before, now, self.minimum)
        if refused is not None:
            return refused
        points, expected = now.points, before.points
        if points is None or expected is None:
            return Measured(None, status="not_computed", detail={"reason": "the column holds texts, not numbers"})
        low, high = expected.quantiles([0.25, 0.75])
        with np.errstate(over="ignore"):  # fences beyond all numbers have nothing beyond them
            fences = (float(low - self.reach * (high - low)), float(high + self.reach * (high - low)))
        below, above = _beyond(points, fences)
        share, usual, error = below + above, sum(_beyond(expected, fences)), 2 * points.rank_error
        chance = _sampling_error(share, points.size, usual, expected.size)
        return Measured(
            share,
            compared=max(0.0, share - error - chance),
            error=error,
            explanation=(f"{below:.2%} lie below {fences[0]:.6g}, {above:.2%} above {fences[1]:.6g}",),
            detail={"fences": list(fences), "below": below, "above": above, "sampling_error": chance},
        )

    def suggest(self, key: str, found: Measured, chunks: Any) -> Any:
        suggested = super().suggest(key, found, chunks)
        learnt_or_set = (
            sum(chunk.value is not None for chunk in chunks) >= _LEARNT or self.default_threshold is not None
        )
        if suggested is None or found.value is None or learnt_or_set:
            return suggested
        return suggested.model_copy(update={"threshold": min(1.0, found.value + self.allowance)})


def _beyond(points: Points, fences: tuple[float, float]) -> tuple[float, float]:
    """The shares of values below and above two fences."""
    below = float(points.share_up_to(np.array([math.nextafter(fences[0], -math.inf)]))[0])
    return below, float(1.0 - points.share_up_to(np.array([fences[1]]))[0])


def _sampling_error(share: float, n: int, usual: float, m: int) -> float:
    """What two shares of samples of one distribution differ by at most in 95 of 100 cases, upwards."""
    pooled = (share * n + usual * m) / (n + m)
    return float(_Z * np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))
