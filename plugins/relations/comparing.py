"""Values of two or more columns, compared by all of their digits: a double has only sixteen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView, canonical_labels

Mask = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

EXACT_DIGITS = 15
"""Digits that a double always keeps."""

EXACT_INTEGER = 2.0**53
"""From here on a double is not every whole number."""

_ROOM = 50
"""Digits with which decimals are added: those of the largest columns, and some for the sum."""


def are_present(batch: BatchView, name: str) -> Mask:
    """Where a column has a value; NaN and infinities are none."""
    array = _plain(batch.array(name))
    if pa.types.is_floating(array.type):
        return ~np.isnan(batch.numbers(name))
    return np.asarray(pc.is_valid(array).to_numpy(zero_copy_only=False))


def are_equal(batch: BatchView, left: str, right: str) -> Mask:
    """Where two columns hold the same value: the same number, whatever its type and spelling, else the same text."""
    one, other = batch.numbers(left), batch.numbers(right)
    same: Mask = one == other
    doubtful = same & (_loses_digits(batch, left) | _loses_digits(batch, right))
    if doubtful.any():
        rows = pa.array(np.flatnonzero(doubtful))
        exact = pc.equal(*(canonical_labels(batch.array(name).take(rows)) for name in (left, right)))
        same[doubtful] = exact.fill_null(False).to_numpy(zero_copy_only=False)
    if any(_is_number(_plain(batch.array(name)).type) for name in (left, right)):
        return same
    alike: Mask = pc.equal(batch.texts(left), batch.texts(right)).fill_null(False).to_numpy(zero_copy_only=False)
    return same | alike


def excess_over_total(batch: BatchView, parts: Sequence[str], total: str) -> FloatArray:
    """By how much the sum of some columns exceeds another, one a row; NaN where one of them has no number."""
    types = [_plain(batch.array(name)).type for name in (*parts, total)]
    if any(pa.types.is_decimal(kind) for kind in types) and all(map(_is_exact, types)):
        return _exact_excess(batch, parts, total)
    numbers = [batch.numbers(name) for name in parts]
    bounds = sum(float(np.nanmax(np.abs(values), initial=0.0)) for values in [*numbers, batch.numbers(total)])
    if bounds >= EXACT_INTEGER and all(map(_is_exact, types)):
        return _exact_excess(batch, parts, total)
    with np.errstate(over="ignore", invalid="ignore"):
        excess: FloatArray = np.sum(numbers, axis=0) - batch.numbers(total)
    return excess


def _exact_excess(batch: BatchView, parts: Sequence[str], total: str) -> FloatArray:
    arrays = [_plain(batch.array(name)) for name in (*parts, total)]
    scale = max(0, *(array.type.scale for array in arrays if pa.types.is_decimal(array.type)), 0)
    *added, whole = (array.cast(pa.decimal256(_ROOM, scale)) for array in arrays)
    excess = pc.negate(whole)
    for array in added:
        excess = pc.add(excess, array).cast(pa.decimal256(_ROOM, scale))
    values: FloatArray = excess.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _loses_digits(batch: BatchView, name: str) -> Mask:
    """Where a value may have more digits than a double keeps."""
    array = _plain(batch.array(name))
    if pa.types.is_integer(array.type):
        large: Mask = np.abs(batch.numbers(name)) >= EXACT_INTEGER
        return large
    if pa.types.is_decimal(array.type):
        return np.full(batch.rows, array.type.precision > EXACT_DIGITS)
    if pa.types.is_floating(array.type) or pa.types.is_boolean(array.type):
        return np.zeros(batch.rows, np.bool_)
    long = pc.greater(pc.binary_length(batch.texts(name)), EXACT_DIGITS).fill_null(False)
    return np.asarray(long.to_numpy(zero_copy_only=False))


def _plain(array: pa.Array) -> pa.Array:
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def _is_number(kind: pa.DataType) -> bool:
    return bool(_is_exact(kind) or pa.types.is_floating(kind))


def _is_exact(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_decimal(kind))
