"""Explained rows: those with the smallest hashes, so that the choice does not depend on how the data is split."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
HashArray = npt.NDArray[np.uint64]


@dataclass
class Sample:
    """Attributions of rows, in the order of their hashes. Merges itself.

    Attributes:
        limit: Rows that are kept; the smaller one holds in a merge.
        hashes: Ascending.
        values: Shape (rows, labels x features).
    """

    limit: int = sys.maxsize
    hashes: HashArray = field(default_factory=lambda: np.empty(0, np.uint64))
    values: FloatArray = field(default_factory=lambda: np.empty((0, 0)))

    def admits(self, hashes: HashArray) -> npt.NDArray[np.bool_]:
        """Which rows would be kept: only these need to be explained."""
        if not self.limit:
            return np.zeros(len(hashes), bool)
        if len(self.hashes) == self.limit:
            kept: npt.NDArray[np.bool_] = hashes < self.hashes[-1]
            hashes = np.where(kept, hashes, np.uint64(2**64 - 1))
        else:
            kept = np.ones(len(hashes), bool)
        chosen = np.zeros(len(hashes), bool)
        chosen[np.argsort(hashes, kind="stable")[: self.limit]] = True
        return chosen & kept

    def add(self, hashes: HashArray, values: FloatArray) -> None:
        """Take in explained rows."""
        if not len(hashes):
            return
        joined = values if not len(self.hashes) else np.vstack([self.values, values])
        every = np.concatenate([self.hashes, hashes])
        order = np.argsort(every, kind="stable")[: self.limit]
        self.hashes, self.values = every[order], joined[order]

    def merge(self, other: Sample) -> None:
        """Take in a later part."""
        self.limit = min(self.limit, other.limit)
        self.add(other.hashes, other.values)

    def to_state(self) -> dict[str, Any]:
        """Plain values and arrays."""
        return {"limit": self.limit, "hashes": self.hashes, "values": self.values.ravel()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Sample:
        """The inverse of ``to_state``."""
        hashes = np.asarray(state["hashes"], np.uint64)
        values = np.asarray(state["values"], np.float64)
        return cls(state["limit"], hashes, values.reshape(len(hashes), -1) if len(hashes) else np.empty((0, 0)))
