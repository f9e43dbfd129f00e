"""A batch of one column, with the things that several analyzers need computed once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns import data_types, distinct_values, hashing, numbers

FloatArray = npt.NDArray[np.float64]
HashArray = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class ColumnView:
    """The values of one column in one batch.

    Attributes:
        name: Column name.
        array: The values, one Arrow array of any type. Text columns (CSV, captures, strings in Parquet) are untyped: what a cell
            is follows from its text.
    """

    name: str
    array: pa.Array

    def __len__(self) -> int:
        return len(self.array)

    @property
    def null_count(self) -> int:
        """Number of missing values. NaN and infinities of a floating-point column count as missing (docs/decisions)."""
        return len(self.array) - len(self.valid)

    @cached_property
    def valid(self) -> pa.Array:
        """The values that are present, in row order."""
        array = numbers.finite(self.array)
        return array.drop_null() if array.null_count else array
