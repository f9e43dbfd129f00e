"""Texts in loops: Deequ's classes, by the expressions in ``engine/columns/data_types.py``, and references to dictionaries."""

from __future__ import annotations

import numpy as np

from engine.kernels.hashing import word_4, word_8
from engine.kernels.looping import Bytes, Lengths, Offsets, loop

_u = np.uint64

FRACTIONAL, INTEGRAL, BOOLEAN, STRING = range(1, 5)
_PLUS, _MINUS, _BLANK, _POINT, _ZERO, _NINE, _SMALL_E, _LARGE_E = (np.uint8(ord(c)) for c in "+- .09eE")
_SMALL_T, _SMALL_F = np.uint8(ord("t")), np.uint8(ord("f"))
_TRUE, _FALS = np.uint64(0x65757274), np.uint64(0x736C6166)
"""The first four bytes of the two words, as a little-endian number."""
_ZEROS, _SIXES, _UPPER = _u(0x3030303030303030), _u(0x0606060606060606), _u(0xF0F0F0F0F0F0F0F0)
"""Eight zeros; what takes a digit above nine into the next row of sixteen; the number of the row."""


@loop
def are_digits(word: np.uint64) -> bool:
    """Whether eight bytes are ASCII digits: in the row of zero, also when each is six larger."""
    return word & _UPPER == _ZEROS and (word + _SIXES) & _UPPER == _ZEROS


@loop
def after_digits(data: Bytes, i: np.uint64, end: np.uint64) -> np.uint64:
    """Where the ASCII digits that begin at a position end."""
    while i + _u(8) <= end and are_digits(word_8(data, i)):
        i += _u(8)
    while i < end and _ZERO <= data[i] <= _NINE:
        i += _u(1)
    return i


@loop
def after_sign(data: Bytes, i: np.uint64, end: np.uint64) -> np.uint64:
    """Behind the sign at a position, if there is one."""
    return i + _u(1) if i < end and (data[i] == _MINUS or data[i] == _PLUS) else i


@loop
def class_of_number(data: Bytes, i: np.uint64, end: np.uint64) -> int:
    """Deequ's class of a cell that is neither of the two words (deequ.md section 2)."""
    i = after_sign(data, i, end)
    if i < end and data[i] == _BLANK:
        i += _u(1)
    digits = after_digits(data, i, end)
    if digits == i:
        return STRING
    if digits == end:
        return INTEGRAL
    i = digits
    if data[i] == _POINT:
        digits = after_digits(data, i + _u(1), end)
        if digits == i + _u(1):
            return STRING
        if digits == end:
            return FRACTIONAL
        i = digits
    if data[i] != _SMALL_E and data[i] != _LARGE_E:
        return STRING
    i = after_sign(data, i + _u(1), end)
    return FRACTIONAL if i < end and after_digits(data, i, end) == end else STRING


@loop
def class_of(data: Bytes, start: np.uint64, end: np.uint64) -> int:
    """Deequ's class of a cell."""
    size = end - start
    if size == _u(4) and word_4(data, start) == _TRUE:
        return BOOLEAN
    if size == _u(5) and word_4(data, start) == _FALS and data[start + _u(4)] == _SMALL_E:
        return BOOLEAN
    return class_of_number(data, start, end)


@loop
def text_classes(data: Bytes, offsets: Offsets, out: Bytes) -> None:
    """Deequ's class of each cell between neighbouring offsets. The first byte settles most texts."""
    for row in range(len(offsets) - 1):
        start, end = _u(offsets[row]), _u(offsets[row + 1])
        if start < end and data[start] > _NINE and data[start] != _SMALL_T and data[start] != _SMALL_F:
            out[row] = STRING
        else:
            out[row] = class_of(data, start, end)


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
