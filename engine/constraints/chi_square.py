"""Pearson's chi-square test of counts by value, with Deequ's regrouping of rare values (Yates and Cochran)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

YATES_COUNT = 5.0
YATES_SHARE = 0.2
COCHRAN_COUNT = 10.0
ENOUGH_STEPS = 10_000
SMALLEST = 1e-300


@dataclass(frozen=True)
class ChiSquare:
    """Result of a test; NaN where fewer than two categories remain or nothing was observed.

    Attributes:
        statistic: Sum of (observed - expected)^2 / expected.
        p_value: Probability of a statistic as large by chance.
    """

    statistic: float
    p_value: float


def chi_square(sample: Mapping[str, int], expected: Mapping[str, int]) -> ChiSquare:
    """Test whether a sample comes from the expected distribution.

    Categories that only the sample has are dropped, as in Deequ; rare expected categories are joined with the next
    larger one.

    Args:
        sample: Observed counts by value.
        expected: Baseline counts by value.
    """
    sample_sum = sum(count for value, count in sample.items() if value in expected)
    expected_sum = sum(expected.values())
    if not sample_sum or not expected_sum:
        return ChiSquare(math.nan, math.nan)
    scaled = {value: count / expected_sum * sample_sum for value, count in expected.items()}
    observed, scaled = _regrouped({value: float(count) for value, count in sample.items()}, scaled)
    if len(scaled) < 2:
        return ChiSquare(math.nan, math.nan)
    pairs = _balanced([(observed.get(value, 0.0), e) for value, e in scaled.items()])
    statistic = sum((o - e) ** 2 / e if e else (math.inf if o else 0.0) for o, e in pairs)
    return ChiSquare(statistic, upper_tail(statistic, len(pairs) - 1))


def _regrouped(sample: dict[str, float], expected: dict[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Join the rarest category with the second rarest until few enough are rare."""
    while len(expected) >= 2:
        two = len(expected) == 2
        threshold, allowed = (COCHRAN_COUNT, 0) if two else (YATES_COUNT, int(YATES_SHARE * len(expected)))
        if sum(1 for count in expected.values() if count < threshold) <= allowed:
            break
        rarest = min(expected, key=expected.__getitem__)
        moved, moved_sample = expected.pop(rarest), sample.pop(rarest, 0.0)
        target = min(expected, key=expected.__getitem__)
        expected[target] += moved
        sample[target] = sample.get(target, 0.0) + moved_sample
    return sample, expected


def _balanced(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Scale the expectation to the observed total, which differs when a category was lost."""
    observed, expected = sum(o for o, _ in pairs), sum(e for _, e in pairs)
    if abs(observed - expected) < 1e-7:
        return pairs
    return [(o, e * observed / expected) for o, e in pairs]


def upper_tail(statistic: float, degrees: int) -> float:
    """Probability that a chi-square variable exceeds ``statistic``: the regularised upper incomplete gamma function.

    >>> round(upper_tail(3.841458820694124, 1), 12), upper_tail(0.0, 3), upper_tail(float("inf"), 2)
    (0.05, 1.0, 0.0)
    """
    if statistic <= 0:
        return 1.0
    if math.isinf(statistic):
        return 0.0
    a, x = degrees / 2.0, statistic / 2.0
    scale = math.exp(-x + a * math.log(x) - math.lgamma(a))
    return 1.0 - scale * _series(a, x) if x < a + 1.0 else scale * _continued_fraction(a, x)


def _series(a: float, x: float) -> float:
    """Power series of the lower function; converges fast for x < a + 1."""
    term = total = 1.0 / a
    for n in range(1, ENOUGH_STEPS):
        term *= x / (a + n)
        total += term
        if term < total * 1e-17:
            break
    return total


def _continued_fraction(a: float, x: float) -> float:
    """Lentz's evaluation of the upper function; converges fast for x >= a + 1."""
    b = x + 1.0 - a
    c, d = 1.0 / SMALLEST, 1.0 / b
    value = d
    for n in range(1, ENOUGH_STEPS):
        step = -n * (n - a)
        b += 2.0
        d = 1.0 / (step * d + b or SMALLEST)
        c = b + step / c or SMALLEST
        value *= d * c
        if abs(d * c - 1.0) < 1e-16:
            break
    return value
