"""64-bit xxHash (XXH64, seed 42) of Arrow values, bit for bit as Spark hashes them for HyperLogLog++.

Fixed-width values are hashed as 4 or 8 little-endian bytes, text and binary as their bytes (deequ.md section 3; Spark's
``XxHash64Function``). All arithmetic is modulo 2**64 on numpy arrays, in chunks that stay in the processor's cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.columns.cells import cells_of
from engine.kernels.compilation import compiled, readonly

HashArray = npt.NDArray[np.uint64]
UIntArray = npt.NDArray[np.uint64]

P1, P2, P3, P4, P5 = (
    np.uint64(p)
    for p in (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
)
SEED = 42
CHUNK = 16_384
"""Values hashed at a time: eight such arrays fit the second-level cache."""


def hash_array(array: pa.Array) -> HashArray:
    """Hashes of the values of an array without nulls; empty for types that Spark does not count (lists, structs).

    >>> hex(int(hash_array(pa.array(["abc"]))[0]))
    '0x13c1d910702770e6'
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        return hash_array(array.dictionary.drop_null())
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        return _hash_bytes(array)
    if pa.types.is_large_string(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _hash_bytes(array.cast(pa.binary()))
    if pa.types.is_decimal(kind):
        return _hash_decimals(array)
    words = _words(array)
    if words is None:
        return np.empty(0, np.uint64)
    return _hash_words(*words)


def _words(array: pa.Array) -> tuple[UIntArray, int] | None:
    """The values as unsigned words, and whether Spark hashes 4 or 8 bytes of them."""
    kind = array.type
    types = pa.types
    if types.is_boolean(kind):
        return array.cast(pa.uint8()).to_numpy(zero_copy_only=False).astype(np.uint64), 4
    if types.is_floating(kind):
        return _float_bits(array)
    if types.is_int64(kind) or types.is_uint32(kind) or types.is_uint64(kind):
        return array.to_numpy(zero_copy_only=False).astype(np.int64, copy=False).view(np.uint64), 8
    if types.is_integer(kind):
        return array.to_numpy(zero_copy_only=False).astype(np.int32).view(np.uint32).astype(np.uint64), 4
    if types.is_date(kind):
        days = array.cast(pa.date32()).cast(pa.int32())
        return days.to_numpy(zero_copy_only=False).view(np.uint32).astype(np.uint64), 4
    if types.is_timestamp(kind):
        micros = array.cast(pa.timestamp("us", kind.tz), safe=False).cast(pa.int64())
        return micros.to_numpy(zero_copy_only=False).view(np.uint64), 8
    if types.is_duration(kind):
        return array.cast(pa.duration("us"), safe=False).cast(pa.int64()).to_numpy(zero_copy_only=False).view(
            np.uint64
        ), 8
    if types.is_time(kind):
        micros = array.cast(pa.time64("us"), safe=False).cast(pa.int64())
        return micros.to_numpy(zero_copy_only=False).view(np.uint64), 8
    return None


def _float_bits(array: pa.Array) -> tuple[UIntArray, int]:
    """Bits of floats: -0.0 as 0.0, one bit pattern for NaN, as Spark normalises them."""
    wide = pa.types.is_float64(array.type)
    values: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
    if not wide:
        values = values.astype(np.float32)
    values = values + values.dtype.type(0.0)
    nan = np.isnan(values)
    if nan.any():
        values[nan] = np.nan
    return (values.view(np.uint64), 8) if wide else (values.view(np.uint32).astype(np.uint64), 4)


def _hash_decimals(array: pa.Array) -> HashArray:
    if array.type.precision <= 18:
        scale = 10**array.type.scale
        unscaled = np.array([int(value * scale) for value in array.to_pylist()], np.int64)
        return _hash_words(unscaled.view(np.uint64), 8)
    return _hash_bytes(pa.array([_big_endian(value, array.type.scale) for value in array.to_pylist()], pa.binary()))


def _big_endian(value: Any, scale: int) -> bytes:
    """Java's ``BigInteger.toByteArray`` of the unscaled value: the fewest two's-complement bytes."""
    unscaled = int(value.scaleb(scale))
    bits = (unscaled if unscaled >= 0 else ~unscaled).bit_length()
    return unscaled.to_bytes(bits // 8 + 1, "big", signed=True)


def _hash_words(values: UIntArray, width: int) -> HashArray:
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
    start: np.uint64 = np.uint64((SEED + int(P5) + length) % 2**64)
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


def _hash_bytes(array: pa.Array) -> HashArray:
    data, offsets = cells_of(array)
    out = np.empty(len(array), np.uint64)
    loops = compiled("hashing", len(array))
    if loops is None:
        _hash_by_length(data, offsets.astype(np.int64), out)
    else:
        loops.hash_bytes(data, offsets, out)
    return out


def _hash_by_length(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], out: HashArray) -> None:
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


def _hash_texts(data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], length: int) -> HashArray:
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


def _gather(data: npt.NDArray[np.uint8], positions: npt.NDArray[np.int64], word: str) -> UIntArray:
    """The words that start at any byte positions, each zero-extended to 64 bits."""
    kind = np.dtype(word)
    everywhere = np.ndarray((len(data) - kind.itemsize + 1,), kind, data, strides=(1,))
    words: UIntArray = everywhere[positions].astype(np.uint64, copy=False)
    return words


def _stripes(data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], length: int, scratch: UIntArray) -> HashArray:
    """The four accumulators over stripes of 32 bytes."""
    seeds = [(SEED + int(P1) + int(P2)) % 2**64, (SEED + int(P2)) % 2**64, SEED, (SEED - int(P1)) % 2**64]
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
