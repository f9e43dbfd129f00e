"""64-bit xxHash (XXH64, seed 42) of Arrow values, bit for bit as Spark hashes them for HyperLogLog++.

Fixed-width values are hashed as 4 or 8 little-endian bytes, text and binary as their bytes (deequ.md section 3; Spark's
``XxHash64Function``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.columns.cells import cells_of
from engine.columns.xxhash64 import HashArray, UIntArray, hash_bytes, hash_doubles, hash_words, normalised


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
    if array.type.precision <= 18:
        scale = 10**array.type.scale
        unscaled = np.array([int(value * scale) for value in array.to_pylist()], np.int64)
        return hash_words(unscaled.view(np.uint64), 8)
    texts = pa.array([_big_endian(value, array.type.scale) for value in array.to_pylist()], pa.binary())
    return hash_bytes(*cells_of(texts))


def _big_endian(value: Any, scale: int) -> bytes:
    """Java's ``BigInteger.toByteArray`` of the unscaled value: the fewest two's-complement bytes."""
    unscaled = int(value.scaleb(scale))
    bits = (unscaled if unscaled >= 0 else ~unscaled).bit_length()
    return unscaled.to_bytes(bits // 8 + 1, "big", signed=True)
