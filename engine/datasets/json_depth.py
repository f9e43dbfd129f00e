"""How deep JSON is nested, found by looking at its bytes before a parser does.

Parsers call themselves once a level: a record of a few kilobytes can end the process (pyarrow's) or exhaust Python's stack.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_LEVELS = 100
"""Objects and lists within each other that a record may have. One with more is malformed."""

TOO_DEEP = f"nested deeper than {MOST_LEVELS} levels"
"""The reason that malformed records get."""

_CHUNK = 65_536
"""Bytes looked at together: so many stay in the processor's cache."""

_QUOTE, _COMMA, _NEWLINE, _OPENING, _CLOSING = ord('"'), ord(","), ord("\n"), ord("{"), ord("}")
_NO_CASE = 0x20
"""The bit in which brackets differ from braces."""


def is_too_deep(text: bytes) -> bool:
    r"""Whether a JSON text, over one line or many, is nested deeper than :data:`MOST_LEVELS`.

    >>> is_too_deep(b"[" * 101), is_too_deep(b'["' + b"[" * 500 + b'"]'), is_too_deep(b"[\n]" * 500)
    (True, False, False)
    """
    openings = text.count(b"{") + text.count(b"[")
    return openings > MOST_LEVELS and int(_depths(text.replace(b"\n", b" "))[0]) > MOST_LEVELS


def has_deep_line(data: bytes, starts: npt.NDArray[np.int64]) -> bool:
    r"""Whether a line is nested deeper than :data:`MOST_LEVELS`, where the starts of the lines are known already.

    >>> has_deep_line(b"{}\n" + b"[" * 101, np.array([0, 3])), has_deep_line(b"[\n" * 200, np.arange(0, 400, 2))
    (True, False)
    """
    openings = _positions_of_openings(data)
    if len(openings) <= MOST_LEVELS:
        return False
    counts = np.diff(np.searchsorted(openings, np.append(starts, len(data))))
    return bool((counts > MOST_LEVELS).any()) and bool(too_deep(data))


def too_deep(data: bytes) -> list[tuple[int, int]]:
    r"""Where the lines begin and end, without their line ends, that are nested deeper than :data:`MOST_LEVELS`.

    >>> too_deep(b'{"a": 1}\n' + b"[" * 101 + b"]" * 101 + b"\n[]")
    [(9, 211)]
    """
    openings = _positions_of_openings(data)
    if len(openings) <= MOST_LEVELS:
        return []
    ends = np.append(np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE), len(data))
    starts = np.insert(ends[:-1] + 1, 0, 0)
    is_long = ends - starts > MOST_LEVELS
    starts, ends = starts[is_long], ends[is_long]
    many = np.searchsorted(openings, ends) - np.searchsorted(openings, starts) > MOST_LEVELS
    if not many.any():
        return []
    bounds = list(zip(starts[many].tolist(), ends[many].tolist(), strict=True))
    deep = _depths(b"\n".join(data[start:stop] for start, stop in bounds)) > MOST_LEVELS
    return [bound for bound, is_deep in zip(bounds, deep.tolist(), strict=True) if is_deep]


def without_deep_items(text: bytes) -> tuple[bytes, list[int]]:
    """A document that is a list, with null for each item that is too deep, and the indices of these.

    >>> without_deep_items(b'[1, ' + b"[" * 100 + b"]" * 100 + b', {"a": 2}]')
    (b'[1,null, {"a": 2}]', [1])
    """
    plain = np.frombuffer(_without_escapes(text), np.uint8)
    folded = plain | _NO_CASE
    outside = np.cumsum(plain == _QUOTE, dtype=np.int32) % 2 == 0
    steps = ((folded == _OPENING).astype(np.int8) - (folded == _CLOSING).astype(np.int8)) * outside
    levels = np.cumsum(steps, dtype=np.int32)
    commas = np.flatnonzero((plain == _COMMA) & outside & (levels == 1))
    opening, closing = text.find(b"["), text.rfind(b"]")
    bounds = list(pairwise([opening, *commas.tolist(), closing]))
    deep = [index for index, (start, stop) in enumerate(bounds) if levels[start:stop].max(initial=0) > MOST_LEVELS]
    pieces, kept = [], 0
    for index in deep:
        start, stop = bounds[index]
        pieces += [text[kept : start + 1], b"null"]
        kept = stop
    return b"".join([*pieces, text[kept:]]), deep


def _positions_of_openings(data: bytes) -> npt.NDArray[np.int64]:
    """Where objects and lists open, those within strings too."""
    text = np.frombuffer(data, np.uint8)
    chunks = [
        np.flatnonzero((text[start : start + _CHUNK] | _NO_CASE) == _OPENING) + start
        for start in range(0, len(text), _CHUNK)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0, np.int64)


def _depths(lines: bytes) -> npt.NDArray[np.int32]:
    """The most levels of each line; what stands in strings does not count."""
    text = np.frombuffer(_without_escapes(lines) + b"\n", np.uint8)
    folded = text | _NO_CASE
    marks = np.flatnonzero((text == _QUOTE) | (folded == _OPENING) | (folded == _CLOSING) | (text == _NEWLINE))
    kinds, folded = text[marks], folded[marks]
    ends = np.flatnonzero(kinds == _NEWLINE)
    outside = _since_line_start(kinds == _QUOTE, ends) % 2 == 0
    steps = (folded == _OPENING).astype(np.int8) - (folded == _CLOSING).astype(np.int8)
    depths = _since_line_start(steps * outside, ends)
    return np.asarray(np.maximum.reduceat(depths, np.insert(ends[:-1] + 1, 0, 0)), np.int32)


def _without_escapes(text: bytes) -> bytes:
    """The text, of the same length, in which each quote begins or ends a string."""
    return text.replace(b"\\\\", b"__").replace(b'\\"', b"__")


def _since_line_start(steps: npt.NDArray[Any], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Running sums of the marks' steps, which begin anew after each end of a line."""
    sums = np.cumsum(steps, dtype=np.int32)
    return sums - np.repeat(np.insert(sums[ends[:-1]], 0, 0), np.diff(ends, prepend=-1)).astype(np.int32)
