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


def parse(cells: pa.Array) -> FloatArray:
    """Cells of the classes Integral and Fractional as numbers.

    A sign followed by a blank (``- 5``) is Integral for Deequ and no number for Spark's cast: NaN here, and left out of statistics.

    >>> parse(pa.array(["1", "+2.5", "1e3", "- 5"])).tolist()
    [1.0, 2.5, 1000.0, nan]
    """
    try:
        return _as_float64(cells)
    except pa.ArrowInvalid:
        plain = pc.replace_substring_regex(cells, r"\A\+", "")
        ok = pc.match_substring_regex(plain, r"\A-?\d")
        return _as_float64(pc.if_else(ok, plain, pa.scalar("nan", plain.type)))


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
