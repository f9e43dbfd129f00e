"""XXH64, seed 42, on numpy arrays. All arithmetic is modulo 2**64, in chunks that stay in the processor's cache.

Where a process has much to hash, the loops of ``engine/kernels/hashing.py`` do the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.kernels.compilation import compiled, readonly
from engine.kernels.primes import P1, P2, P3, P4, P5, SEED

HashArray = npt.NDArray[np.uint64]
UIntArray = npt.NDArray[np.uint64]
FloatArray = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]

CHUNK = 16_384
"""Values hashed at a time: eight such arrays fit the second-level cache."""


def hash_words(values: UIntArray, width: int) -> HashArray:
    """Hash words of 4 or 8 bytes."""
    out = np.empty(len(values), np.uint64)
    loops = compiled("hashing", len(values))
    if loops is not None:
        (loops.hash_8 if width == 8 else loops.hash_4)(readonly(values), out)
        return out
    kernel = _hash_8 if width == 8 else _hash_4
    for start in range(0, len(values), CHUNK):
        kernel(values[start : start + CHUNK], out[start : start + CHUNK])
    return out


def hash_doubles(values: npt.NDArray[np.float64]) -> HashArray:
    """Hash doubles by their bits, normalised."""
    loops = compiled("hashing", len(values))
    if loops is None:
        return hash_words(normalised(values).view(np.uint64), 8)
    out = np.empty(len(values), np.uint64)
    loops.hash_doubles(readonly(values.view(np.uint64)), out)
    return out


def normalised(values: FloatArray) -> FloatArray:
    """A copy with -0.0 as 0.0 and one bit pattern for NaN, as Spark has them before it hashes."""
    values = values + values.dtype.type(0.0)
    nan = np.isnan(values)
    if nan.any():
        values[nan] = np.nan
    return values


def hash_bytes(data: Bytes, offsets: npt.NDArray[np.int32]) -> HashArray:
    """Hash the bytes between neighbouring offsets."""
    out = np.empty(len(offsets) - 1, np.uint64)
    loops = compiled("hashing", len(out))
    if loops is None:
        _hash_by_length(data, offsets.astype(np.int64), out)
    else:
        loops.hash_bytes(data, offsets, out)
    return out


def _rotate(x: UIntArray, bits: int, scratch: UIntArray) -> None:
    """Rotate left in place."""
    np.right_shift(x, np.uint64(64 - bits), out=scratch)
    np.left_shift(x, np.uint64(bits), out=x)
    np.bitwise_or(x, scratch, out=x)


def _round_8(h: UIntArray, word: UIntArray, scratch: UIntArray) -> None:
    """Mix an 8-byte word into ``h``; ``word`` is destroyed."""
    np.multiply(word, P2, out=word)
    _rotate(word, 31, scratch)
    np.multiply(word, P1, out=word)
    np.bitwise_xor(h, word, out=h)
    _rotate(h, 27, scratch)
    np.multiply(h, P1, out=h)
    np.add(h, P4, out=h)


def _round_4(h: UIntArray, word: UIntArray, scratch: UIntArray) -> None:
    np.bitwise_xor(h, word * P1, out=h)
    _rotate(h, 23, scratch)
    np.multiply(h, P2, out=h)
    np.add(h, P3, out=h)


def _round_1(h: UIntArray, byte: UIntArray, scratch: UIntArray) -> None:
    np.bitwise_xor(h, byte * P5, out=h)
    _rotate(h, 11, scratch)
    np.multiply(h, P1, out=h)


def _avalanche(h: UIntArray, scratch: UIntArray) -> None:
    for shift, prime in ((33, P2), (29, P3)):
        np.right_shift(h, np.uint64(shift), out=scratch)
        np.bitwise_xor(h, scratch, out=h)
        np.multiply(h, prime, out=h)
    np.right_shift(h, np.uint64(32), out=scratch)
    np.bitwise_xor(h, scratch, out=h)


def _start(length: int) -> np.uint64:
    start: np.uint64 = np.uint64((int(SEED) + int(P5) + length) % 2**64)
    return start


def _hash_8(values: UIntArray, out: HashArray) -> None:
    scratch = np.empty_like(out)
    out.fill(_start(8))
    _round_8(out, values.copy(), scratch)
    _avalanche(out, scratch)


def _hash_4(values: UIntArray, out: HashArray) -> None:
    scratch = np.empty_like(out)
    out.fill(_start(4))
    _round_4(out, values, scratch)
    _avalanche(out, scratch)


def _hash_by_length(data: Bytes, offsets: npt.NDArray[np.int64], out: HashArray) -> None:
    """Hash texts of equal length together: word by word, each a gather from where the texts start."""
    lengths = np.diff(offsets)
    order = np.argsort(lengths.astype(np.uint16) if lengths.max(initial=0) < 2**16 else lengths, kind="stable")
    ends = np.flatnonzero(np.diff(lengths[order], append=-1))
    start = 0
    for end in ends + 1:
        for block in range(start, int(end), CHUNK):
            rows = order[block : min(block + CHUNK, end)]
            out[rows] = _hash_texts(data, offsets[rows], int(lengths[rows[0]]))
        start = int(end)


def _hash_texts(data: Bytes, starts: npt.NDArray[np.int64], length: int) -> HashArray:
    scratch = np.empty(len(starts), np.uint64)
    position = length - length % 32
    if position:
        h = _stripes(data, starts, position, scratch)
        h += np.uint64(length)
    else:
        h = np.full(len(starts), _start(length), np.uint64)
    while position + 8 <= length:
        _round_8(h, _gather(data, starts + position, "<u8"), scratch)
        position += 8
    if position + 4 <= length:
        _round_4(h, _gather(data, starts + position, "<u4"), scratch)
        position += 4
    for byte in range(position, length):
        _round_1(h, _gather(data, starts + byte, "u1"), scratch)
    _avalanche(h, scratch)
    return h


def _gather(data: Bytes, positions: npt.NDArray[np.int64], word: str) -> UIntArray:
    """The words that start at any byte positions, each zero-extended to 64 bits."""
    kind = np.dtype(word)
    everywhere = np.ndarray((len(data) - kind.itemsize + 1,), kind, data, strides=(1,))
    words: UIntArray = everywhere[positions].astype(np.uint64, copy=False)
    return words


def _stripes(data: Bytes, starts: npt.NDArray[np.int64], length: int, scratch: UIntArray) -> HashArray:
    """The four accumulators over stripes of 32 bytes."""
    seed = int(SEED)
    seeds = [(seed + int(P1) + int(P2)) % 2**64, (seed + int(P2)) % 2**64, seed, (seed - int(P1)) % 2**64]
    lanes = [np.full(len(starts), seed, np.uint64) for seed in seeds]
    for position in range(0, length, 8):
        lane = lanes[position // 8 % 4]
        lane += _gather(data, starts + position, "<u8") * P2
        _rotate(lane, 31, scratch)
        lane *= P1
    h = np.zeros(len(starts), np.uint64)
    for lane, bits in zip(lanes, (1, 7, 12, 18), strict=True):
        turned = lane.copy()
        _rotate(turned, bits, scratch)
        h += turned
    for lane in lanes:
        np.multiply(lane, P2, out=lane)
        _rotate(lane, 31, scratch)
        np.multiply(lane, P1, out=lane)
        h ^= lane
        h *= P1
        h += P4
    return h
