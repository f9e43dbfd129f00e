"""Standard deviations of metrics: how far they move between random samples of the rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

SAMPLES = 5
SAMPLE_SHARE = 0.8
FEWEST_ROWS = 200
"""Rows below which there are no standard deviations."""


def draw_counts(totals: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """For each sample of four fifths of the rows without replacement, how many of each group are in it.

    Drawn from the numbers of rows in each group, no row has to be looked at again, and the order of the rows has no say.
    """
    size = int(totals.sum() * SAMPLE_SHARE)
    for seed in range(SAMPLES):
        yield np.random.default_rng(seed).multivariate_hypergeometric(totals, size, method="marginals")


def measure_spread(values: Sequence[float | None]) -> float:
    """The standard deviation of the samples' values, those left out in which the metric is not defined; NaN without any.

    >>> measure_spread([1.0, None, 3.0])
    1.0
    """
    defined = [value for value in values if value is not None and not math.isnan(value)]
    return float(np.std(defined)) if defined else math.nan


def entry(value: float | None, deviation: float) -> dict[str, Any]:
    """A metric as the file has it: null where it has no value, text where the value or its deviation is no number.

    >>> entry(None, float("nan"))
    {'value': None, 'standard_deviation': 'NaN'}
    """
    written = "NaN" if value is not None and math.isnan(value) else value
    return {"value": written, "standard_deviation": deviation if math.isfinite(deviation) else "NaN"}
