"""Checks of the cells of a column: ``completeness_check``, ``categorical_values_check`` and, on request, the sign."""

from __future__ import annotations

from engine.columns.java_text import java_double
from engine.constraints.categories import accepted_texts
from engine.constraints.column_data import ColumnData
from engine.documents.violations import Violation


def check_completeness(column: ColumnData) -> Violation | None:
    """Fires when the share of present cells is below that of the constraint."""
    required, found = column.constraints.completeness, column.metrics.get("completeness")
    if required is None or found is None or not found.num_present + found.num_missing:
        return None
    share = found.num_present / (found.num_present + found.num_missing)
    if share >= required:
        return None
    description = (
        f"Data completeness requirement is not met. Expected: {java_double(required * 100.0)}%. "
        f"Observed: Only {java_double(share * 100.0)}%."
    )
    return Violation(feature_name=column.name, constraint_check_type="completeness_check", description=description)


def check_domain(column: ColumnData) -> Violation | None:
    """Fires when the share of present cells with an allowed value is below the threshold."""
    share, threshold = domain_match(column), column.switches.domain_threshold
    if share is None or share >= threshold:
        return None
    description = (
        f"Categorical values requirement is not met. Expected match: {java_double(threshold * 100.0)}%. "
        f"Observed: Only {java_double(share * 100.0)}% of values are in the domain. {_requirement(share)}"
    )
    return Violation(
        feature_name=column.name, constraint_check_type="categorical_values_check", description=description
    )


def domain_match(column: ColumnData) -> float | None:
    """Share of present cells whose text is in the domain; None without a domain or a cell.

    The counts come from the analyzer of the domain, else from the counts by value where the column has few.
    """
    domain, found = column.constraints.domains, column.metrics.get("domain")
    if domain is None:
        return None
    if found is not None:
        return found.matched / found.present if found.present else None
    counts = column.metrics.get("categories")
    total = sum(counts.values()) if counts else 0
    accepted = accepted_texts(domain)
    return sum(counts.get(value, 0) for value in accepted) / total if counts and total else None


def check_non_negative(column: ColumnData) -> Violation | None:
    """Fires on a negative number where the baseline had none; only if asked for."""
    numbers, statistics = column.constraints.num_constraints, column.current.numerical_statistics
    wanted = column.options.check_non_negative and numbers is not None and numbers.is_non_negative
    if not wanted or statistics is None or statistics.min is None or statistics.min >= 0.0:
        return None
    description = (
        "Non-negativity requirement is not met. Expected minimum: at least 0.0. "
        f"Observed minimum: {java_double(statistics.min)}. {_requirement(statistics.min)}"
    )
    return Violation(feature_name=column.name, constraint_check_type="is_non_negative_check", description=description)


def _requirement(value: float) -> str:
    """The sentence that notebooks parse, the same since the first container."""
    return f"Value: {java_double(value)} does not meet the constraint requirement!"
