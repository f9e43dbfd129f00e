"""A batch of one column, with the things that several analyzers need computed once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns import data_types, numbers
from engine.columns.hashing import hash_array
from engine.columns.java_text import as_text
from engine.columns.occurrences import occurrences, occurrences_of_flags
from engine.columns.present import present
from engine.columns.stored_texts import stored_texts
from engine.columns.summation import sum_and_bounds
from engine.columns.text_numbers import TextNumbers, read_numbers
from engine.columns.xxhash64 import HashArray
from engine.kernels.compilation import compiled, readonly

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_SAMPLE = 1024
_FEW = 256


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
        return len(self.array) - (len(self.valid) if self._stored is None else len(self._stored))

    @cached_property
    def valid(self) -> pa.Array:
        """The values that are present, in row order; text always as ``string``."""
        array = self.array
        if pa.types.is_dictionary(array.type):
            array = array.cast(array.type.value_type)
        if pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
            array = array.cast(pa.string())
        return numbers.finite(present(array))

    @cached_property
    def kind(self) -> pa.DataType:
        """The type of the values, whether they are stored by reference or not."""
        return pa.string() if self._stored is not None else self.valid.type

    @cached_property
    def is_text(self) -> bool:
        """Whether the type of a cell follows from its text."""
        return bool(pa.types.is_string(self.kind))

    @cached_property
    def is_nested(self) -> bool:
        """Whether the values are lists, structs or maps, of which only presence is counted."""
        return bool(pa.types.is_nested(self.array.type))

    @cached_property
    def _stored(self) -> pa.DictionaryArray | None:
        """The present texts by reference, where they are stored so."""
        kind = self.array.type
        return (
            stored_texts(self.array) if pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type) else None
        )

    @cached_property
    def encoded(self) -> pa.DictionaryArray | None:
        """The present values by reference to the distinct ones, where a sample says that these are few."""
        if self._stored is not None:
            return self._stored if len(self._stored) else None
        if not len(self.valid) or pa.types.is_nested(self.array.type) or pa.types.is_null(self.array.type):
            return None
        if pa.types.is_dictionary(self.array.type):
            return self.valid.dictionary_encode()
        few = pc.count_distinct(self.valid[:_SAMPLE]).as_py() <= min(_FEW, len(self.valid) // 4)
        return numbers.without_signs_of_zeros(self.valid).dictionary_encode() if few else None

    @cached_property
    def type_counts(self) -> IntArray:
        """Number of cells of each of Deequ's classes: null, Fractional, Integral, Boolean, String."""
        counts = np.zeros(5, np.int64)
        if self.is_text:
            counts += self._class_counts()
        else:
            counts[data_types.typed_class(self.kind)] = len(self.valid)
        counts[data_types.UNKNOWN] = self.null_count
        return counts

    def _class_counts(self) -> IntArray:
        if self._counted is None:
            return np.bincount(self._classes, minlength=5)
        return np.bincount(self._classes, weights=self._counted[1], minlength=5).astype(np.int64)

    @cached_property
    def _counted(self) -> tuple[pa.Array, IntArray] | None:
        """The distinct values, where they are few, by first appearance, and how often each occurs."""
        if pa.types.is_boolean(self.kind):
            return occurrences_of_flags(self.valid) if len(self.valid) else None
        return None if self.encoded is None else occurrences(self.encoded)

    @cached_property
    def _classes(self) -> data_types.ClassArray:
        """Classes of the distinct values where they are few, else of all present cells."""
        return data_types.text_classes(self.encoded.dictionary if self.encoded is not None else self.valid)

    @cached_property
    def numbers(self) -> FloatArray:
        """The numeric values in row order: numeric cells of text, values of a numeric column; empty otherwise. Read only."""
        return readonly(self._read.values if self.is_text else numbers.cast(self.valid))

    @cached_property
    def _read(self) -> TextNumbers:
        """What the texts spell."""
        if self.encoded is None:
            return read_numbers(self.valid, self._classes)
        return read_numbers(self.encoded.dictionary, self._classes, self.encoded.indices.to_numpy())

    @property
    def excess(self) -> IntArray:
        """How many cells of each class are numbers beyond doubles: missing in a column of numbers, texts like others elsewhere."""
        return self._read.excess if self.is_text else np.zeros(5, np.int64)

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest number; infinities, the wrong way round, where there is none."""
        return sum_and_bounds(self.numbers, 0.0)[1]

    def added_to(self, start: float) -> float:
        """``start`` plus the numbers, one after the other, as Spark adds them."""
        total, self.__dict__["bounds"] = sum_and_bounds(self.numbers, start)  # one look at the numbers gives both
        return total

    @cached_property
    def hashes(self) -> HashArray:
        """Spark's 64-bit hashes, of every distinct present value at least once."""
        # In compiled loops it takes less time to hash all numbers than to find the distinct ones.
        if _is_word(self.kind) and compiled("hashing", 0) is not None:
            return hash_array(self.valid)
        values = self.valid if self._counted is None else self._counted[0]
        if self.excess.any() and not self.type_counts[[data_types.BOOLEAN, data_types.STRING]].any():
            values = values.filter(pc.invert(pc.is_in(values, pa.array(self._read.too_large, pa.string()))))
        return hash_array(values)

    def has_more_texts_than(self, limit: int) -> bool:
        """Whether there are surely more distinct texts; found without a look at all values. False where that cannot be told."""
        if not (self.is_text or pa.types.is_integer(self.kind) or _is_timestamp(self.kind)):
            return False
        if self.encoded is not None:
            return len(self.encoded.dictionary) > limit
        return bool(pc.count_distinct(self.valid[: 4 * limit]).as_py() > limit)

    @cached_property
    def weighted(self) -> tuple[pa.Array, IntArray]:
        """The present values, and how many cells each stands for: the distinct ones where these are few, else all, for one each.

        >>> found = ColumnView("x", pa.array(["b", "a", None, "b", "b", "b", "b", "b", "b"])).weighted
        >>> found[0].to_pylist(), found[1].tolist()
        (['b', 'a'], [7, 1])
        """
        return self._counted or (self.valid, np.ones(len(self.valid), np.int64))

    @cached_property
    def value_counts(self) -> tuple[list[str], IntArray]:
        """The distinct present values as text, and how often each occurs."""
        if self._counted is None and (self.is_nested or not len(self.valid)):
            return [], np.zeros(0, np.int64)
        values, counts = self._counted or occurrences(numbers.without_signs_of_zeros(self.valid).dictionary_encode())
        return as_text(values).to_pylist(), counts


def _is_word(kind: pa.DataType) -> bool:
    """Whether a value is a number of at most eight bytes."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind))


def _is_timestamp(kind: pa.DataType) -> bool:
    """Whether the values are points of time of which no two have the same text (nanoseconds are cut)."""
    return bool(pa.types.is_timestamp(kind) and kind.unit != "ns")
