"""How a metric is judged unless it says otherwise: the constraint proposed for it, and when that is broken."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import replace

from engine.analyzers.measured import Measured
from engine.analyzers.metric_constraint import MetricConstraint, Operator
from engine.analyzers.metric_spec import MetricSpec

FEWEST_CHUNKS = 3
"""Parts of the baseline below which nothing is learnt from them."""


def suggested(
    spec: MetricSpec | None, threshold: float | None, found: Measured, chunks: Sequence[Measured]
) -> MetricConstraint | None:
    """The default constraint: learnt from the chunks, else the metric's own threshold, else the baseline with a tolerance.

    Learnt means mean and three standard deviations (of the sample) of the chunks' results.
    """
    if spec is None or spec.worse is None:
        return None
    operator: dict[str, Operator] = {"higher": "GreaterThanThreshold", "lower": "LessThanThreshold"}
    seen = [chunk.alarming for chunk in chunks if chunk.alarming is not None and math.isfinite(chunk.alarming)]
    if len(seen) >= FEWEST_CHUNKS:
        middle, margin = statistics.fmean(seen), 3 * statistics.stdev(seen)
    elif threshold is not None:
        return MetricConstraint(threshold=threshold, comparison_operator=operator.get(spec.worse, operator["higher"]))
    elif found.value is None or not math.isfinite(found.value):
        return None  # no threshold follows from an infinite sum
    else:
        middle, margin = found.value, spec.tolerance * abs(found.value)
    if spec.worse == "either":
        return MetricConstraint(
            threshold=middle + margin, lower_threshold=middle - margin, comparison_operator="OutsideThresholds"
        )
    bound = middle + margin if spec.worse == "higher" else middle - margin
    return MetricConstraint(threshold=bound, comparison_operator=operator[spec.worse])


def broken(key: str, found: Measured, constraint: MetricConstraint) -> str | None:
    """The sentence of a violation; None when the constraint holds or there is nothing to judge.

    It names what was measured, where that breaks the constraint, too: a distance, not the distance less its error.
    """
    judged = _sentence(key, found.alarming, constraint)
    return judged and (_sentence(key, replace(found, compared=None).alarming, constraint) or judged)


def _sentence(key: str, value: float | None, constraint: MetricConstraint) -> str | None:
    if value is None:
        return None
    threshold, lower = constraint.threshold, constraint.lower_threshold
    match constraint.comparison_operator:
        case "GreaterThanThreshold" if value > threshold:
            return f"Metric {key} with {value} was greater than threshold {threshold}"
        case "LessThanThreshold" if value < threshold:
            return f"Metric {key} with {value} was less than threshold {threshold}"
        case "OutsideThresholds" if value > threshold or (lower is not None and value < lower):
            return f"Metric {key} with {value} was not between {lower} and {threshold}"
        case _:
            return None
