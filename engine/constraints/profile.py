"""What is known of a column when constraints are suggested: Deequ's column profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.documents.statistics import NULL_VALUE

LOW_CARDINALITY = 120
"""Largest estimated number of distinct values for which a histogram is kept."""

PLAIN_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*|`.*`", re.ASCII)


@dataclass(frozen=True)
class Bin:
    """An entry of a histogram: count, and share of all rows (missing ones included)."""

    absolute: int
    ratio: float


@dataclass(frozen=True)
class ColumnProfile:
    """Profile of one column; fields that do not apply are None.

    Attributes:
        column: Name as it stands in suggestions; escaped where Deequ escapes it.
        data_type: Unknown, Fractional, Integral, Boolean or String.
        is_data_type_inferred: Whether the column is text and the type was found from its values.
        histogram: Entries by value, missing cells under ``NullValue``; only of columns with few values.
    """

    column: str
    completeness: float
    approx_distinct: int
    data_type: str
    is_data_type_inferred: bool = False
    histogram: Mapping[str, Bin] | None = None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std_dev: float | None = None
    sum: float | None = None
    min_length: int | None = None
    max_length: int | None = None


def escaped(name: str) -> str:
    """A name as Deequ 2.0.21 writes it: in backticks unless it is a plain identifier.

    >>> escaped("amount"), escaped("amount x"), escaped("a`b")
    ('amount', '`amount x`', '`a``b`')
    """
    return name if PLAIN_NAME.fullmatch(name) else "`" + name.replace("`", "``") + "`"


def histogram_of(counts: Mapping[str, int], missing: int) -> dict[str, Bin]:
    """Histogram of counts by value, with missing cells as an entry of its own."""
    entries = dict(counts)
    if missing:
        entries[NULL_VALUE] = entries.get(NULL_VALUE, 0) + missing
    total = sum(entries.values())
    return {value: Bin(count, count / total) for value, count in entries.items()}


def profile_of(
    column: str,
    metrics: Mapping[str, Any],
    inferred: bool,
    lengths: tuple[int, int] | None = None,
    threshold: int = LOW_CARDINALITY,
    deequ_compat: bool = False,
) -> ColumnProfile:
    """Profile of a column from the results of its analyzers.

    Args:
        column: Name of the column.
        metrics: Results of completeness, data_type, moments, distinct and categories.
        inferred: Whether the column is text.
        lengths: Shortest and longest text, a missing cell counting as 0; None if not known.
        threshold: Largest number of distinct values for a histogram.
        deequ_compat: Give no histogram to a column whose name needs escaping, as Deequ 2.0.21 does by mistake.
    """
    completeness, distinct, categories = metrics["completeness"], int(metrics["distinct"]), metrics["categories"]
    data_type = metrics["data_type"].inferred
    named = escaped(column)
    kept = data_type != "Unknown" and distinct <= threshold and not (deequ_compat and named != column)
    profile = ColumnProfile(
        named, completeness.completeness, distinct, data_type, inferred,
        histogram_of(categories, completeness.num_missing) if kept and categories is not None else None,
    )  # fmt: skip
    return _with_statistics(profile, metrics.get("moments"), lengths)


def _with_statistics(profile: ColumnProfile, moments: Any, lengths: tuple[int, int] | None) -> ColumnProfile:
    if profile.data_type in ("Integral", "Fractional") and moments is not None:
        return replace(
            profile,
            minimum=moments.min,
            maximum=moments.max,
            mean=moments.mean,
            std_dev=moments.std_dev,
            sum=moments.sum,
        )
    if profile.data_type == "String" and lengths is not None:
        return replace(profile, min_length=lengths[0], max_length=lengths[1])
    return profile
