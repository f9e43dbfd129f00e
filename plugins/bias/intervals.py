"""How sure a metric is: the interval of 95 % of bootstrap samples (B. Efron, 1979), drawn from counts instead of rows."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from plugins.bias.counts import Counts
from plugins.bias.report import STAGES, Entry

SAMPLES = 200
LEVELS = (2.5, 97.5)

Interval = tuple[float, float]


def intervals(entry: Entry, names: dict[str, list[str]]) -> dict[tuple[str, str], Interval]:
    """Intervals of the metrics of a group, by stage and name; none for the flip test, nor where a sample is infinite.

    Args:
        entry: The group.
        names: Metrics by stage.
    """
    rows = entry.table.rows
    if entry.fault is not None or not len(rows):
        return {}
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(int(rows.sum()), rows / rows.sum(), SAMPLES)
    samples = [Counts.of(dataclasses.replace(entry.table, rows=counts)) for counts in drawn]
    found = {}
    for stage, wanted in names.items():
        for name in wanted:
            values = [_value(stage, name, sample) for sample in samples]
            known = [value for value in values if value is not None]
            if len(known) == SAMPLES and all(math.isfinite(value) for value in known):
                low, high = np.percentile(known, LEVELS)
                found[stage, name] = float(low), float(high)
    return found


def _value(stage: str, name: str, counts: Counts) -> float | None:
    try:
        return STAGES[stage][name][1](counts)
    except ValueError:
        return None


def lies_beyond(interval: Interval, bound: float) -> bool:
    """Whether the whole interval is farther from 0 than a bound.

    >>> lies_beyond((0.3, 0.5), -0.2), lies_beyond((0.1, 0.5), 0.2), lies_beyond((-0.5, -0.3), 0.2)
    (True, False, True)
    """
    low, high = interval
    return low > abs(bound) or high < -abs(bound)
