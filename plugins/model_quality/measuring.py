"""Rows of the table ``metrics.parquet``: every metric and every constraint that is verified, with its verdict."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from engine import Measurement
from plugins.model_quality.documents import QualityConstraint
from plugins.model_quality.verification import is_broken, is_verified

Block = Mapping[str, Any]


def measurements(block: Block, slices: Mapping[str, Block], baseline: Any) -> Iterator[Measurement]:
    """The rows of all data, and those of each slice.

    Args:
        block: Metrics of the statistics.
        slices: Those of each slice, by its label.
        baseline: With its constraints and statistics; None in a baseline job.
    """
    constraints = baseline.constraints.constraints_block if baseline and baseline.constraints else {}
    before = select_finite(baseline.statistics.metrics_block) if baseline and baseline.statistics else {}
    values = _known_values(block)
    for name in dict.fromkeys([*_scalars(block), *constraints]):
        yield _measurement(name, values.get(name), before.get(name), constraints.get(name))
    for label, part in slices.items():
        own = select_finite(part)
        for name in _scalars(part):
            yield Measurement(
                name, slice=label, value=own.get(name), status="measured" if name in own else "not_enough_data"
            )


def select_finite(block: Block) -> dict[str, float]:
    """The metrics that have a value.

    >>> select_finite({"auc": {"value": None}, "r2": {"value": "NaN"}, "mae": {"value": 2}, "confusion_matrix": {}})
    {'mae': 2.0}
    """
    return {name: value for name, value in _known_values(block).items() if math.isfinite(value)}


def _known_values(block: Block) -> dict[str, float]:
    """The metrics that have a value, which may be infinite and then breaks a constraint, too."""
    values = {name: entry.get("value") for name, entry in block.items() if isinstance(entry, Mapping)}
    numbers = {name: _as_double(value) for name, value in values.items() if isinstance(value, int | float)}
    return {name: value for name, value in numbers.items() if not math.isnan(value)}


def _as_double(value: float) -> float:
    """A number of a document as a double; infinite where an integer is beyond doubles."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _scalars(block: Block) -> list[str]:
    return [name for name, entry in block.items() if isinstance(entry, Mapping) and "value" in entry]


def _measurement(
    name: str, value: float | None, before: float | None, constraint: QualityConstraint | None
) -> Measurement:
    if constraint is None or not is_verified(name, constraint):
        return Measurement(
            name, value=value, baseline=before, status="not_enough_data" if value is None else "measured"
        )
    status: Any = "ok"
    if value is None:
        status = "not_enough_data"
    elif is_broken(name, value, constraint):
        status = "violation"
    threshold, check = constraint.threshold, constraint.comparison_operator
    return Measurement(name, value=value, baseline=before, threshold=threshold, status=status, check=check)
