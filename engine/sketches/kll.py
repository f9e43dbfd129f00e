"""The KLL quantile sketch as Deequ builds it: deterministic, with the largest buffer at the bottom (deequ.md section 4).

Fed with the same values in the same order it holds the same items in the same places as Deequ's, so the sketch in a document of
the closed container can be compared item by item. Paper: Karnin, Lang, Liberty, "Optimal Quantile Approximation in Streams" (2016).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

SKETCH_SIZE = 2048
SHRINKING_FACTOR = 0.64
_NOTHING: FloatArray = np.empty(0, np.float64)


@dataclass
class Compactor:
    """One level: items in order of arrival, kept in pieces until they are needed together."""

    pieces: list[FloatArray] = field(default_factory=list)
    length: int = 0
    compressions: int = 0
    offset: int = 0

    def append(self, items: FloatArray) -> None:
        """Add items behind the others."""
        if len(items):
            self.pieces.append(items)
            self.length += len(items)

    def items(self) -> FloatArray:
        """All items in order of arrival."""
        if len(self.pieces) != 1:
            self.pieces = [np.concatenate(self.pieces) if self.pieces else _NOTHING]
        return self.pieces[0]

    def compact(self) -> FloatArray:
        """Keep every other item of the sorted even part for the level above; an odd last item stays."""
        items = self.items()
        even = self.length - self.length % 2
        if self.compressions % 2:
            self.offset = 1 - self.offset
        kept: FloatArray = np.sort(items[:even])[self.offset :: 2]
        self.compressions += 1
        self.pieces, self.length = [items[even:].copy()], self.length - even
        return kept


@functools.cache
def _capacities(k: int, c: float, levels: int) -> tuple[int, ...]:
    """How many items each level holds before it is compacted; k * c**h first, then halved, as Deequ's doubles do."""
    return tuple(2 * (math.ceil(k * math.pow(c, h) / 2) + 1) for h in range(levels))


class KllSketch:
    """A KLL sketch of float64 values. An item on level h stands for 2**h values."""

    def __init__(self, k: int = SKETCH_SIZE, c: float = SHRINKING_FACTOR) -> None:
        self.k = k
        self.c = c
        self.levels = [Compactor()]
        self._measure()

    def _measure(self) -> None:
        """Capacities of the levels, their total, and the number of items held."""
        self._capacities = _capacities(self.k, self.c, len(self.levels))
        self._total = sum(self._capacities)
        self.size = sum(level.length for level in self.levels)

    def update(self, values: FloatArray) -> None:
        """Take in values in order, as Deequ does one by one: a condense follows the value that exceeds the capacity."""
        start = 0
        while start < len(values):
            part = values[start : start + self._total - self.size + 1]
            # A copy, or the last few items would keep the whole batch in memory.
            self.levels[0].append(part.copy())
            self.size += len(part)
            start += len(part)
            if self.size > self._total:
                self._condense()

    def _condense(self) -> None:
        """Compact the lowest full level, and no other."""
        for height, level in enumerate(self.levels):
            if level.length >= self._capacities[height]:
                if height + 1 == len(self.levels):
                    self.levels.append(Compactor())
                    self._measure()
                kept = level.compact()
                self.levels[height + 1].append(kept)
                self.size -= len(kept)  # as many were dropped as were kept
                return

    def merge(self, other: KllSketch) -> None:
        """Append the levels of a later part of the data, then condense while there is no room (Deequ: ``>=`` here)."""
        while len(self.levels) < len(other.levels):
            self.levels.append(Compactor())
        for mine, theirs in zip(self.levels, other.levels, strict=False):
            mine.append(theirs.items())
        self._measure()
        while self.size >= self._total:
            before = self.size
            self._condense()
            if self.size == before:
                break

    def data(self) -> list[list[float]]:
        """Items by level, the lowest first, in the order in which they are held."""
        return [level.items().tolist() for level in self.levels]

    def weighted_items(self) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """All items in ascending order (stable), and how many values each stands for."""
        items = np.concatenate([level.items() for level in self.levels])
        weights = np.concatenate([np.full(level.length, 1 << h, np.int64) for h, level in enumerate(self.levels)])
        order = np.argsort(items, kind="stable")
        return items[order], weights[order]

    def rank(self, bounds: FloatArray, inclusive: bool) -> npt.NDArray[np.int64]:
        """Number of values below (``inclusive``: not above) each bound."""
        items, weights = self.weighted_items()
        totals = np.concatenate([[0], np.cumsum(weights)]).astype(np.int64)
        return totals[np.searchsorted(items, bounds, side="right" if inclusive else "left")]

    def buckets(self, low: float, high: float, count: int) -> list[tuple[float, float, int]]:
        """Equal-width buckets ``[low, high)``, the last one closed; the order of operations is Deequ's."""
        lows = np.array([low + (high - low) * i / count for i in range(count)])
        highs = np.array([low + (high - low) * (i + 1) / count for i in range(count)])
        counts = self.rank(highs, inclusive=False) - self.rank(lows, inclusive=False)
        counts[-1] = self.rank(highs[-1:], inclusive=True)[0] - self.rank(lows[-1:], inclusive=False)[0]
        return list(zip(lows.tolist(), highs.tolist(), counts.tolist(), strict=True))

    def quantiles(self, q: int = 100) -> list[float]:
        """The q - 1 inner quantiles (deequ.md 4.6); empty for an empty sketch."""
        items, weights = self.weighted_items()
        if not len(items):
            return []
        total, totals = int(weights.sum()), np.cumsum(weights)
        found, position = [float(items[0])] * (q - 1), 0
        current, threshold = 1, total // q
        while position < len(items) and current < q:
            reached = int(np.searchsorted(totals, threshold, side="left")) + 1 if threshold > 0 else 0
            position = max(position, reached)
            found[current - 1] = float(items[min(position, len(items) - 1)])
            current += 1
            threshold = current * total // q
        return found

    def to_state(self) -> dict[str, Any]:
        """Parameters, counters and items of the levels."""
        return {
            "k": self.k,
            "c": self.c,
            "compressions": [level.compressions for level in self.levels],
            "offsets": [level.offset for level in self.levels],
            "levels": [level.items() for level in self.levels],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> KllSketch:
        """The inverse of :meth:`to_state`."""
        sketch = cls(int(state["k"]), float(state["c"]))
        counters = zip(state["levels"], state["compressions"], state["offsets"], strict=True)
        sketch.levels = [Compactor([np.asarray(items)], len(items), n, offset) for items, n, offset in counters]
        sketch._measure()
        return sketch
