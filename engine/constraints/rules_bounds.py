"""Deequ's rules that bound a statistic by its present value (its sets NUMERICAL and STRING)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.columns.java_text import java_double as r
from engine.constraints.profile import ColumnProfile
from engine.constraints.rule import Constraint, Rule, Suggestion, suggestion


@dataclass(frozen=True)
class HasMin:
    """The minimum stays."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.minimum is not None

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        return _equal(self, profile, "Minimum", ">=", _known(profile.minimum))


@dataclass(frozen=True)
class HasMax:
    """The maximum stays."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.maximum is not None

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        return _equal(self, profile, "Maximum", "<=", _known(profile.maximum))


@dataclass(frozen=True)
class HasMean:
    """The mean stays. Deequ reads the maximum by mistake (``deequ_compat``)."""

    deequ_compat: bool = False

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.mean is not None

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        value = profile.maximum if self.deequ_compat else profile.mean
        return _equal(self, profile, "Mean", "<=", _known(value))


@dataclass(frozen=True)
class HasStandardDeviation:
    """The standard deviation stays."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.mean is not None

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        return _equal(self, profile, "StandardDeviation", "<=", _known(profile.std_dev), shown="stdDev")


@dataclass(frozen=True)
class HasMinLength:
    """Texts do not get shorter."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.min_length is not None

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        length = _known(profile.min_length)
        return _length(self, profile, "MinLength", ">=", length, length)


@dataclass(frozen=True)
class HasMaxLength:
    """Texts do not get longer. Deequ shows the completeness as the current value by mistake (``deequ_compat``)."""

    deequ_compat: bool = False

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.max_length is not None

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        length = _known(profile.max_length)
        return _length(self, profile, "MaxLength", "<=", length, profile.completeness if self.deequ_compat else length)


def _known(value: float | None) -> float:
    if value is None:
        raise ValueError("the profile lacks the statistic that this rule is about")
    return float(value)


def _equal(
    rule: Rule, profile: ColumnProfile, kind: str, sign: str, value: float, shown: str | None = None
) -> Suggestion:
    """Deequ's descriptions speak of a bound, its constraints demand equality."""
    c = profile.column
    constraint = Constraint(kind, c, "==", value)
    method = type(rule).__name__[0].lower() + type(rule).__name__[1:]
    code = f'.{method}("{c}", _ == {r(value)})'
    return suggestion(rule, profile, constraint, f"{shown or kind}: {r(value)}", f"'{c}' {sign} {r(value)}", code)


def _length(rule: Rule, profile: ColumnProfile, kind: str, sign: str, length: float, shown: float) -> Suggestion:
    c = profile.column
    description = f"The length of '{c}' {sign} {r(length)}"
    code = f'.has{kind}("{c}", _ {sign} {r(length)})'
    return suggestion(rule, profile, Constraint(kind, c, sign, length), f"{kind}: {r(shown)}", description, code)
