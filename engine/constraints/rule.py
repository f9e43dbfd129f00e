"""What a suggestion rule is, and what it suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from engine.constraints.profile import ColumnProfile


@dataclass(frozen=True)
class Constraint:
    """A constraint as data.

    Attributes:
        kind: Name of the metric: Completeness, DataType, Compliance, Uniqueness, Minimum, ...
        column: Column it is about.
        comparison: ``==``, ``>=`` or ``<=``.
        value: Number on the right side.
        predicate: SQL condition of a Compliance, the type's name of a DataType.
    """

    kind: str
    column: str
    comparison: str
    value: float
    predicate: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """A constraint with what Deequ prints beside it."""

    column_name: str
    rule: str
    constraint: Constraint
    current_value: str
    description: str
    code_for_constraint: str

    def as_row(self) -> dict[str, Any]:
        """The entries of Deequ's suggestion JSON that do not depend on its version."""
        return {
            "column_name": self.column_name,
            "rule": self.rule,
            "current_value": self.current_value,
            "description": self.description,
            "code_for_constraint": self.code_for_constraint,
        }


class Rule(Protocol):
    """Suggests one kind of constraint. ``deequ_compat``, where there is one, repeats known mistakes of Deequ."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """Whether the rule has something to suggest."""

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """The suggestion; call only if the rule applies."""


def suggestion(
    rule: Rule, profile: ColumnProfile, constraint: Constraint, current: str, description: str, code: str
) -> Suggestion:
    """A suggestion of a rule, named by its class."""
    return Suggestion(profile.column, type(rule).__name__, constraint, current, description, code)
