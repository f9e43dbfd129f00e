"""Numbers of a column as float64: parsed from text, or cast from any numeric type."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.decimals import to_doubles
from engine.columns.summation import sum_in_lanes

FloatArray = npt.NDArray[np.float64]

_BLANKS = "".join(map(chr, range(33)))
"""What Java's ``trim`` takes off."""

_SPELLS_NUMBER = r"\A[\x00-\x20]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[\x00-\x20]*\z"


def finite(array: pa.Array) -> pa.Array:
    """The values of an array without nulls; NaN and infinities of floating-point columns are left out.

    >>> finite(pa.array([1.0, float("nan"), float("-inf")])).to_pylist()
    [1.0]
    """
    if not pa.types.is_floating(array.type):
        return array
    values = array.cast(pa.float64()) if pa.types.is_float16(array.type) else array
    # A finite sum has finite terms; other sums may only be large.
    if math.isfinite(sum_in_lanes(values.to_numpy().astype(np.float64, copy=False))):
        return values
    ok = pc.is_finite(values)
    return values if pc.all(ok, min_count=0).as_py() else values.filter(ok)


def without_signs_of_zeros(array: pa.Array) -> pa.Array:
    """The same values; -0.0 of a floating-point column is 0.0, as both are one value.

    >>> without_signs_of_zeros(pa.array([-0.0, -1.5])).to_pylist()
    [0.0, -1.5]
    """
    kind = array.type
    has_signs = pa.types.is_float64(kind) or pa.types.is_float32(kind)
    return pc.add(array, pa.scalar(0.0, kind)) if has_signs else array


def parse(cells: pa.Array) -> FloatArray:
    """Cells of the classes Integral and Fractional as numbers, infinite where they are beyond doubles.

    Spark cuts off a blank before a number. A blank behind its sign (``- 5``) is part of a number for Deequ and of none for Spark:
    NaN here, and left out of statistics.

    >>> parse(pa.array(["1", "+2.5", "1e3", " 4", "- 5", "1e999"])).tolist()
    [1.0, 2.5, 1000.0, 4.0, nan, inf]
    """
    try:
        return _as_float64(cells)
    except pa.ArrowInvalid:
        plain = pc.ascii_ltrim(cells, " ")
    try:
        return _as_float64(plain)
    except pa.ArrowInvalid:
        return _as_float64(_numbers_or_nan(plain, pc.match_substring_regex(plain, r"\A[+-]?\d")))


def parse_texts(cells: pa.Array) -> FloatArray:
    """The number that each text spells, as Spark's cast reads it; NaN for nulls, other texts, infinities and what exceeds doubles.

    What Java takes for a number in its source alone (``1d``, ``0x1p3``) is a text: in data it is a code more often.

    >>> parse_texts(pa.array([" 3.0", "4 ", ".5", "1.", "-1e2", "- 5", "x", "1d", "1e999", "inf", None])).tolist()
    [3.0, 4.0, 0.5, 1.0, -100.0, nan, nan, nan, nan, nan, nan]
    """
    try:
        values = _as_float64(cells)
    except pa.ArrowInvalid:
        spells = pc.match_substring_regex(cells, _SPELLS_NUMBER)
        values = _as_float64(_numbers_or_nan(pc.ascii_trim(cells, _BLANKS), spells))
    beyond = ~np.isfinite(values)
    return np.where(beyond, np.nan, values) if beyond.any() else values


def cast(array: pa.Array) -> FloatArray:
    """Values of a typed column without nulls as numbers; empty for columns that are not numeric."""
    kind = array.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        values: FloatArray = array.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
        return values
    if pa.types.is_decimal(kind):
        return to_doubles(array)
    return np.empty(0, np.float64)


def _as_float64(array: pa.Array) -> FloatArray:
    values: FloatArray = array.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _numbers_or_nan(texts: pa.Array, are_numbers: pa.Array) -> pa.Array:
    """Texts that Arrow casts: without a plus before the number, and ``nan`` for those that are none."""
    return pc.if_else(are_numbers, pc.replace_substring_regex(texts, r"\A\+", ""), pa.scalar("nan", texts.type))
