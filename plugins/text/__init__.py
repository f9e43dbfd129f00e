"""Metrics of text columns: length, blank texts, a pattern, and what kinds of characters there are in any language."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AfterValidator

from engine import ColumnAnalyzer, ColumnView, Max, Min, metric, setting
from plugins.text.character_classes import CharacterClasses

__all__ = ["BlankShare", "CharacterClasses", "PatternShare", "TextLength"]

_NONE_YET = 2**62


def _legal_pattern(pattern: str) -> str:
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        raise ValueError(f"it is not a regular expression of RE2: {error}") from None
    return pattern


def _count(flags: pa.Array) -> int:
    return int(pc.sum(flags).as_py() or 0)


@metric(takes="text", worse="either", label="Characters of the texts: mean, shortest, longest")
class TextLength(ColumnAnalyzer):
    """Number of characters (Unicode code points) of the present texts: mean, min and max."""

    characters: int = 0
    texts: int = 0
    shortest: Annotated[int, Min] = _NONE_YET
    longest: Annotated[int, Max] = 0

    def update(self, column: ColumnView) -> None:
        if len(column.valid):
            lengths = pc.utf8_length(column.valid)
            extremes = pc.min_max(lengths).as_py()
            self.characters += pc.sum(lengths).as_py()
            self.texts += len(lengths)
            self.shortest, self.longest = min(self.shortest, extremes["min"]), max(self.longest, extremes["max"])

    def result(self) -> dict[str, float] | None:
        if not self.texts:
            return None
        return {"mean": self.characters / self.texts, "min": self.shortest, "max": self.longest}


@metric(takes="text", worse="higher", label="Share of texts that are empty or only white space")
class BlankShare(ColumnAnalyzer):
    """Share of the present texts that are empty or hold only white space."""

    blank: int = 0
    texts: int = 0

    def update(self, column: ColumnView) -> None:
        self.blank += _count(pc.equal(pc.utf8_trim_whitespace(column.valid), ""))
        self.texts += len(column.valid)

    def result(self) -> float | None:
        return self.blank / self.texts if self.texts else None


@metric(takes="text", worse="lower", label="Share of texts that match a pattern")
class PatternShare(ColumnAnalyzer):
    """Share of the present texts in which a regular expression (RE2) is found; anchor it with ^ and $ for the whole text."""

    pattern: Annotated[str, AfterValidator(_legal_pattern)] = setting(
        default=".", min_length=1, description="What to look for."
    )
    matching: int = 0
    texts: int = 0

    def update(self, column: ColumnView) -> None:
        self.matching += _count(pc.match_substring_regex(column.valid, self.pattern))
        self.texts += len(column.valid)

    def result(self) -> float | None:
        return self.matching / self.texts if self.texts else None
