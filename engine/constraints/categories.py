"""Categories of a column beside those of its baseline, which another format or a person may have written in another way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from engine.columns.java_text import java_double
from engine.columns.labels import canonical_label
from engine.documents.statistics import NUMERIC_TYPES, FeatureStatistics

Counts = Mapping[str, int]

_FLAGS = frozenset({"true", "false"})


def accepted_texts(domain: Iterable[str]) -> frozenset[str]:
    """The texts that a domain allows: its values, and a flag in each of its spellings (``True`` of pandas is ``true`` in JSON).

    >>> sorted(accepted_texts(["True", "red"]))
    ['TRUE', 'True', 'red', 'true']
    """
    values = set(domain)
    flags = {value.lower() for value in values} & _FLAGS
    return frozenset(values | {spelling for flag in flags for spelling in (flag, flag.capitalize(), flag.upper())})


def compared_categories(current: FeatureStatistics, baseline: FeatureStatistics) -> tuple[Counts, Counts]:
    """Counts by value of a column and of its baseline, so that they can be compared; empty where a side has none.

    Missing cells are a category, unless the baseline's file leaves them out. Flags are compared without regard to case. A column
    that a person declared to be text is compared with the numbers in the baseline's sketch.
    """
    if baseline.inferred_type in NUMERIC_TYPES:
        return _respelled(current.present_categories, _spell_number), _respelled(_of_sketch(baseline), _spell_number)
    leaves_out = baseline.has_missing and not baseline.counts_missing
    sample = current.present_categories if leaves_out else current.categories
    return _respelled(sample, _spell_flag), _respelled(baseline.categories, _spell_flag)


def _of_sketch(baseline: FeatureStatistics) -> Counts | None:
    """The numbers of a column by their share; all of them where the sketch is small enough to have kept all."""
    if baseline.kll is None or baseline.kll.sketch is None:
        return None
    counts: Counter[str] = Counter()
    for level, items in enumerate(baseline.kll.sketch.data):
        for item in items:
            counts[java_double(item)] += 2**level
    return counts


def _respelled(counts: Counts | None, spell: Callable[[str], str]) -> Counts:
    merged: Counter[str] = Counter()
    for value, count in (counts or {}).items():
        merged[spell(value)] += count
    return dict(merged)


def _spell_flag(value: str) -> str:
    return value.lower() if value.lower() in _FLAGS else value


def _spell_number(value: str) -> str:
    return canonical_label(value) or value
