"""The drift rule: a metric farther from 0 than the baseline's is a violation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine import Violation
from engine.documents.analysis import Analysis
from plugins.bias.formulas import number_of
from plugins.bias.report import STAGES

CHECK = "bias_drift_check"
"""``constraint_check_type`` of violations."""
_INTERVAL = re.compile(r"\(([^,]+), [^\]]+\]")


@dataclass(frozen=True)
class Found:
    """A metric of the report.

    Attributes:
        stage: Key of its block.
        facet: Header of the facet.
        group: The group as text.
        name: Name of the metric.
        value: The value as in the file.
    """

    stage: str
    facet: str
    group: str
    name: str
    value: Any

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is found by in the baseline. The upper end of an interval moves with the data and does not count."""
        interval = _INTERVAL.fullmatch(self.group)
        return self.stage, self.facet, f"above {float(interval[1])}" if interval else self.group, self.name


def metrics_in(analysis: Analysis) -> Iterator[Found]:
    """The metrics of a document, in its order."""
    for stage in STAGES:
        block = getattr(analysis, stage) or {}
        for facet, entries in block.get("facets", {}).items():
            for entry in entries:
                for metric in entry["metrics"]:
                    yield Found(stage, facet, entry["value_or_threshold"], metric["name"], metric.get("value"))


def is_farther(value: float, bound: float, tolerance: float) -> bool:
    """Whether a metric is farther from 0 than the baseline's, sums of another order aside.

    >>> is_farther(-0.3, 0.2, 1e-9), is_farther(0.2 + 1e-12, 0.2, 1e-9), is_farther(float("inf"), float("-inf"), 1e-9)
    (True, False, False)
    """
    return abs(value) > abs(bound) and abs(value) - abs(bound) > tolerance * max(1.0, abs(bound))


def violation_of(found: Found, bound: Any) -> Violation:
    """The entry of the file."""
    return Violation(
        constraint_check_type=CHECK,
        description=f"Metric value {found.value} doesn't meet the baseline constraint requirement {bound}",
        facet=found.facet,
        facet_value=found.group,
        metric_name=found.name,
    )


def exceeding(analysis: Analysis, constraints: Analysis, tolerance: float) -> Iterator[tuple[Found, Any]]:
    """The metrics that are farther from 0 than those of the baseline, and these. What either side lacks is not compared."""
    bounds = {found.key: found.value for found in metrics_in(constraints)}
    for found in metrics_in(analysis):
        value, bound = number_of(found.value), number_of(bounds.get(found.key))
        if value is not None and bound is not None and is_farther(value, bound, tolerance):
            yield found, bounds[found.key]
