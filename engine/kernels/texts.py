"""Texts in loops: Deequ's classes, by the expressions in ``engine/columns/data_types.py``, and references to dictionaries."""

from __future__ import annotations

import numpy as np

from engine.kernels.hashing import word_at
from engine.kernels.looping import Bytes, Lengths, Offsets, loop

FRACTIONAL, INTEGRAL, BOOLEAN, STRING = range(1, 5)
_PLUS, _MINUS, _BLANK, _POINT, _ZERO, _NINE, _SMALL_E, _LARGE_E = (ord(c) for c in "+- .09eE")
_TRUE, _FALS = np.uint64(0x65757274), np.uint64(0x736C6166)
"""The first four bytes of the two words, as a little-endian number."""


@loop
def after_digits(data: Bytes, position: int, end: int) -> int:
    """Where the ASCII digits that begin at a position end."""
    while position < end and _ZERO <= data[position] <= _NINE:
        position += 1
    return position


@loop
def class_of(data: Bytes, start: int, end: int) -> int:
    """Deequ's class of a cell (deequ.md section 2)."""
    i = start
    if i < end and data[i] in (_PLUS, _MINUS):
        i += 1
    if i < end and data[i] == _BLANK:
        i += 1
    digits = after_digits(data, i, end)
    if digits == i:
        return STRING
    if digits == end:
        return INTEGRAL
    i = digits
    if data[i] == _POINT:
        digits = after_digits(data, i + 1, end)
        if digits == i + 1:
            return STRING
        if digits == end:
            return FRACTIONAL
        i = digits
    if data[i] not in (_SMALL_E, _LARGE_E):
        return STRING
    i += 1
    if i < end and data[i] in (_PLUS, _MINUS):
        i += 1
    return FRACTIONAL if i < end and after_digits(data, i, end) == end else STRING


@loop
def text_classes(data: Bytes, offsets: Offsets, out: Bytes) -> None:
    """Deequ's class of each cell between neighbouring offsets."""
    for row in range(len(offsets) - 1):
        start, end = offsets[row], offsets[row + 1]
        is_true = end - start == 4 and word_at(data, start, 4) == _TRUE
        is_false = end - start == 5 and word_at(data, start, 4) == _FALS and data[start + 4] == _SMALL_E
        out[row] = BOOLEAN if is_true or is_false else class_of(data, start, end)


@loop
def count_entries(indices: Offsets, counts: Lengths) -> None:
    """Add to the count of each entry of a dictionary how often it is referred to."""
    for entry in indices:
        counts[entry] += 1


@loop
def renumber(indices: Offsets, places: Offsets, order: Offsets, out: Offsets) -> int:
    """Number the entries of a dictionary by their first appearance.

    Args:
        indices: References to entries.
        places: As long as the dictionary, all -1; becomes the new number of each entry that appears.
        order: As long as the dictionary; its beginning becomes the entries in the new order.
        out: Becomes the new references.

    Returns:
        How many entries appear.
    """
    found = 0
    for i in range(len(indices)):
        entry = indices[i]
        if places[entry] < 0:
            places[entry] = found
            order[found] = entry
            found += 1
        out[i] = places[entry]
    return found
