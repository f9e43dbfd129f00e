"""Sums of numbers: in row order where Spark's last digits count, and in lanes, which takes a fraction of the time, elsewhere.

No scalar product: BLAS adds up in another order for every number of threads.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.kernels.compilation import compiled, readonly
from engine.kernels.lanes import LANES

FloatArray = npt.NDArray[np.float64]


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


def sum_in_lanes(values: FloatArray) -> float:
    """The sum, by 64 sums side by side: value i is added to number i modulo 64, and these are halved until one is left.

    >>> sum_in_lanes(np.array([0.5, 2.0]))
    2.5
    """
    loops = compiled("moments", len(values))
    if loops is not None:
        found: float = loops.sum_in_lanes(readonly(values))
        return found
    with np.errstate(all="ignore"):  # as the loops, which leave it to the caller what an infinite sum means
        return _sum_in_lanes(values)


def squares_in_lanes(values: FloatArray, average: float) -> float:
    """The sum of squared deviations from ``average``, added up in the same way.

    >>> squares_in_lanes(np.array([1.0, 2.0, 3.0]), 2.0)
    2.0
    """
    loops = compiled("moments", len(values))
    if loops is not None:
        found: float = loops.squares_in_lanes(readonly(values), average)
        return found
    with np.errstate(all="ignore"):
        deviations = values - average
        return _sum_in_lanes(np.square(deviations, out=deviations))


def _sum_in_lanes(values: FloatArray) -> float:
    whole = len(values) // LANES * LANES
    lanes = np.zeros(LANES)
    lanes += np.add.reduce(values[:whole].reshape(-1, LANES), axis=0)  # row by row, as it is not along memory
    lanes[: len(values) - whole] += values[whole:]
    while len(lanes) > 1:
        lanes = lanes[: len(lanes) // 2] + lanes[len(lanes) // 2 :]
    return float(lanes[0])


def _first_of_equals(values: FloatArray, value: float) -> float:
    return float(value) if value else float(values[np.argmax(values == value)])
