"""The metrics: formulas over counts, as smclarify computes them. An undefined one raises ValueError."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from plugins.bias.counts import Counts, Side

FloatArray = npt.NDArray[np.float64]
Formula = Callable[[Counts], float]


def divide(part: float, whole: float) -> float:
    """Guarded division.

    >>> divide(0, 0), divide(1, 0), divide(-1, 0), divide(1, 2)
    (0.0, inf, -inf, 0.5)
    """
    if whole == 0:
        return 0.0 if part == 0 else math.copysign(math.inf, part)
    return part / whole


def _difference(first: float, second: float) -> float:
    """The difference; 0 if both are infinite."""
    return 0 if math.isinf(first) and first == second else first - second


def _both(counts: Counts) -> tuple[Side, Side]:
    if not counts.a.rows:
        raise ValueError("Negative facet set is empty.")
    if not counts.d.rows:
        raise ValueError("Facet set is empty.")
    return counts.a, counts.d


def class_imbalance(counts: Counts) -> float:
    """CI."""
    a, d = _both(counts)
    return (a.rows - d.rows) / (a.rows + d.rows)


def positive_proportions(counts: Counts) -> float:
    """DPL."""
    a, d = _both(counts)
    return a.labelled / a.rows - d.labelled / d.rows


def _aligned(counts: Counts) -> tuple[FloatArray, FloatArray]:
    """Shares of the classes that both groups have."""
    a, d = _both(counts)
    shares = [np.array([side.rows - side.labelled, side.labelled]) / side.rows for side in (a, d)]
    common = (shares[0] > 0) & (shares[1] > 0)
    if not common.any():
        raise ValueError("No instance of common facet found, dataset may be too small")
    return shares[0][common], shares[1][common]


def _relative_entropy(p: FloatArray, q: FloatArray) -> float:
    return float(np.sum(p * np.log(p / q)))


def kullback_leibler(counts: Counts) -> float:
    """KL."""
    return _relative_entropy(*_aligned(counts))


def jensen_shannon(counts: Counts) -> float:
    """JS."""
    p, q = _aligned(counts)
    middle = 0.5 * (p + q)
    return 0.5 * (_relative_entropy(p, middle) + _relative_entropy(q, middle))


def kolmogorov_smirnov(counts: Counts) -> float:
    """KS."""
    p, q = _aligned(counts)
    return float(np.max(np.abs(p - q)))


def lp_norm(counts: Counts) -> float:
    """LP."""
    p, q = _aligned(counts)
    return float(np.linalg.norm(p - q))


def total_variation(counts: Counts) -> float:
    """TVD."""
    p, q = _aligned(counts)
    return float(0.5 * np.sum(np.abs(p - q)))


def _conditional_disparity(by_group: FloatArray | None) -> float:
    """Share of d among negatives less that among positives, weighted by the sizes of the groups.

    Args:
        by_group: Rows by group, disadvantaged or not, positive or not; shape (groups, 2, 2).
    """
    if by_group is None:
        raise ValueError("Group variable is empty or not provided")
    if not by_group[:, :, 1].sum():
        raise ValueError("No positive labels in set")
    if not by_group[:, :, 0].sum():
        raise ValueError("No negative labels in set")
    totals = by_group.sum(axis=1)
    shares = np.divide(by_group[:, 1, :], totals, out=np.zeros(totals.shape), where=totals > 0)
    sizes = totals.sum(axis=1)
    return float(np.sum(sizes * (shares[:, 0] - shares[:, 1])) / np.sum(sizes))


def conditional_disparity_labels(counts: Counts) -> float:
    """CDDL."""
    return _conditional_disparity(counts.labels_by_group)


def conditional_disparity_predictions(counts: Counts) -> float:
    """CDDPL."""
    return _conditional_disparity(counts.predictions_by_group)


def accuracy_difference(counts: Counts) -> float:
    """AD."""
    a, d = _both(counts)
    return (a.tp + a.tn) / a.rows - (d.tp + d.tn) / d.rows


def acceptance_rates(counts: Counts) -> float:
    """DAR."""
    a, d = _both(counts)
    return divide(a.tp, a.predicted) - divide(d.tp, d.predicted)


def conditional_acceptance(counts: Counts) -> float:
    """DCA."""
    a, d = _both(counts)
    return _difference(divide(a.labelled, a.predicted), divide(d.labelled, d.predicted))


def conditional_rejection(counts: Counts) -> float:
    """DCR."""
    a, d = _both(counts)
    return _difference(
        divide(d.rows - d.labelled, d.rows - d.predicted), divide(a.rows - a.labelled, a.rows - a.predicted)
    )


def disparate_impact(counts: Counts) -> float:
    """DI."""
    a, d = _both(counts)
    return divide(d.predicted / d.rows, a.predicted / a.rows)


def predicted_proportions(counts: Counts) -> float:
    """DPPL."""
    a, d = _both(counts)
    return a.predicted / a.rows - d.predicted / d.rows


def rejection_rates(counts: Counts) -> float:
    """DRR."""
    a, d = _both(counts)
    return divide(d.tn, d.rows - d.predicted) - divide(a.tn, a.rows - a.predicted)


def generalized_entropy(counts: Counts) -> float:
    """GE, of all rows: facets do not matter."""
    rows = counts.a.rows + counts.d.rows
    wrong_gain, wrong_loss = counts.a.fp + counts.d.fp, counts.a.fn + counts.d.fn
    mean = (rows + wrong_gain - wrong_loss) / rows
    if mean == 0:
        raise ValueError("Generalized entropy is not defined: every prediction is a false negative")
    squares = (rows - wrong_gain - wrong_loss) / mean**2 + wrong_gain * (2 / mean) ** 2
    return (squares - rows) / (2 * rows)


def recall_difference(counts: Counts) -> float:
    """RD."""
    a, d = _both(counts)
    return divide(a.tp, a.labelled) - divide(d.tp, d.labelled)


def specificity_difference(counts: Counts) -> float:
    """SD."""
    a, d = _both(counts)
    return divide(d.tn, d.rows - d.labelled) - divide(a.tn, a.rows - a.labelled)


def treatment_equality(counts: Counts) -> float:
    """TE."""
    a, d = _both(counts)
    return _difference(divide(d.fn, d.fp), divide(a.fn, a.fp))


def flip_test(counts: Counts) -> float:
    """FT: see ``flip_test.py``, which looks at rows."""
    if counts.flips is None:
        raise ValueError("The flip test was not calculated")
    return counts.flips()


PRE_TRAINING: dict[str, tuple[str, Formula]] = {
    "CDDL": ("Conditional Demographic Disparity in Labels (CDDL)", conditional_disparity_labels),
    "CI": ("Class Imbalance (CI)", class_imbalance),
    "DPL": ("Difference in Positive Proportions in Labels (DPL)", positive_proportions),
    "JS": ("Jensen-Shannon Divergence (JS)", jensen_shannon),
    "KL": ("Kullback-Liebler Divergence (KL)", kullback_leibler),
    "KS": ("Kolmogorov-Smirnov Distance (KS)", kolmogorov_smirnov),
    "LP": ("L-p Norm (LP)", lp_norm),
    "TVD": ("Total Variation Distance (TVD)", total_variation),
}
"""Metrics of labels by name, in the order of the file: the description that it has there (sic), and the formula."""

POST_TRAINING: dict[str, tuple[str, Formula]] = {
    "AD": ("Accuracy Difference (AD)", accuracy_difference),
    "CDDPL": ("Conditional Demographic Disparity in Predicted Labels (CDDPL)", conditional_disparity_predictions),
    "DAR": ("Difference in Acceptance Rates (DAR)", acceptance_rates),
    "DCA": ("Difference in Conditional Acceptance (DCA)", conditional_acceptance),
    "DCR": ("Difference in Conditional Rejection (DCR)", conditional_rejection),
    "DI": ("Disparate Impact (DI)", disparate_impact),
    "DPPL": ("Difference in Positive Proportions in Predicted Labels (DPPL)", predicted_proportions),
    "DRR": ("Difference in Rejection Rates (DRR)", rejection_rates),
    "FT": ("Flip Test (FT)", flip_test),
    "GE": ("Generalized Entropy (GE)", generalized_entropy),
    "RD": ("Recall Difference (RD)", recall_difference),
    "SD": ("Specificity Difference (SD)", specificity_difference),
    "TE": ("Treatment Equality (TE)", treatment_equality),
}
"""Metrics of predictions."""


def entry_of(name: str, description: str, formula: Formula, counts: Counts) -> dict[str, Any]:
    """A metric as ``analysis.json`` has it: infinities as text, undefined ones null with the reason."""
    found: dict[str, Any] = {"name": name, "description": description, "value": None}
    try:
        value = formula(counts)
    except ValueError as error:
        return found | {"error": str(error)}
    if math.isnan(value):
        return found | {"error": "The metric is not a number"}
    return found | {"value": value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")}


def number_of(value: Any) -> float | None:
    """The value of such an entry as a number.

    >>> number_of("-Infinity"), number_of(None), number_of(0)
    (-inf, None, 0.0)
    """
    return None if value is None else float(value)
