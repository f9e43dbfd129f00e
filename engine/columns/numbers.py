"""Numbers of a column as float64: parsed from text, or cast from any numeric type."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.kernels.compilation import compiled, readonly

FloatArray = npt.NDArray[np.float64]


def finite(array: pa.Array) -> pa.Array:
    """The values of an array without nulls; NaN and infinities of floating-point columns are left out.

    >>> finite(pa.array([1.0, float("nan"), float("-inf")])).to_pylist()
    [1.0]
    """
    if not pa.types.is_floating(array.type):
        return array
    values = array.cast(pa.float64()) if pa.types.is_float16(array.type) else array
    with np.errstate(all="ignore"):  # a finite sum has finite terms; other sums may only be large
        if np.isfinite(values.to_numpy().sum()):
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
        return _as_float64(array)
    return np.empty(0, np.float64)


def sum_and_bounds(values: FloatArray, start: float) -> tuple[float, tuple[float, float]]:
    """``start`` plus the values, one after the other, as Spark adds them, and the smallest and largest of them.

    Of two zeros with different signs, the first counts, as Spark compares them as equal. Without values the bounds are infinities,
    the wrong way round.

    >>> sum_and_bounds(np.array([0.5, 2.0]), 1.0)
    (3.5, (0.5, 2.0))
    """
    if not len(values):
        return start, (math.inf, -math.inf)
    loops = compiled("moments", len(values))
    if loops is not None:
        total, smallest, largest = loops.sum_and_bounds(readonly(values), start)
        return total, (smallest, largest)
    total = float(pc.cumulative_sum(pa.array(values), start=start)[-1].as_py())
    return total, (_first_of_equals(values, values.min()), _first_of_equals(values, values.max()))


def _first_of_equals(values: FloatArray, value: float) -> float:
    return float(value) if value else float(values[np.argmax(values == value)])


def _as_float64(array: pa.Array) -> FloatArray:
    values: FloatArray = array.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values
