"""Deequ's rule sets, and the suggestions they give for the profiles of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.constraints.profile import ColumnProfile
from engine.constraints.rule import Rule, Suggestion
from engine.constraints.rules_bounds import (
    HasMax,
    HasMaxLength,
    HasMean,
    HasMin,
    HasMinLength,
    HasStandardDeviation,
)
from engine.constraints.rules_categorical import CategoricalRangeRule, FractionalCategoricalRangeRule
from engine.constraints.rules_default import (
    CompleteIfCompleteRule,
    NonNegativeNumbersRule,
    RetainCompletenessRule,
    RetainTypeRule,
    UniqueIfApproximatelyUniqueRule,
)


def rule_set(name: str, deequ_compat: bool = False) -> tuple[Rule, ...]:
    """A set of rules in Deequ's order.

    Args:
        name: DEFAULT, STRING, NUMERICAL, COMMON or EXTENDED (all of them).
        deequ_compat: Repeat Deequ's mistakes in HasMean and HasMaxLength.

    Raises:
        ValueError: There is no such set.
    """
    sets = _sets(deequ_compat)
    if name not in sets:
        raise ValueError(f"no rule set {name!r}; allowed: {', '.join(sets)}")
    return sets[name]


def _sets(deequ_compat: bool) -> dict[str, tuple[Rule, ...]]:
    default: tuple[Rule, ...] = (
        CompleteIfCompleteRule(),
        RetainCompletenessRule(),
        RetainTypeRule(),
        CategoricalRangeRule(),
        FractionalCategoricalRangeRule(),
        NonNegativeNumbersRule(),
    )
    string: tuple[Rule, ...] = (HasMinLength(), HasMaxLength(deequ_compat))
    numerical: tuple[Rule, ...] = (HasMax(), HasMin(), HasMean(deequ_compat), HasStandardDeviation())
    common: tuple[Rule, ...] = (UniqueIfApproximatelyUniqueRule(),)
    extended = default + string + numerical + common
    return {"DEFAULT": default, "STRING": string, "NUMERICAL": numerical, "COMMON": common, "EXTENDED": extended}


def suggest(profiles: Iterable[ColumnProfile], records: int, rules: Sequence[Rule]) -> list[Suggestion]:
    """Suggestions column by column, within a column in the order of the rules.

    Args:
        profiles: Profiles in the order of the table.
        records: Number of rows profiled.
        rules: Rules to ask.
    """
    return [rule.suggest(p, records) for p in profiles for rule in rules if rule.applies(p, records)]
