"""When which level of a KLL sketch is compacted: it follows from the numbers of items alone, never from the items.

So the compactions of a whole batch are known before any value is looked at, and every level can do all of its own in one go: what
it compacts are neighbouring stretches of its items in order of arrival (deequ.md 4.2 to 4.4).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence


@functools.cache
def capacities(k: int, c: float, levels: int) -> tuple[int, ...]:
    """How many items each level holds before it is compacted; k * c**h first, then halved, as Deequ's doubles do."""
    return tuple(2 * (math.ceil(k * math.pow(c, h) / 2) + 1) for h in range(levels))


Compactions = tuple[tuple[int, ...], ...]
"""Of each level, the (even) number of items that each of its compactions takes from its front."""


@functools.lru_cache(maxsize=256)
def after_adding(k: int, c: float, lengths: tuple[int, ...], count: int) -> Compactions:
    """The compactions that adding ``count`` values leads to. Columns without nulls share them, batch by batch.

    >>> after_adding(2048, 0.64, (2049,), 3)
    ((2050,), ())
    """
    schedule = _Schedule(k, c, lengths)
    schedule.add(count)
    return tuple(map(tuple, schedule.stretches))


def after_merging(k: int, c: float, lengths: tuple[int, ...]) -> Compactions:
    """The compactions after the items of another sketch have been appended."""
    schedule = _Schedule(k, c, lengths)
    schedule.shrink()
    return tuple(map(tuple, schedule.stretches))


class _Schedule:
    """Numbers of items by level, and the compactions that adding items leads to.

    Attributes:
        lengths: Number of items of each level.
        stretches: Of each level, the (even) number of items that each of its compactions takes from its front.
    """

    def __init__(self, k: int, c: float, lengths: Sequence[int]) -> None:
        self._k, self._c = k, c
        self.lengths = list(lengths)
        self.stretches: list[list[int]] = [[] for _ in lengths]
        self._size = sum(lengths)
        self._measure()

    def _measure(self) -> None:
        self._capacities = capacities(self._k, self._c, len(self.lengths))
        self._total = sum(self._capacities)

    def add(self, count: int) -> None:
        """Add values one by one: a condense follows each value that exceeds the capacity of all levels."""
        while count:
            part = min(count, max(self._total - self._size + 1, 1))
            self.lengths[0] += part
            self._size += part
            count -= part
            if self._size > self._total:
                self._condense()

    def shrink(self) -> None:
        """Condense until there is room, after a merge (Deequ: ``>=`` here)."""
        while self._size >= self._total and self._condense():
            pass

    def _condense(self) -> bool:
        """Compact the lowest full level, and no other; False when none is full."""
        for height, length in enumerate(self.lengths):
            if length >= self._capacities[height]:
                self._compact(height, length - length % 2)
                return True
        return False

    def _compact(self, height: int, even: int) -> None:
        if height + 1 == len(self.lengths):
            self.lengths.append(0)
            self.stretches.append([])
            self._measure()
        self.stretches[height].append(even)
        self.lengths[height] -= even
        self.lengths[height + 1] += even // 2
        self._size -= even // 2
