"""A column as the checks see it: its baseline, its current metrics and statistics, and the settings that apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.constraints.switches import Switches
from engine.documents.constraints import FeatureConstraints
from engine.documents.statistics import NUMERIC_TYPES, FeatureStatistics


@dataclass(frozen=True)
class CheckOptions:
    """Choices where the container's rule is one of several reasonable ones. The defaults are the container's.

    Attributes:
        fractional_accepts_integral: A column expected to be Fractional may hold integers, too.
        check_non_negative: Report negative numbers in a column that had none; the container never does.
        compat_2_0: Rank equal items of a sketch as Deequ 2.0 does.
        list_columns: Name the missing or extra columns at the end of the description.
    """

    fractional_accepts_integral: bool = False
    check_non_negative: bool = False
    compat_2_0: bool = True
    list_columns: bool = False


@dataclass(frozen=True)
class ColumnData:
    """One column of the current data beside its baseline.

    Attributes:
        constraints: Constraints of the baseline.
        metrics: Results of the analyzers on the current data, by name.
        current: Statistics of the current data.
        baseline: Statistics of the baseline, if given.
        switches: Settings that apply to the column.
        options: Choices of the run.
    """

    constraints: FeatureConstraints
    metrics: Mapping[str, Any]
    current: FeatureStatistics
    baseline: FeatureStatistics | None = None
    switches: Switches = field(default_factory=Switches)
    options: CheckOptions = field(default_factory=CheckOptions)

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.constraints.name

    @property
    def is_declared_text(self) -> bool:
        """Whether a person declared a column to be text that is one of numbers in the baseline."""
        return is_declared_text(self.constraints, self.baseline)


def is_declared_text(constraints: FeatureConstraints | None, statistics: FeatureStatistics | None) -> bool:
    """Whether the constraints are those of a text column, and the statistics of numbers: a person has changed the column's type.

    The type alone is not enough. With ``num_constraints`` beside it the original reports a type that does not match, and so do we.
    """
    if constraints is None or statistics is None or statistics.inferred_type not in NUMERIC_TYPES:
        return False
    for_text = constraints.num_constraints is None or constraints.string_constraints is not None
    return constraints.inferred_type == "String" and for_text
