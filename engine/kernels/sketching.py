"""Sketches in loops."""

from __future__ import annotations

import numpy as np

from engine.kernels.looping import Bytes, Floats, Integers, Lengths, Words, loop
from engine.kernels.merging import find_runs, merge_neighbours

_u = np.uint64

_INT32_MIN, _INT32_MAX = -2147483648.0, 2147483647.0
_NEGATIVE_ZERO = _u(1 << 63)
"""The bits of -0.0."""
_BLOCK = 256


@loop
def raise_registers(hashes: Words, registers: Bytes) -> None:
    """Raise each of 512 registers to the largest rank (leading zeros plus one) among its hashes."""
    limits = _u(0xFFFFFFFFFFFFFFFF) >> registers.astype(np.uint64)  # only what is not above has a larger rank
    for i in range(len(hashes)):
        place = hashes[i] >> _u(55)
        rest = hashes[i] << _u(9)
        if rest <= limits[place]:
            rest |= _u(256)
            rank = np.uint8(1)
            while rest < _u(1 << 63):
                rest <<= _u(1)
                rank += np.uint8(1)
            registers[place] = rank
            limits[place] = _u(0xFFFFFFFFFFFFFFFF) >> _u(rank)


@loop
def narrow_all(values: Floats, words: Words, out: Integers) -> bool:
    """As ``narrow``, without an end at the first value that is no integer, so that processors take several at a time."""
    whole = True
    for i in range(len(values)):
        value = values[i] if values[i] > _INT32_MIN else _INT32_MIN  # noqa: FURB136 - min and max look for NaN
        integer = np.int32(value if value < _INT32_MAX else _INT32_MAX)  # noqa: FURB136
        out[i] = integer
        whole &= (np.float64(integer) == values[i]) & (words[i] != _NEGATIVE_ZERO)
    return whole


@loop
def narrow(values: Floats, words: Words, out: Integers) -> bool:
    """Values as integers of 32 bits; whether each is one, bit for bit (-0.0 is none).

    Args:
        values: The values.
        words: Their bits.
        out: Becomes the integers, if all values are.
    """
    for start in range(0, len(values), _BLOCK):
        end = min(start + _BLOCK, len(values))
        if not narrow_all(values[start:end], words[start:end], out[start:end]):
            return False
    return True


@loop
def keep_half(items: Floats, start: int, end: int, kept: Floats, place: int) -> int:
    """Put every other item behind those kept before; how many are kept then."""
    for i in range(start, end, 2):
        kept[place] = items[i]
        place += 1
    return place


@loop
def next_offset(counters: Lengths, level: int) -> int:
    """Which half the next compaction of a level keeps: both in turn, two at a time."""
    if counters[1, level] % 2:
        counters[2, level] = 1 - counters[2, level]
    counters[1, level] += 1
    return counters[2, level]


@loop
def bounds_within(starts: Lengths, first: int, count: int, start: int, end: int, bounds: Lengths) -> tuple[int, int]:
    """Put down the bounds of the runs between two places.

    Args:
        starts: Where runs begin, ascending.
        first: The first of them that may lie between the places.
        count: How many there are.
        start: One place.
        end: The other.
        bounds: Become the bounds: one more than there are runs.

    Returns:
        How many runs lie between the places, and the first of ``starts`` that lies behind.
    """
    bounds[0], runs = start, 1
    while first < count and starts[first] < end:
        if starts[first] > start:
            bounds[runs] = starts[first]
            runs += 1
        first += 1
    bounds[runs] = end
    return runs, first


@loop
def compact_levels(
    bottom: Floats, held: Floats, stretches: Lengths, counters: Lengths, scratch: Floats, places: Lengths
) -> Floats:
    """Make the compactions of all levels of a KLL sketch.

    Args:
        bottom: Items of the lowest level, new ones behind; those of each stretch are sorted already.
        held: Items of the levels above, the lowest first.
        stretches: How many items each compaction takes from the front of its level, the lowest level first.
        counters: By level, in four rows: items that are held, compactions so far, which half was kept last, compactions to make.
            The first three become what they are then.
        scratch: Room for three times half of ``bottom`` and ``held``, and for both of them.
        places: Room for as many numbers as ``held`` and half of ``bottom`` have, and one; three times.

    Returns:
        The items of all levels then, the lowest first; they lie in ``scratch``.
    """
    size = len(bottom) // 2 + len(held)
    above, stream, spare = scratch[:size], scratch[size : 2 * size], scratch[2 * size : 3 * size]
    left = scratch[3 * size :]
    bounds, starts, kept_runs = places[: size + 1], places[size + 1 : 2 * size + 2], places[2 * size + 2 :]
    items, length, runs, taken, first_held, first_stretch = bottom, len(bottom), 0, 0, 0, 0
    for level in range(counters.shape[1]):
        held_above = counters[0, level + 1] if level + 1 < counters.shape[1] else 0
        above[:held_above] = held[first_held : first_held + held_above]
        first_held += held_above
        start, place, next_run, compactions = 0, held_above, 0, counters[3, level]
        for i in range(compactions):
            end, in_spare = start + stretches[first_stretch + i], False
            if level:
                found, next_run = bounds_within(starts, next_run, runs, start, end, bounds)
                in_spare = merge_neighbours(items, bounds, found, spare)
            kept_runs[i] = place
            place = keep_half(spare if in_spare else items, start + next_offset(counters, level), end, above, place)
            start = end
        first_stretch += compactions
        left[taken : taken + length - start] = items[start:length]
        taken += length - start
        counters[0, level] = length - start
        # What a compaction has kept ascends, so only what was held above must be looked at.
        runs = find_runs(above, held_above, starts)
        starts[runs : runs + compactions] = kept_runs[:compactions]
        items, length, runs = above, place, runs + compactions
        above, stream = stream, above
    return left[:taken]
