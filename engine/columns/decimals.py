"""Decimals by the bytes in which Arrow stores them: exact, without a Python object a value."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float64]

LONG_DIGITS = 18
"""Digits that always fit into 64 bits."""

LARGEST_POSITIVE = 127
"""A first byte above it is that of a negative number."""

_EXACT_INTEGER = 2**53
"""Up to here every whole number is a double."""

_EXACT_POWER = 22
"""Up to here every power of ten is a double."""


def big_endian_bytes(array: pa.Array) -> Bytes:
    """The unscaled values of an array without nulls in two's complement, a row each, the largest byte first.

    >>> big_endian_bytes(pa.array([258], pa.decimal128(5, 0)))[0, -3:].tolist()
    [0, 1, 2]
    """
    width = array.type.byte_width
    stored = np.frombuffer(array.buffers()[1] or b"", np.uint8, len(array) * width, array.offset * width)
    return stored.reshape(-1, width)[:, ::-1]


def unscaled_longs(array: pa.Array) -> npt.NDArray[np.int64]:
    """The unscaled values as 64 bits; what does not fit is cut off at the front."""
    stored = big_endian_bytes(array)
    width = min(8, stored.shape[1])
    words = np.empty((len(stored), 8), np.uint8)
    words[:] = np.where(stored[:, :1] > LARGEST_POSITIVE, np.uint8(255), np.uint8(0))
    words[:, 8 - width :] = stored[:, -width:]
    return words.view(">i8").astype(np.int64).ravel()


def to_doubles(array: pa.Array) -> FloatArray:
    """The doubles nearest to the decimals of an array without nulls, as Java's ``BigDecimal`` gives them.

    Arrow's cast multiplies by an inexact power of ten and is often one unit in the last place off.

    >>> from decimal import Decimal
    >>> to_doubles(pa.array([Decimal("56834724.12")])).tolist()
    [56834724.12]
    """
    kind = array.type
    longs = unscaled_longs(array)
    if abs(kind.scale) > _EXACT_POWER:
        return _through_text(array)
    values: FloatArray = longs / 10.0**kind.scale if kind.scale >= 0 else longs * 10.0**-kind.scale
    large = np.abs(longs) >= _EXACT_INTEGER
    if kind.precision > LONG_DIGITS:
        large |= _has_more_bytes(array)
    if large.any():
        values[large] = _through_text(array.filter(pa.array(large)))
    return values


def _has_more_bytes(array: pa.Array) -> npt.NDArray[np.bool_]:
    """Where a value does not fit into 64 bits."""
    stored = big_endian_bytes(array)
    sign = np.where(stored[:, -8:-7] > LARGEST_POSITIVE, np.uint8(255), np.uint8(0))
    more: npt.NDArray[np.bool_] = (stored[:, :-8] != sign).any(axis=1)
    return more


def _through_text(array: pa.Array) -> FloatArray:
    values: FloatArray = array.cast(pa.string()).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values
