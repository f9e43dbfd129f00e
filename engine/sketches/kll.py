"""The KLL quantile sketch as Deequ builds it: deterministic, with the largest buffer at the bottom (deequ.md section 4).

Fed with the same values in the same order it holds the same items in the same places as Deequ's, so the sketch in a document of
the closed container can be compared item by item. Paper: Karnin, Lang, Liberty, "Optimal Quantile Approximation in Streams" (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from engine.kernels.compilation import compiled
from engine.sketches.kll_schedule import Compactions, after_adding, after_merging

FloatArray = npt.NDArray[np.float64]
Items = npt.NDArray[Any]
"""Items as float64, or as integers of 16 or 32 bits of exactly the same values, which sort several times as fast."""

SortKind = Literal["quicksort", "stable"]

SKETCH_SIZE = 2048
SHRINKING_FACTOR = 0.64
_SAMPLE = 64
_INT16 = np.iinfo(np.int16)
_INT64 = np.iinfo(np.int64)


@dataclass
class Compactor:
    """One level: items in order of arrival, how often it was compacted, and which half was kept last."""

    items: FloatArray = field(default_factory=lambda: np.empty(0, np.float64))
    compressions: int = 0
    offset: int = 0

    def compact(self, arrived: Items, stretches: Sequence[int], runs: bool) -> Items:
        """Add items behind the others, then keep every other item of each sorted stretch, from the front, for the level above.

        Args:
            arrived: The items to add.
            stretches: Number of items of each stretch, even.
            runs: Whether a stretch is a few ascending runs, as it is on every level but the lowest.
        """
        total = sum(stretches)
        loops = compiled("sketching", total) if runs else None
        # Loops merge runs of doubles as fast as numpy sorts narrower numbers.
        stream = np.concatenate(
            _alike(self.items, arrived if loops is None else arrived.astype(np.float64, copy=False))
        )
        self.items = stream[total:].astype(np.float64)
        if not stretches:
            return stream[:0]
        offsets = [self._next_offset() for _ in stretches]
        if loops is not None and stream.dtype == np.float64 and not _has_negative_zero(stream):
            kept = np.empty(total // 2)
            loops.compact_runs(stream, np.array(stretches), np.array(offsets), kept)
            return kept
        # The stable sort only has to merge runs; numbers of 16 bits it counts.
        return _every_other(stream, stretches, offsets, "stable" if runs or stream.dtype == np.int16 else "quicksort")

    def _next_offset(self) -> int:
        """Which half the next compaction keeps: both in turn, two at a time."""
        if self.compressions % 2:
            self.offset = 1 - self.offset
        self.compressions += 1
        return self.offset


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
        """Parameters, counters and items of the levels."""
        return {
            "k": self.k,
            "c": self.c,
            "compressions": [level.compressions for level in self.levels],
            "offsets": [level.offset for level in self.levels],
            "levels": [level.items for level in self.levels],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> KllSketch:
        """The inverse of :meth:`to_state`."""
        sketch = cls(int(state["k"]), float(state["c"]))
        counters = zip(state["levels"], state["compressions"], state["offsets"], strict=True)
        sketch.levels = [Compactor(np.asarray(items, np.float64), n, offset) for items, n, offset in counters]
        return sketch


def narrowed(values: FloatArray) -> Items:
    """The values as the narrowest of int16, int32 and float64 that holds every one of them bit for bit (-0.0 is no integer).

    >>> [narrowed(np.array(x)).dtype.name for x in ([1.0, 300.0], [1.0, 70000.0], [1.0, 0.5], [0.0, -0.0])]
    ['int16', 'int32', 'float64', 'float64']
    """
    if not _same(values[:_SAMPLE], _as_int32(values[:_SAMPLE])):
        return values
    integers = _as_int32(values)
    if not len(values) or not _same(values, integers):
        return values
    return integers.astype(np.int16) if _INT16.min <= integers.min() and integers.max() <= _INT16.max else integers


def _as_int32(values: FloatArray) -> npt.NDArray[np.int32]:
    with np.errstate(invalid="ignore"):  # what does not fit is found out by the comparison
        return values.astype(np.int32)


def _same(values: FloatArray, integers: npt.NDArray[np.int32]) -> bool:
    return bool((integers.astype(np.float64).view(np.int64) == values.view(np.int64)).all())


def _every_other(stream: Items, stretches: Sequence[int], offsets: Sequence[int], kind: SortKind) -> Items:
    """Every other item of each sorted stretch. The order of ``stream`` is lost."""
    kept = np.empty(sum(stretches) // 2, stream.dtype)
    zeros = stream.dtype == np.float64 and _has_negative_zero(stream)
    start = 0
    for length, offset in zip(stretches, offsets, strict=True):
        stretch = stream[start : start + length]
        if zeros:
            _sort_as_java(stretch)
        else:
            stretch.sort(kind=kind)
        kept[start // 2 : (start + length) // 2] = stretch[offset::2]
        start += length
    return kept


def _has_negative_zero(items: FloatArray) -> bool:
    return bool(items.view(np.int64).min(initial=0) == _INT64.min)  # the bits of -0.0


def _sort_as_java(items: FloatArray) -> None:
    """Sort in place as Java's ``Double.compare`` does, which puts -0.0 before 0.0 where numpy leaves their order open."""
    bits = items.view(np.int64)
    keys = np.sort(bits ^ ((bits >> 63) & _INT64.max))
    bits[:] = keys ^ ((keys >> 63) & _INT64.max)


def _alike(held: FloatArray, arrived: Items) -> tuple[Items, Items]:
    """Both as the wider of their narrowest types."""
    if arrived.dtype == np.float64:
        return held, arrived
    narrow = narrowed(held) if len(held) else arrived[:0]
    return narrow, arrived.astype(np.float64) if narrow.dtype == np.float64 else arrived
