"""When scores are no probabilities, or too few: a result that says why, in place of a number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine import Measured

MOST_OUTSIDE = 0.25
"""Fraction of scores outside of 0 to 1 above which the column holds no probabilities, but perhaps percents or log-odds."""


def is_probability(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which scores lie from 0 to 1; NaN does not."""
    return (scores >= 0) & (scores <= 1)


def refusal(column: str, inside: int, outside: int, missing: int, minimum: int) -> Measured | None:
    """Why nothing is computed from the scores of a column; None where there are enough probabilities."""
    if outside > MOST_OUTSIDE * (inside + outside):
        return not_computed(
            f"{outside:,} of {inside + outside:,} scores in {column!r} lie outside of 0 to 1: they are no probabilities"
        )
    if inside < minimum:
        reason = f"{inside:,} usable rows, {minimum:,} are needed; {missing:,} lack a score or label"
        return Measured(None, status="not_enough_data", detail={"reason": reason})
    return None


def not_computed(reason: str) -> Measured:
    """No result, with the reason."""
    return Measured(None, status="not_computed", detail={"reason": reason})
