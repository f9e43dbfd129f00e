"""Metrics of text columns: length, blank texts, a pattern, and what kinds of characters there are in any language."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
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


def _count(flags: pa.Array, counts: npt.NDArray[np.int64]) -> int:
    return int(counts[flags.to_numpy(zero_copy_only=False)].sum())


@metric(takes="text", worse="either", label="Characters of the texts: mean, shortest, longest")
class TextLength(ColumnAnalyzer):
    """Number of characters (Unicode code points) of the present texts: mean, min and max."""

    characters: int = 0
    texts: int = 0
    shortest: Annotated[int, Min] = _NONE_YET
    longest: Annotated[int, Max] = 0

    def update(self, column: ColumnView) -> None:
        values, counts = column.weighted
        if len(values):
            lengths = pc.utf8_length(values).to_numpy()
            self.characters += int(lengths @ counts)
            self.texts += int(counts.sum())
            self.shortest, self.longest = min(self.shortest, int(lengths.min())), max(self.longest, int(lengths.max()))

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
        values, counts = column.weighted
        self.blank += _count(pc.equal(pc.utf8_trim_whitespace(values), ""), counts)
        self.texts += int(counts.sum())

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
        values, counts = column.weighted
        self.matching += _count(pc.match_substring_regex(values, self.pattern), counts)
        self.texts += int(counts.sum())

    def result(self) -> float | None:
        return self.matching / self.texts if self.texts else None
