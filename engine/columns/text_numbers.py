"""The numbers of a column of texts, and how many of its cells are beyond doubles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.columns.data_types import FRACTIONAL, INTEGRAL, ClassArray
from engine.columns.numbers import FloatArray, parse

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TextNumbers:
    """Numbers that were read from texts.

    Attributes:
        values: The finite ones, in row order.
        excess: How many more cells of each class are numbers beyond doubles (``1e400``).
        too_large: The distinct texts of these.
    """

    values: FloatArray
    excess: IntArray
    too_large: tuple[str, ...] = ()


def read_numbers(cells: pa.Array, classes: ClassArray, entries: npt.NDArray[Any] | None = None) -> TextNumbers:
    """The numbers among texts.

    Args:
        cells: Texts.
        classes: Their classes.
        entries: Which of the texts stands in each row, where they are those of a dictionary; None: a row each, in order.

    >>> read_numbers(pa.array(["7", "1e400", "x"]), np.array([INTEGRAL, FRACTIONAL, 4], np.uint8)).values.tolist()
    [7.0]
    """
    numeric = (classes == INTEGRAL) | (classes == FRACTIONAL)
    if not numeric.any():
        return TextNumbers(np.empty(0, np.float64), np.zeros(5, np.int64))
    numbers = parse(cells if numeric.all() else cells.filter(pa.array(numeric)))
    if entries is not None:
        table = np.full(len(numeric), np.nan)
        table[numeric] = numbers
        values = table[entries]
    else:
        values = numbers
    finite = np.isfinite(values)
    if finite.all():
        return TextNumbers(values, np.zeros(5, np.int64))
    infinite = np.isinf(values)
    kinds = classes[entries] if entries is not None else classes[numeric]
    texts = cells.filter(pa.array(numeric)).filter(pa.array(np.isinf(numbers))).unique().to_pylist()
    return TextNumbers(values[finite], np.bincount(kinds[infinite], minlength=5), tuple(texts))
