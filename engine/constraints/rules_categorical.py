"""Deequ's rules on columns with few values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.columns.java_text import java_double as r
from engine.constraints.interval import IntervalStrategy, Wald
from engine.constraints.profile import Bin, ColumnProfile
from engine.constraints.rule import Constraint, Suggestion, suggestion
from engine.documents.statistics import NULL_VALUE

CATEGORICAL_TYPES = ("String", "Integral")
LARGEST_UNIQUE_SHARE = 0.1
LARGEST_FRACTIONAL_UNIQUE_SHARE = 0.4
SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\n": "\\n", "\t": "\\t", "\f": "\\f", "\r": "\\r"}


def unique_share(histogram: Mapping[str, Bin] | None) -> float:
    """Share of the entries that occur once, missing cells being one entry; NaN without entries: no rule applies."""
    if not histogram:
        return float("nan")
    return sum(1 for entry in histogram.values() if entry.absolute == 1) / len(histogram)


def is_categorical(histogram: Mapping[str, Bin] | None) -> bool:
    """Whether a histogram is that of a category: at most one value in ten occurs once."""
    return unique_share(histogram) <= LARGEST_UNIQUE_SHARE


def values_by_count(histogram: Mapping[str, Bin]) -> list[str]:
    """Values but ``NullValue`` by falling count; equal counts by value, where Deequ has the order of a hash map."""
    ordered = sorted(histogram, key=lambda value: (-histogram[value].absolute, value))
    return [value for value in ordered if value != NULL_VALUE]


def top_categories(histogram: Mapping[str, Bin], target: float) -> dict[str, Bin]:
    """The most frequent entries that together reach the target share; the one that crosses it is included.

    Of entries of equal share missing cells come last (they are left out of the values anyway), values in their order.
    """
    kept: dict[str, Bin] = {}
    coverage = 0.0
    for value in sorted(histogram, key=lambda v: (-histogram[v].ratio, v == NULL_VALUE, v)):
        if coverage >= target:
            break
        kept[value] = histogram[value]
        coverage += histogram[value].ratio
    return kept


def sql_list(values: Iterable[str]) -> str:
    """Values as SQL literals."""
    return "'" + "', '".join(value.replace("'", "''") for value in values) + "'"


def code_list(values: Iterable[str]) -> str:
    """Values as Scala string literals."""
    return '"' + '", "'.join(java_escaped(value) for value in values) + '"'


def java_escaped(text: str) -> str:
    r"""A text as Java source: short escapes, and ``\uXXXX`` a UTF-16 unit outside printable ASCII.

    >>> print(java_escaped('q"z ü'))
    q\"z \u00FC
    """
    units = text.encode("utf-16-be", "surrogatepass")
    codes = (int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return "".join(SHORT_ESCAPES.get(chr(c)) or (chr(c) if 32 <= c < 127 else f"\\u{c:04X}") for c in codes)


@dataclass(frozen=True)
class CategoricalRangeRule:
    """A column with few values, hardly any of them seen once, holds these values only."""

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        return profile.data_type in CATEGORICAL_TYPES and is_categorical(profile.histogram)

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        c, values = profile.column, values_by_count(profile.histogram or {})
        constraint = Constraint("Compliance", c, "==", 1.0, f"`{c}` IN ({sql_list(values)})")
        description = f"'{c}' has value range {sql_list(values)}"
        code = f'.isContainedIn("{c}", Array({code_list(values)}))'
        return suggestion(self, profile, constraint, "Compliance: 1", description, code)


@dataclass(frozen=True)
class FractionalCategoricalRangeRule:
    """Most rows of a column hold one of its frequent values."""

    target: float = 0.9
    interval: IntervalStrategy = field(default_factory=Wald)

    def applies(self, profile: ColumnProfile, records: int) -> bool:
        """See :class:`~engine.constraints.rule.Rule`."""
        few = unique_share(profile.histogram) <= LARGEST_FRACTIONAL_UNIQUE_SHARE
        return few and profile.data_type in CATEGORICAL_TYPES and self._coverage(profile) < 1

    def suggest(self, profile: ColumnProfile, records: int) -> Suggestion:
        """See :class:`~engine.constraints.rule.Rule`."""
        c, values = profile.column, values_by_count(self._top(profile))
        coverage = self._coverage(profile)
        bound = self.interval.interval(coverage, records).lower
        return suggestion(
            self,
            profile,
            Constraint("Compliance", c, ">=", bound, f"`{c}` IN ({sql_list(values)})"),
            f"Compliance: {r(coverage)}",
            f"'{c}' has value range {sql_list(values)} for at least {r(bound * 100)}% of values",
            f'.isContainedIn("{c}", Array({code_list(values)}), _ >= {r(bound)}, '
            f'Some("It should be above {r(bound)}!"))',
        )

    def _top(self, profile: ColumnProfile) -> dict[str, Bin]:
        return top_categories(profile.histogram or {}, self.target)

    def _coverage(self, profile: ColumnProfile) -> float:
        return sum(entry.ratio for entry in self._top(profile).values())
