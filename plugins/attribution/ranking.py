"""How alike two rankings of features are: nDCG (K. Järvelin and J. Kekäläinen, 2002)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np


def ndcg(baseline: Mapping[str, float], current: Mapping[str, float]) -> float | None:
    """Gains are the baseline's values, the order that of the current ones; tied positions share their discounts.

    Magnitudes count: values of the aggregation ``median`` may be negative.

    Args:
        baseline: Global values by feature.
        current: The same of the new data. Features that only one of both has do not count.

    Returns:
        Between 0 and 1; None where no feature is in both, or the baseline's values are all 0.

    >>> round(ndcg({"SAT": 0.7, "GPA": 0.5, "rank": 0.05}, {"SAT": 0.1, "GPA": 0.2, "rank": 0.7}), 7)
    0.6876396
    """
    features = [name for name in baseline if name in current]
    gains = np.abs([baseline[name] for name in features])
    scores = np.abs([current[name] for name in features])
    if not gains.sum():
        return None
    if len(features) == 1:
        return 1.0
    discounts = np.array([1 / math.log2(place + 2) for place in range(len(features))])
    ideal = float(np.sort(gains)[::-1] @ discounts)
    _, ties, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    shares = np.array([discounts[end - count : end].mean() for end, count in zip(ends, counts, strict=True)])
    return float(gains @ shares[ties]) / ideal
