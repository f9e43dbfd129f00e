"""Rank map of a KLL sketch: how many values lie at or below each item.

Source: Deequ's ``QuantileNonSample.getRankMap``. Up to 2.0.21 it turns the sorted (item, weight) list into a map first,
so equal items collapse to one with the weight of the highest level; 2.1.0 adds all weights. The container of Model
Monitor has Deequ 2.0.2. See ``docs/decisions/0002-kll-ranks-follow-the-container.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.sketches.kll import KllSketch
from engine.sketches.kll_compaction import Compactor

Levels = Sequence[Sequence[float]]
"""Items by level, level 0 first; an item of level h stands for 2^h values."""


@dataclass(frozen=True)
class RankMap:
    """Distinct items in ascending order with their ranks.

    Attributes:
        items: float64[d].
        ranks: float64[d], ascending; the last one is the weight of the sketch.
    """

    items: npt.NDArray[np.float64]
    ranks: npt.NDArray[np.float64]

    @property
    def total(self) -> float:
        """Weight of the sketch: the largest rank; 0 for an empty sketch."""
        return float(self.ranks[-1]) if self.ranks.size else 0.0

    def at(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Ranks of any points: that of the largest item at or below, 0 below all items."""
        return self._padded()[np.searchsorted(self.items, points, side="right")]

    def below(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Weight strictly below the points."""
        return self._padded()[np.searchsorted(self.items, points, side="left")]

    def _padded(self) -> npt.NDArray[np.float64]:
        return np.concatenate(([0.0], self.ranks))


def rank_map(levels: Levels, compat_2_0: bool = True) -> RankMap:
    """Ranks of the items of a sketch.

    Args:
        levels: Items by level.
        compat_2_0: Count equal items once, with the weight of the highest level they are on (Deequ 2.0.x, the
            container). False: add their weights (Deequ 2.1.0).
    """
    items, weights = _sketch(levels).weighted_items()
    last_of_run = np.append(items[1:] != items[:-1], True)[: items.size]
    ranks = np.cumsum(weights[last_of_run]) if compat_2_0 else np.cumsum(weights)[last_of_run]
    return RankMap(items[last_of_run], ranks.astype(np.float64))


def _sketch(levels: Levels) -> KllSketch:
    """The sketch of a document, which tells the items but not how often a level was compacted: enough to read ranks."""
    sketch = KllSketch()
    if levels:
        sketch.levels = [Compactor(np.asarray(level, np.float64)) for level in levels]
    return sketch
