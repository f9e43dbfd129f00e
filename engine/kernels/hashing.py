"""64-bit xxHash (XXH64, seed 42) in loops; what it computes is said in ``engine/columns/xxhash64.py``."""

from __future__ import annotations

import numpy as np

from engine.kernels.looping import Bytes, Offsets, Words, loop
from engine.kernels.primes import P1, P2, P3, P4, P5, SEED

_u = np.uint64

_INFINITY, _NAN = _u(0x7FF0000000000000), _u(0x7FF8000000000000)
"""Bits of doubles."""
_LANE_1, _LANE_2, _LANE_4 = _u((42 + int(P1) + int(P2)) % 2**64), _u(42 + int(P2)), _u((42 - int(P1)) % 2**64)


@loop
def rotated(x: np.uint64, bits: int) -> np.uint64:
    """Rotate left."""
    return (x << _u(bits)) | (x >> _u(64 - bits))


@loop
def avalanche(h: np.uint64) -> np.uint64:
    """The last step of XXH64."""
    h = (h ^ (h >> _u(33))) * P2
    h = (h ^ (h >> _u(29))) * P3
    return h ^ (h >> _u(32))


@loop
def round_8(h: np.uint64, word: np.uint64) -> np.uint64:
    """Mix eight bytes into a hash."""
    return rotated(h ^ (rotated(word * P2, 31) * P1), 27) * P1 + P4


@loop
def round_4(h: np.uint64, word: np.uint64) -> np.uint64:
    """Mix four bytes into a hash."""
    return rotated(h ^ (word * P1), 23) * P2 + P3


@loop
def hash_8(words: Words, out: Words) -> None:
    """XXH64, seed 42, of words of eight bytes."""
    start = SEED + P5 + _u(8)
    for i in range(len(words)):
        out[i] = avalanche(round_8(start, words[i]))


@loop
def hash_doubles(words: Words, out: Words) -> None:
    """XXH64, seed 42, of the bits of doubles: of -0.0 as of 0.0, of every NaN as of the same one, as Spark normalises them."""
    start = SEED + P5 + _u(8)
    for i in range(len(words)):
        word = words[i]
        if word << _u(1) == 0:
            word = _u(0)
        elif word << _u(1) > _INFINITY << _u(1):
            word = _NAN
        out[i] = avalanche(round_8(start, word))


@loop
def hash_4(words: Words, out: Words) -> None:
    """XXH64, seed 42, of words of four bytes, each held in eight."""
    start = SEED + P5 + _u(4)
    for i in range(len(words)):
        out[i] = avalanche(round_4(start, words[i]))


@loop
def word_4(data: Bytes, i: np.uint64) -> np.uint64:
    """The little-endian word of four bytes at a position. It is unsigned, as a signed one might count from the end."""
    return _u(data[i]) | _u(data[i + _u(1)]) << _u(8) | _u(data[i + _u(2)]) << _u(16) | _u(data[i + _u(3)]) << _u(24)


@loop
def word_8(data: Bytes, i: np.uint64) -> np.uint64:
    """The little-endian word of eight bytes at an unsigned position."""
    return word_4(data, i) | word_4(data, i + _u(4)) << _u(32)


@loop
def lane(state: np.uint64, word: np.uint64) -> np.uint64:
    """Mix eight bytes into a lane."""
    return rotated(state + word * P2, 31) * P1


@loop
def stripes(data: Bytes, i: np.uint64, stop: np.uint64) -> np.uint64:
    """The four lanes over stripes of 32 bytes, merged."""
    a, b, c, d = _LANE_1, _LANE_2, SEED, _LANE_4
    while i < stop:
        a = lane(a, word_8(data, i))
        b = lane(b, word_8(data, i + _u(8)))
        c = lane(c, word_8(data, i + _u(16)))
        d = lane(d, word_8(data, i + _u(24)))
        i += _u(32)
    h = rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18)
    for one in (a, b, c, d):
        h = (h ^ lane(_u(0), one)) * P1 + P4
    return h


@loop
def hash_bytes(data: Bytes, offsets: Offsets, out: Words) -> None:
    """XXH64, seed 42, of the bytes between neighbouring offsets."""
    for row in range(
        len(offsets) - 1
    ):  # one function: as a function of its own, what is done for a cell takes twice the time
        i, end = _u(offsets[row]), _u(offsets[row + 1])
        size = end - i
        h = SEED + P5 + size
        if size >= _u(32):
            stop = i + (size & ~_u(31))
            h = stripes(data, i, stop) + size
            i = stop
        while i + _u(8) <= end:
            h = round_8(h, word_8(data, i))
            i += _u(8)
        if i + _u(4) <= end:
            h = round_4(h, word_4(data, i))
            i += _u(4)
        while i < end:
            h = rotated(h ^ (_u(data[i]) * P5), 11) * P1
            i += _u(1)
        out[row] = avalanche(h)
