"""The KLL quantile sketch as Deequ builds it: deterministic, with the largest buffer at the bottom (deequ.md section 4).

Fed with the same values in the same order it holds the same items in the same places as Deequ's, so the sketch in a document of
the closed container can be compared item by item. Paper: Karnin, Lang, Liberty, "Optimal Quantile Approximation in Streams" (2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.sketches.kll_compaction import Compactor, FloatArray, Items, narrowed
from engine.sketches.kll_loops import compact_by_loops
from engine.sketches.kll_schedule import Compactions, after_adding, after_merging

SKETCH_SIZE = 2048
SHRINKING_FACTOR = 0.64


class KllSketch:
    """A KLL sketch of float64 values. An item on level h stands for 2**h values."""

    def __init__(self, k: int = SKETCH_SIZE, c: float = SHRINKING_FACTOR) -> None:
        self.k = k
        self.c = c
        self.levels = [Compactor()]

    def update(self, values: FloatArray) -> None:
        """Take in values in order, with the compactions that Deequ makes as it takes them one by one."""
        self._run(after_adding(self.k, self.c, self._lengths(), len(values)), narrowed(values))

    def merge(self, other: KllSketch) -> None:
        """Append the levels of a later part of the data, then condense while there is no room."""
        self._grow(len(other.levels))
        for mine, theirs in zip(self.levels, other.levels, strict=False):
            mine.items = np.concatenate([mine.items, theirs.items])
        self._run(after_merging(self.k, self.c, self._lengths()), np.empty(0, np.float64))

    def _lengths(self) -> tuple[int, ...]:
        return tuple(len(level.items) for level in self.levels)

    def _run(self, compactions: Compactions, arrived: Items) -> None:
        """Make compactions, level by level."""
        self._grow(len(compactions))
        if compact_by_loops(self.levels, compactions, arrived):
            return
        for height, (level, stretches) in enumerate(zip(self.levels, compactions, strict=True)):
            if len(arrived) or stretches:
                arrived = level.compact(arrived, stretches, runs=height > 0)

    def _grow(self, levels: int) -> None:
        self.levels += [Compactor() for _ in range(levels - len(self.levels))]

    def data(self) -> list[list[float]]:
        """Items by level, the lowest first, in the order in which they are held."""
        return [level.items.tolist() for level in self.levels]

    def weighted_items(self) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """All items in ascending order (stable), and how many values each stands for."""
        items = np.concatenate([level.items for level in self.levels])
        weights = np.concatenate([np.full(len(level.items), 1 << h, np.int64) for h, level in enumerate(self.levels)])
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
        """Parameters, counters, and the items of all levels, the lowest first."""
        return {
            "k": self.k,
            "c": self.c,
            "compressions": [level.compressions for level in self.levels],
            "offsets": [level.offset for level in self.levels],
            "lengths": list(self._lengths()),
            "items": np.concatenate([level.items for level in self.levels]),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> KllSketch:
        """The inverse of :meth:`to_state`."""
        sketch = cls(int(state["k"]), float(state["c"]))
        levels = np.split(np.asarray(state["items"], np.float64), np.cumsum(state["lengths"])[:-1])
        counters = zip(levels, state["compressions"], state["offsets"], strict=True)
        sketch.levels = [Compactor(items, n, offset) for items, n, offset in counters]
        return sketch
