"""Distances between two distributions over the same bins; each also as the parts that the bins contribute.

All functions work along the last axis, so that many pairs of distributions are compared at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from plugins.drift.histograms import FLOOR
from plugins.drift.points import FloatArray

BinMethod = Literal["psi", "jensen_shannon", "hellinger", "chi_squared", "total_variation", "l_infinity"]


def psi_parts(p: FloatArray, q: FloatArray) -> FloatArray:
    """Terms of the population stability index, (p - q) ln(p / q); an empty bin counts as a share of 0.0001."""
    p, q = np.maximum(p, FLOOR), np.maximum(q, FLOOR)
    found: FloatArray = (p - q) * np.log(p / q)
    return found


def jensen_shannon_parts(p: FloatArray, q: FloatArray) -> FloatArray:
    """Terms of the Jensen-Shannon divergence in bits."""
    m = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p * np.log2(p / m), 0.0) + np.where(q > 0, q * np.log2(q / m), 0.0)
    found: FloatArray = terms / 2
    return found


def hellinger_parts(p: FloatArray, q: FloatArray) -> FloatArray:
    """Terms of the squared Hellinger distance."""
    found: FloatArray = (np.sqrt(p) - np.sqrt(q)) ** 2 / 2
    return found


def total_variation_parts(p: FloatArray, q: FloatArray) -> FloatArray:
    """Terms of the total variation distance."""
    found: FloatArray = np.abs(p - q) / 2
    return found


def l_infinity_parts(p: FloatArray, q: FloatArray) -> FloatArray:
    """The difference in each bin, of which the largest is the distance."""
    found: FloatArray = np.abs(p - q)
    return found


def chi_squared_parts(p: FloatArray, q: FloatArray) -> FloatArray:
    """Terms of the chi-squared statistic of two samples, divided by its sample size: their sum is Cramer's V squared.

    Equal weights stand for the two sizes, so that the distance does not depend on them; the p-value takes the sizes as they are.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = np.where(p + q > 0, (p - q) ** 2 / (p + q) / 2, 0.0)
    return found


PARTS: dict[BinMethod, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "psi": psi_parts,
    "jensen_shannon": jensen_shannon_parts,
    "hellinger": hellinger_parts,
    "chi_squared": chi_squared_parts,
    "total_variation": total_variation_parts,
    "l_infinity": l_infinity_parts,
}


def bin_distance(method: BinMethod, p: FloatArray, q: FloatArray) -> FloatArray:
    """The distance of distributions over the same bins.

    Jensen-Shannon and Hellinger are the distances (the square roots of their sums, from 0 to 1), chi-squared is Cramer's V.

    >>> float(bin_distance("total_variation", np.array([0.5, 0.5]), np.array([0.75, 0.25])))
    0.25
    """
    parts = PARTS[method](p, q)
    if method == "l_infinity":
        found: FloatArray = parts.max(axis=-1)
    elif method in ("psi", "total_variation"):
        found = parts.sum(axis=-1)
    else:
        found = np.sqrt(np.maximum(parts.sum(axis=-1), 0.0))
    return found
