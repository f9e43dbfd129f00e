"""Drift of a column's distribution away from the baseline, by the distance of your choice.

``drift`` compares the sketches and counts that the pass has made anyway; no row is read a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import DerivedMetric, Measured, metric, setting
from plugins.drift.comparison import Comparison, Method, compare_categories, compare_numbers
from plugins.drift.distances import PARTS
from plugins.drift.points import points_of_sketch

__all__ = ["Drift"]

THRESHOLDS: dict[str, float] = {
    "psi": 0.2,
    "jensen_shannon": 0.1,
    "hellinger": 0.1,
    "chi_squared": 0.1,
    "total_variation": 0.1,
    "l_infinity": 0.1,
    "kolmogorov_smirnov": 0.1,
    "wasserstein": 0.1,
}
"""Where nobody set or learnt one."""


@metric(takes=("number", "text", "boolean"), worse="higher", label="Distance of the distribution from the baseline's")
class Drift(DerivedMetric):
    """Distance between the distribution of a column and that of the baseline.

    Numbers are compared by their KLL sketches, texts by the counts of their values (columns of at most about 1,000 values).
    Beside the distance stand the p-value of the test, where the method is one, the error of the distance (what chance alone stays
    below in 95 of 100 cases, plus what the sketches add), and what moved.
    """

    method: Method = setting(default="jensen_shannon", description="How numbers and categories are compared.")
    categories: Method | None = setting(default=None, description="How categories are compared; null takes 'method'.")
    minimum: int = setting(default=100, ge=1, description="Values on either side below which there is not enough data.")
    bins: int = setting(default=10, ge=2, le=1000, description="Bins of numbers, between quantiles of the baseline.")
    beyond_error: bool = setting(
        default=False, description="Alarm only when the distance less its error exceeds the threshold."
    )

    needs = ("kll", "categories", "completeness")

    @property
    def default_threshold(self) -> float | None:
        declared = super().default_threshold
        return THRESHOLDS[self.method] if declared is None else declared

    def compute(self, current: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> Measured:
        if baseline is None:
            return Measured(None, status="no_baseline")
        found = self._compare(current, baseline)
        if found is None:
            return Measured(None, status="not_enough_data")
        error = found.sampling_error + found.sketch_error
        return Measured(
            value=found.distance,
            distance=found.distance,
            compared=max(0.0, found.distance - error) if self.beyond_error else found.distance,
            p_value=found.p_value,
            error=error,
            explanation=found.sentences(),
            detail={
                "method": self.method,
                "sampling_error": found.sampling_error,
                "sketch_error": found.sketch_error,
                "contributions": [list(entry) for entry in found.contributions],
            },
        )

    def _compare(self, current: Mapping[str, Any], baseline: Mapping[str, Any]) -> Comparison | None:
        now, before = current.get("kll"), baseline.get("kll")
        if now is not None and before is not None:
            points = [points_of_sketch(sketch.data, sketch.parameters[0]) for sketch in (before, now)]
            enough = min(point.size for point in points) >= self.minimum
            return compare_numbers(points[0], points[1], self.method, self.bins) if enough else None
        counts, expected = current.get("categories"), baseline.get("categories")
        if not counts or not expected or min(sum(counts.values()), sum(expected.values())) < self.minimum:
            return None
        return compare_categories(expected, counts, self.categories or _for_categories(self.method))


def _for_categories(method: Method) -> Method:
    """Methods of numbers alone have a counterpart for categories."""
    return method if method in PARTS else ("l_infinity" if method == "kolmogorov_smirnov" else "total_variation")
