"""What kind of column it is: decides whether a given value is one of a category or a threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView
from plugins.bias.distinct import Distinct

FloatArray = npt.NDArray[np.float64]
Storage = Literal["float", "integer", "bool", "text"]
SHARE = 0.05
"""Integers with at least this share of distinct values are continuous."""
MOST_VALUES = 20
"""Under the rule ``values``, numbers with more distinct values than this are continuous."""


@dataclass
class ColumnKind:
    """Counts that tell what a column holds. Merges itself.

    Attributes:
        present: Values.
        missing: Missing values.
        numbers: Values that are numbers.
        integers: Values that are whole numbers, written as such.
        bools: Values that are true or false.
        largest: The largest number.
        distinct: The distinct numbers.
    """

    present: int = 0
    missing: int = 0
    numbers: int = 0
    integers: int = 0
    bools: int = 0
    largest: float = -math.inf
    distinct: Distinct = field(default_factory=Distinct)

    def update(self, batch: BatchView, name: str) -> None:
        """Take in a column."""
        self.update_values(batch.array(name), numbers_of(batch, name), batch.texts(name), batch.labels(name))

    def update_values(self, array: pa.Array, numbers: FloatArray, texts: pa.Array, labels: pa.Array) -> None:
        """Take in values, given in four ways; those that are missing as labels are missing."""
        texts = pc.if_else(pc.is_valid(labels), texts, pa.scalar(None, pa.string()))
        valid = pc.is_valid(texts).to_numpy(zero_copy_only=False)
        found = ~np.isnan(numbers)
        present = int(found.sum()) if pa.types.is_floating(array.type) else int(valid.sum())
        self.present += present
        self.missing += len(array) - present
        self.numbers += int(found.sum())
        if pa.types.is_boolean(array.type):
            self.bools += present
        elif pa.types.is_integer(array.type):
            self.integers += present
        elif not pa.types.is_floating(array.type):
            self.integers += _count(pc.match_substring_regex(texts, r"^\s*[+-]?[0-9]+\s*$"))
            self.bools += _count(pc.match_substring_regex(texts, r"^\s*(?i:true|false)\s*$"))
        if found.any():
            self.largest = max(self.largest, float(numbers[found].max()))
            self.distinct.update(numbers[found])

    def merge(self, other: ColumnKind) -> None:
        """Take in a later part."""
        for name in ("present", "missing", "numbers", "integers", "bools"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.largest = max(self.largest, other.largest)
        self.distinct.merge(other.distinct)

    @property
    def storage(self) -> Storage:
        """The type that pandas would read the column as: whole numbers with missing values are floats."""
        if self.present and self.bools == self.present:
            return "bool" if not self.missing else "text"
        if self.present and self.numbers == self.present:
            return "integer" if self.integers == self.present and not self.missing else "float"
        return "text"

    def is_continuous(self, listed: int, rule: str) -> bool:
        """Whether one given value is a threshold.

        Args:
            listed: Number of values that the user lists.
            rule: ``clarify`` or ``values``.
        """
        if listed > 1 or self.storage in ("bool", "text"):
            return False
        if rule == "values":
            return self.distinct.estimate() > MOST_VALUES
        return self.storage == "float" or self.distinct.estimate() / self.present >= SHARE

    def to_state(self) -> dict[str, Any]:
        """Plain values."""
        names = ("present", "missing", "numbers", "integers", "bools")
        largest = {"largest": self.largest} if self.numbers else {}
        return {name: getattr(self, name) for name in names} | largest | {"hashes": self.distinct.hashes}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> ColumnKind:
        """The inverse of ``to_state``."""
        plain = dict(state)
        hashes = np.asarray(plain.pop("hashes"), np.uint64)
        return cls(**plain, distinct=Distinct(hashes))


def numbers_of(batch: BatchView, name: str) -> FloatArray:
    """A column as numbers; true is 1, false 0."""
    array = batch.array(name)
    if pa.types.is_boolean(array.type):
        found = array.cast(pa.int8()).cast(pa.float64()).fill_null(math.nan)
        return np.asarray(found.to_numpy(zero_copy_only=False))
    return batch.numbers(name)


def _count(flags: pa.Array) -> int:
    return int(pc.sum(flags).as_py() or 0)
