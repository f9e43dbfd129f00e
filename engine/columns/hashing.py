"""64-bit xxHash (XXH64, seed 42) of Arrow values, bit for bit as Spark hashes them for HyperLogLog++.

Fixed-width values are hashed as 4 or 8 little-endian bytes, text and binary as their bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.columns.cells import cells_of
from engine.columns.decimals import LARGEST_POSITIVE, LONG_DIGITS, big_endian_bytes, unscaled_longs
from engine.columns.xxhash64 import Bytes, HashArray, UIntArray, hash_bytes, hash_doubles, hash_words, normalised
from engine.kernels.compilation import readonly


def hash_array(array: pa.Array) -> HashArray:
    """Hashes of the values of an array without nulls; empty for types that Spark does not count (lists, structs).

    >>> hex(int(hash_array(pa.array(["abc"]))[0]))
    '0x13c1d910702770e6'
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        return hash_array(array.dictionary.drop_null())
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        return hash_bytes(*cells_of(array))
    if pa.types.is_large_string(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return hash_bytes(*cells_of(array.cast(pa.binary())))
    if pa.types.is_floating(kind):
        return _hash_floats(array)
    if pa.types.is_decimal(kind):
        return _hash_decimals(array)
    words = _words(array)
    if words is None:
        return np.empty(0, np.uint64)
    return hash_words(*words)


def _words(array: pa.Array) -> tuple[UIntArray, int] | None:
    """The values as unsigned words, and whether Spark hashes 4 or 8 bytes of them."""
    kind = array.type
    types = pa.types
    if types.is_boolean(kind):
        return array.cast(pa.uint8()).to_numpy(zero_copy_only=False).astype(np.uint64), 4
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


def _hash_floats(array: pa.Array) -> HashArray:
    values: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
    if pa.types.is_float64(array.type):
        return hash_doubles(values)
    return hash_words(normalised(values.astype(np.float32)).view(np.uint32).astype(np.uint64), 4)


def _hash_decimals(array: pa.Array) -> HashArray:
    """Hash the unscaled values, exactly: as longs up to 18 digits, else as the bytes of Java's ``BigInteger.toByteArray``."""
    if array.type.precision <= LONG_DIGITS:
        return hash_words(unscaled_longs(array).view(np.uint64), 8)
    stored = big_endian_bytes(array)
    kept = ~_repeats_sign(stored)
    offsets = np.zeros(len(array) + 1, np.int32)
    np.cumsum(kept.sum(axis=1), out=offsets[1:])
    return hash_bytes(readonly(stored[kept]), readonly(offsets))


def _repeats_sign(stored: Bytes) -> npt.NDArray[np.bool_]:
    """Which leading bytes only repeat the sign that the byte behind them has, too."""
    negative = stored > LARGEST_POSITIVE
    sign = np.where(negative[:, :1], np.uint8(255), np.uint8(0))
    repeated = np.zeros(stored.shape, np.bool_)
    same = (stored[:, :-1] == sign) & (negative[:, 1:] == negative[:, :1])
    repeated[:, :-1] = np.logical_and.accumulate(same, axis=1)
    return repeated
