"""Drift of a column's distribution away from the baseline, by the distance of your choice.

``drift`` compares the sketches and counts that the pass has made anyway; no row is read a second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine import DerivedMetric, Measured, MetricConstraint, metric, setting
from plugins.drift.comparison import Comparison, Method, compare_categories, compare_numbers
from plugins.drift.distances import PARTS
from plugins.drift.sides import Side, obstacle, side_of

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
    below in 95 of 100 cases, plus what the sketches add), and what moved. By default the distance less its error is held against
    the threshold, so that chance alone raises no alarm.
    """

    method: Method = setting(default="jensen_shannon", description="How numbers and categories are compared.")
    categories: Method | None = setting(default=None, description="How categories are compared; null takes 'method'.")
    minimum: int = setting(default=100, ge=1, description="Values on either side below which there is not enough data.")
    bins: int = setting(
        default=10,
        ge=2,
        le=1000,
        description="Bins of numbers, between quantiles of the baseline; up to 32 different values have a bin each.",
    )
    beyond_error: bool = setting(
        default=True, description="Alarm only when the distance less its error exceeds the threshold."
    )

    needs = ("kll", "categories", "completeness", "data_type", "moments")

    @property
    def default_threshold(self) -> float | None:
        declared = super().default_threshold
        return THRESHOLDS[self.method] if declared is None else declared

    def compute(self, current: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> Measured:
        if baseline is None:
            return Measured(None, status="no_baseline")
        before, now = side_of(baseline), side_of(current)
        refused = obstacle(before, now, self.minimum)
        if refused is not None:
            return refused
        found = self._compare(before, now)
        error = found.sampling_error + found.sketch_error
        return Measured(
            value=found.distance,
            distance=found.distance,
            compared=max(0.0, found.distance - error) if self.beyond_error else found.distance,
            p_value=found.p_value,
            error=error,
            explanation=(*found.sentences(), f"chance and sketches explain a distance up to {error:.4g}"),
            detail={
                "method": self.method,
                "sampling_error": found.sampling_error,
                "sketch_error": found.sketch_error,
                "contributions": [list(entry) for entry in found.contributions],
            },
        )

    def suggest(self, key: str, found: Measured, chunks: Sequence[Measured]) -> MetricConstraint | None:
        """Learnt from the distances of the chunks as they are: they hold what chance does."""
        return super().suggest(key, found, [replace(chunk, compared=None) for chunk in chunks])

    def _compare(self, baseline: Side, current: Side) -> Comparison:
        if baseline.points is not None and current.points is not None:
            return compare_numbers(baseline.points, current.points, self.method, self.bins)
        method = self.categories or _for_categories(self.method)
        return compare_categories(baseline.counts or {}, current.counts or {}, method)


def _for_categories(method: Method) -> Method:
    """Methods of numbers alone have a counterpart for categories."""
    return method if method in PARTS else ("l_infinity" if method == "kolmogorov_smirnov" else "total_variation")
