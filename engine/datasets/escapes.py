r"""Backslashes before quotes, as Spark's CSV writer puts them: ``\"`` is a quote and ``\\`` a backslash, in quoted fields alone.

The parser knows doubled quotes only, so escaped ones are made into those; nothing else of the text changes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Text = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def escaped_quotes(text: Text, quotes: Offsets, escape: int) -> Flags:
    """Which quotes follow an odd number of escape characters."""
    runs, lengths = _runs(text, escape)
    flags = np.zeros(len(quotes), np.bool_)
    if len(runs):
        before = np.maximum(np.searchsorted(runs, quotes) - 1, 0)
        flags = (runs[before] + lengths[before] == quotes) & (lengths[before] % 2 == 1)
    return flags


def normalise_escapes(
    data: bytes, escape: int, quote: int, inside: Callable[[Offsets], Flags]
) -> tuple[bytes, Offsets]:
    """Write escaped quotes as doubled ones, and pairs of escape characters as one.

    Args:
        data: The text.
        escape: The escape character.
        quote: The quote.
        inside: Says which places lie in quoted fields.

    Returns:
        The text, and the offsets of the bytes left out of it.
    """
    text = np.frombuffer(data, np.uint8).copy()
    runs, lengths = _runs(text, escape)
    within = inside(runs)
    runs, lengths = runs[within], lengths[within]
    after = runs + lengths
    odd = (lengths % 2 == 1) & (after < len(text))
    before_quote = after[odd][text[after[odd]] == quote]
    text[before_quote - 1] = quote
    pairs = lengths // 2
    removed = np.repeat(runs, pairs) + _counting(pairs)
    return (np.delete(text, removed) if len(removed) else text).tobytes(), removed


def original_offset(offset: int, removed: Offsets) -> int:
    """Where a place of the normalised text is in the text as it was."""
    return offset + int(np.searchsorted(removed - np.arange(len(removed)), offset, side="right"))


def _runs(text: Text, character: int) -> tuple[Offsets, Offsets]:
    """Where runs of a character begin, and how long they are."""
    places = np.flatnonzero(text == character)
    if not len(places):
        return places, places
    first = np.concatenate([[True], np.diff(places) != 1])
    starts = places[first]
    return starts, np.diff(np.concatenate([np.flatnonzero(first), [len(places)]]))


def _counting(counts: Offsets) -> Offsets:
    """0, 1, ... for each count, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - counts, counts)
