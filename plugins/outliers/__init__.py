"""Outliers: values beyond the fences of the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine import DerivedMetric, Measured, metric, setting
from plugins.drift.points import points_of_sketch

__all__ = ["OutlierShare"]


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

    needs = ("kll",)

    def compute(self, current: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> Measured:
        now, before = current.get("kll"), (baseline if baseline is not None else current).get("kll")
        if now is None or before is None:
            return Measured(None, status="not_enough_data")
        points, expected = (points_of_sketch(sketch.data, sketch.parameters[0]) for sketch in (now, before))
        if min(points.size, expected.size) < self.minimum:
            return Measured(None, status="not_enough_data")
        low, high = expected.quantiles([0.25, 0.75])
        fences = (float(low - self.reach * (high - low)), float(high + self.reach * (high - low)))
        below = float(points.share_up_to(np.nextafter(np.array([fences[0]]), -np.inf))[0])
        above = float(1.0 - points.share_up_to(np.array([fences[1]]))[0])
        return Measured(
            below + above,
            error=2 * points.rank_error,
            explanation=(f"{below:.2%} lie below {fences[0]:.6g}, {above:.2%} above {fences[1]:.6g}",),
            detail={"fences": list(fences), "below": below, "above": above},
        )

    def suggest(self, key: str, found: Measured, chunks: Any) -> Any:
        suggested = super().suggest(key, found, chunks)
        learnt_or_set = len(chunks) > 0 or self.default_threshold is not None
        if suggested is None or found.value is None or learnt_or_set:
            return suggested
        return suggested.model_copy(update={"threshold": min(1.0, found.value + self.allowance)})
