"""Deequ's rules on completeness, type, sign and uniqueness."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.columns.java_text import java_double as r
from engine.constraints.interval import IntervalStrategy, Wald
from engine.constraints.profile import ColumnProfile
from engine.constraints.rule import Constraint, Suggestion, suggestion

UNIQUE_TOLERANCE = 0.08


@dataclass(frozen=True)
class CompleteIfCompleteRule:
    """A column without a missing cell has to stay so."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.completeness == 1.0

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        c = profile.column
        current = f"Completeness: {r(profile.completeness)}"
        constraint = Constraint("Completeness", c, "==", 1.0)
        return suggestion(self, profile, constraint, current, f"'{c}' is not null", f'.isComplete("{c}")')


@dataclass(frozen=True)
class RetainCompletenessRule:
    """An incomplete column keeps at least the lower confidence bound of its completeness."""

    min_completeness: float = 0.2
    max_completeness: float = 1.0
    interval: IntervalStrategy = field(default_factory=Wald)

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return self.min_completeness < profile.completeness < self.max_completeness

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        c, bound = profile.column, self.interval.interval(profile.completeness, records).lower
        percent = int((1.0 - bound) * 100)  # Cut off in doubles, as Deequ does: 0.42 gives 58, not 57.
        return suggestion(
            self,
            profile,
            Constraint("Completeness", c, ">=", bound),
            f"Completeness: {r(profile.completeness)}",
            f"'{c}' has less than {percent}% missing values",
            f'.hasCompleteness("{c}", _ >= {r(bound)}, Some("It should be above {r(bound)}!"))',
        )


@dataclass(frozen=True)
class RetainTypeRule:
    """A text column whose values all had one type keeps it."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.is_data_type_inferred and profile.data_type in ("Integral", "Fractional", "Boolean")

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        c, kind = profile.column, profile.data_type
        code = f'.hasDataType("{c}", ConstrainableDataTypes.{kind})'
        constraint = Constraint("DataType", c, "==", 1.0, kind)
        return suggestion(self, profile, constraint, f"DataType: {kind}", f"'{c}' has type {kind}", code)


@dataclass(frozen=True)
class NonNegativeNumbersRule:
    """A column without negative numbers has to stay so."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.minimum is not None and profile.minimum >= 0.0

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        c, minimum = profile.column, profile.minimum
        constraint = Constraint("Compliance", c, "==", 1.0, f"{c} >= 0")
        current = f"Minimum: {r(minimum or 0.0)}"
        return suggestion(self, profile, constraint, current, f"'{c}' has no negative values", f'.isNonNegative("{c}")')


@dataclass(frozen=True)
class UniqueIfApproximatelyUniqueRule:
    """A complete column with about as many distinct values as rows is a key."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        complete = profile.completeness == 1.0 and records > 0
        return complete and abs(1.0 - profile.approx_distinct / records) <= UNIQUE_TOLERANCE

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        c = profile.column
        current = f"ApproxDistinctness: {r(profile.approx_distinct / records)}"
        constraint = Constraint("Uniqueness", c, "==", 1.0)
        return suggestion(self, profile, constraint, current, f"'{c}' is unique", f'.isUnique("{c}")')
