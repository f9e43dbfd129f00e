"""Confidence intervals of a proportion, rounded outwards to two decimals as Deequ's interval strategies do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal
from statistics import NormalDist
from typing import Protocol

CENT = Decimal("0.01")
DECIMAL128 = Context(prec=34)


@dataclass(frozen=True)
class ConfidenceInterval:
    """Bounds; not clipped to 0 and 1."""

    lower: float
    upper: float


class IntervalStrategy(Protocol):
    """A way to compute the interval."""

    def interval(self, p: float, n: int) -> ConfidenceInterval:
        """Interval of a proportion ``p`` seen in ``n`` records."""


@dataclass(frozen=True)
class Wald:
    """Normal approximation: p ± z·sqrt(p(1-p)/n), subtracted as decimals."""

    confidence: float = 0.95

    def interval(self, p: float, n: int) -> ConfidenceInterval:
        """See :class:`IntervalStrategy`.

        >>> Wald().interval(0.9, 100)
        ConfidenceInterval(lower=0.84, upper=0.96)
        """
        z = _z(p, self.confidence)
        centre, margin = _decimal(p), _decimal(z * math.sqrt(p * (1.0 - p) / n))
        return _rounded(DECIMAL128.subtract(centre, margin), DECIMAL128.add(centre, margin))


@dataclass(frozen=True)
class Wilson:
    """Wilson score interval: better than Wald near 0 and 1 and for few records."""

    confidence: float = 0.95

    def interval(self, p: float, n: int) -> ConfidenceInterval:
        """See :class:`IntervalStrategy`."""
        z = _z(p, self.confidence)
        q = z * z / n
        factor, centre = 1.0 / (1.0 + q), p + q / 2.0
        margin = z * math.sqrt(p * (1.0 - p) / n + q / (4.0 * n))
        return _rounded(_decimal(factor * (centre - margin)), _decimal(factor * (centre + margin)))


def _z(p: float, confidence: float) -> float:
    if not 0.0 <= p <= 1.0 or not 0.0 <= confidence < 1.0:
        raise ValueError(f"a proportion lies in 0..1 and a confidence in 0..1 (1 excluded), found {p} and {confidence}")
    return NormalDist().inv_cdf(1.0 - (1.0 - confidence) / 2.0)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _rounded(lower: Decimal, upper: Decimal) -> ConfidenceInterval:
    return ConfidenceInterval(float(lower.quantize(CENT, ROUND_DOWN)), float(upper.quantize(CENT, ROUND_UP)))
