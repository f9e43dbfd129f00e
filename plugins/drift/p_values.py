"""p-values of the tests that belong to some distances; kept apart from them, since with many rows any difference is sure."""

from __future__ import annotations

import numpy as np

from plugins.drift.histograms import Shares


def kolmogorov_smirnov_p(distance: float, n: int, m: int) -> float:
    """p-value of the two-sample test, in the approximation that scipy's ``ks_2samp(method="asymp")`` uses."""
    from scipy import stats  # takes a second, and every job looks at every plugin

    effective = n * m / (n + m)
    return float(np.clip(stats.kstwo.sf(distance, np.round(effective)), 0, 1))


def chi_squared_p(shares: Shares) -> float | None:
    """p-value of the test that both samples come from one distribution; None where there is only one bin."""
    from scipy import stats

    table = np.array([shares.baseline * shares.baseline_size, shares.current * shares.current_size])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return None
    return float(stats.chi2_contingency(table, correction=False).pvalue)
