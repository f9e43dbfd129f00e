"""The constraints that a baseline job of the data quality monitor suggests."""

from __future__ import annotations

from engine.constraints.profile import histogram_of
from engine.constraints.rules_categorical import is_categorical
from engine.documents.constraints import (
    Constraints,
    DistributionConstraints,
    DriftMethod,
    FeatureConstraints,
    MonitoringConfig,
    NumConstraints,
    StringConstraints,
)
from engine.documents.statistics import FeatureStatistics, Statistics


def constraints_of(statistics: Statistics, drift_method: DriftMethod) -> Constraints:
    """The file as the container writes it: present type and completeness, sign, domains, and all switches on.

    Args:
        statistics: Statistics of the baseline data.
        drift_method: How String columns will be compared.
    """
    distribution = DistributionConstraints(
        perform_comparison="Enabled",
        comparison_threshold=0.1,
        comparison_method="Robust",
        categorical_comparison_threshold=0.1,
        categorical_drift_method=drift_method,
    )
    config = MonitoringConfig(
        evaluate_constraints="Enabled",
        emit_metrics="Enabled",
        datatype_check_threshold=1.0,
        domain_content_threshold=1.0,
        distribution_constraints=distribution,
    )
    return Constraints(features=[_feature(feature) for feature in statistics.features], monitoring_config=config)


def _feature(feature: FeatureStatistics) -> FeatureConstraints:
    common, numbers = feature.common, feature.numerical_statistics
    total = common.num_present + common.num_missing if common else 0
    suggested = FeatureConstraints(
        name=feature.name,
        inferred_type=feature.inferred_type,
        completeness=common.num_present / total if common and total else 0.0,
    )
    if numbers is not None:
        smallest = numbers.min
        suggested.num_constraints = NumConstraints(is_non_negative=smallest is not None and smallest >= 0.0)
    suggested.string_constraints = _domains(feature)
    return suggested


def _domains(feature: FeatureStatistics) -> StringConstraints | None:
    """The values of a column that Deequ's categorical rule takes for a category, missing cells as ``NullValue`` among them."""
    counts = feature.categories
    if not counts:
        return None
    return StringConstraints(domains=list(counts)) if is_categorical(histogram_of(counts, 0)) else None
