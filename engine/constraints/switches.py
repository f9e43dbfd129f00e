"""Which checks apply to a column, with which thresholds: ``monitoring_config`` and the column's overrides, resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.constraints.distance import Method
from engine.documents.constraints import Constraints, DistributionConstraints, FeatureConstraints, MonitoringConfig


@dataclass(frozen=True)
class Switches:
    """Settings of one column, or of the whole file; the defaults are what a fresh suggestion writes.

    Attributes:
        evaluate: Whether constraints are evaluated at all.
        emit: Whether metrics are published.
        datatype_threshold: Least share of present cells with the expected type.
        domain_threshold: Least share of present cells with a value of the domain.
        compare: Whether distributions are compared.
        threshold: Largest distance of a numeric column.
        method: Whether the distance is corrected for sample size.
        categorical_threshold: Largest distance of a String column; with ChiSquared, the level of the test.
        drift_method: LInfinity or ChiSquared.
    """

    evaluate: bool = True
    emit: bool = True
    datatype_threshold: float = 1.0
    domain_threshold: float = 1.0
    compare: bool = True
    threshold: float = 0.1
    method: Method = "Robust"
    categorical_threshold: float = 0.1
    drift_method: str = "LInfinity"


def switches_of(constraints: Constraints, feature: FeatureConstraints | None = None) -> Switches:
    """Settings of a column, or without one those of the file.

    What a column says wins, except that evaluation and emission stay off where the file disables them: both have to be
    on.

    Args:
        constraints: The file.
        feature: The column.
    """
    whole = [constraints.monitoring_config] if constraints.monitoring_config else []
    everywhere = _merged(whole)
    values = _merged([*whole, *(feature.overrides if feature else [])])
    for name in ("evaluate", "emit"):
        values[name] = values.get(name, True) and everywhere.get(name, True)
    return Switches(**values)


def _merged(layers: list[MonitoringConfig]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for layer in layers:
        merged.update((name, value) for name, value in _values(layer) if value is not None)
    return merged


def _values(config: MonitoringConfig) -> Iterator[tuple[str, Any]]:
    distribution = config.distribution_constraints or DistributionConstraints()
    yield "evaluate", _is_on(config.evaluate_constraints)
    yield "emit", _is_on(config.emit_metrics)
    yield "datatype_threshold", config.datatype_check_threshold
    yield "domain_threshold", config.domain_content_threshold
    yield "compare", _is_on(distribution.perform_comparison)
    yield "threshold", distribution.comparison_threshold
    yield "method", distribution.comparison_method
    # Files from before 2024 have one threshold for both kinds of columns.
    both = distribution.comparison_threshold
    categorical = distribution.categorical_comparison_threshold
    yield "categorical_threshold", both if categorical is None else categorical
    yield "drift_method", distribution.categorical_drift_method


def _is_on(switch: str | None) -> bool | None:
    return None if switch is None else switch == "Enabled"
