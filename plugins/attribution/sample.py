"""Explained rows: those with the smallest keys, so that the choice does not depend on the cluster or on how the data is split.

Rows that are alike must neither fill the sample together nor be missed together. So the key of a row is the hash of its values
and of its place among its like in the batch; rows of other batches with the same key are the same row, which counts once more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from plugins.bias.distinct import hash_numbers
from plugins.bias.rows import hash_rows

FloatArray = npt.NDArray[np.float64]
HashArray = npt.NDArray[np.uint64]
IntArray = npt.NDArray[np.int64]


@dataclass
class Sample:
    """Attributions of rows, in the order of their keys. Merges itself.

    Attributes:
        limit: Keys that are kept; the smaller one holds in a merge.
        hashes: The keys, distinct and ascending.
        counts: How many rows each stands for. A key that is kept has been kept in every part, so its count is exact.
        values: Shape (keys, labels x features).
    """

    limit: int = sys.maxsize
    hashes: HashArray = field(default_factory=lambda: np.empty(0, np.uint64))
    counts: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    values: FloatArray = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def rows(self) -> int:
        """Rows that the keys stand for."""
        return int(self.counts.sum())

    def add(self, keys: HashArray, explain: Callable[[IntArray], FloatArray]) -> None:
        """Take in a batch.

        Args:
            keys: Of the rows.
            explain: Gives the attributions of the rows at some places; asked for new rows that are kept, and only for these.
        """
        distinct, first, counts = np.unique(keys, return_index=True, return_counts=True)
        every = np.union1d(self.hashes, distinct)
        kept = distinct <= every[min(self.limit, len(every)) - 1] if len(every) else np.zeros(0, bool)
        new = kept & ~np.isin(distinct, self.hashes)
        values = explain(first[new]) if new.any() else np.empty((0, 0))
        self._add(distinct[new], counts[new], values)
        again = kept & ~new
        self.counts[np.searchsorted(self.hashes, distinct[again])] += counts[again]

    def merge(self, other: Sample) -> None:
        """Take in a later part."""
        self.limit = min(self.limit, other.limit)
        known = np.isin(other.hashes, self.hashes)
        self.counts[np.searchsorted(self.hashes, other.hashes[known])] += other.counts[known]
        self._add(other.hashes[~known], other.counts[~known], other.values[~known])

    def to_state(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {"limit": self.limit, "hashes": self.hashes, "counts": self.counts, "values": self.values.ravel()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Sample:
        """The inverse of ``to_state``."""
        hashes, counts = np.asarray(state["hashes"], np.uint64), np.asarray(state["counts"], np.int64)
        values = np.asarray(state["values"], np.float64)
        return cls(state["limit"], hashes, counts, values.reshape(len(hashes), -1) if len(hashes) else np.empty((0, 0)))

    def _add(self, hashes: HashArray, counts: IntArray, values: FloatArray) -> None:
        if len(hashes):
            every = np.concatenate([self.hashes, hashes])
            order = np.argsort(every)
            joined = np.vstack([self.values, values]) if len(self.hashes) else values
            self.hashes, self.values = every[order], joined[order]
            self.counts = np.concatenate([self.counts, counts])[order]
        if len(self.hashes) > self.limit:
            self.hashes, self.counts = self.hashes[: self.limit], self.counts[: self.limit]
            self.values = self.values[: self.limit]


def keys_of(rows: FloatArray) -> HashArray:
    """The keys of the rows of a batch: that of a row which occurs for the first time is the hash of its values."""
    hashes = hash_rows(rows)
    order = np.argsort(hashes, kind="stable")
    starts = np.flatnonzero(np.diff(hashes[order], prepend=~hashes[order][:1]))
    sizes = np.diff(np.append(starts, len(rows)))
    places = np.empty(len(rows), np.int64)
    places[order] = np.arange(len(rows)) - np.repeat(starts, sizes)
    mixed = hash_numbers((hashes ^ hash_numbers(places.astype(np.float64))).astype(np.float64))
    return np.where(places == 0, hashes, mixed)


def weighted_median(values: FloatArray, counts: IntArray) -> float:
    """The median of values of which each occurs so many times.

    >>> weighted_median(np.array([3.0, 1.0, 9.0]), np.array([1, 2, 1]))
    2.0
    """
    order = np.argsort(values)
    ends = np.cumsum(counts[order])
    middle = [(ends[-1] - 1) // 2, ends[-1] // 2]
    low, high = values[order][np.searchsorted(ends, middle, side="right")]
    return float(0.5 * low + 0.5 * high)  # their sum may be too large for a double
