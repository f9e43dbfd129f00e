"""Rows for the flip test: all of them up to a limit, beyond it a sample that does not depend on how the data is split."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from plugins.bias.distinct import hash_numbers

FloatArray = npt.NDArray[np.float64]


@dataclass
class Rows:
    """Features, and the cells of facets and prediction. Merges itself.

    A sample keeps the rows with the smallest hashes of their features, in the order of the data.

    Attributes:
        limit: Rows that are kept; the smaller one holds in a merge.
        names: Columns of the features.
        values: Features; shape (rows, columns); NaN for what is missing or no number.
        cells: Of each row, its cells.
        seen: Rows that were looked at.
        bound: The largest hash that is kept, once there are more rows than the limit: rows above it need no look.
    """

    limit: int = sys.maxsize
    names: list[str] = field(default_factory=list)
    values: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    cells: list[list[str]] = field(default_factory=list)
    seen: int = 0
    bound: int = 2**64 - 1

    def admits(self, names: list[str], values: FloatArray) -> npt.NDArray[np.bool_]:
        """Which rows may be kept."""
        if self.bound == 2**64 - 1 or not set(names) <= set(self.names):
            return np.ones(len(values), bool)
        admitted: npt.NDArray[np.bool_] = hash_rows(_widened(values, names, self.names)) <= np.uint64(self.bound)
        return admitted

    def update(self, names: list[str], values: FloatArray, cells: list[list[str]], seen: int) -> None:
        """Take in rows: those admitted of so many that were seen."""
        self._add(names, values, cells, seen)

    def merge(self, other: Rows) -> None:
        """Take in a later part."""
        self.limit = min(self.limit, other.limit)
        self._add(other.names, other.values, other.cells, other.seen)

    def to_state(self) -> dict[str, Any]:
        """Plain values and arrays."""
        flat = self.values.ravel()
        return {"limit": self.limit, "names": self.names, "values": flat, "cells": self.cells, "seen": self.seen}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Rows:
        """The inverse of ``to_state``."""
        values = np.asarray(state["values"], np.float64).reshape(len(state["cells"]), len(state["names"]))
        return cls(**state | {"values": values})

    def _add(self, names: list[str], values: FloatArray, cells: list[list[str]], seen: int) -> None:
        joined = list(dict.fromkeys([*self.names, *names]))
        self.values = np.vstack([_widened(self.values, self.names, joined), _widened(values, names, joined)])
        self.names, self.cells, self.seen = joined, [*self.cells, *cells], self.seen + seen
        if len(self.cells) > self.limit:
            hashes = hash_rows(self.values)
            order = np.argsort(hashes, kind="stable")[: self.limit]
            self.bound, kept = int(hashes[order[-1]]), np.sort(order)
            self.values, self.cells = self.values[kept], [self.cells[i] for i in kept]


def _widened(values: FloatArray, names: list[str], wanted: list[str]) -> FloatArray:
    if names == wanted:
        return values
    found = np.full((len(values), len(wanted)), np.nan)
    for index, name in enumerate(names):
        found[:, wanted.index(name)] = values[:, index]
    return found


def hash_rows(values: FloatArray) -> npt.NDArray[np.uint64]:
    """A hash of each row; missing values are all alike."""
    found = np.zeros(len(values), np.uint64)
    for column in values.T:
        known = np.where(np.isnan(column), np.nan, column)  # NaN of one bit pattern
        found = hash_numbers((found ^ hash_numbers(known)).astype(np.float64))
    return found
