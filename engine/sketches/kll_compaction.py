"""One level of a KLL sketch: what it holds, and how it is compacted (deequ.md 4.3).

Most of a sketch's time goes into sorting, so items are sorted in the narrowest type that holds them, and merged where they lie in
ascending runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.kernels.compilation import compiled, readonly

FloatArray = npt.NDArray[np.float64]
Items = npt.NDArray[Any]
"""Items as float64, or as integers of 32 bits of exactly the same values, which sort twice as fast."""

_SAMPLE = 64
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
        stream, total = np.concatenate(alike(self.items, arrived)), sum(stretches)
        self.items = stream[total:].astype(np.float64)
        if has_negative_zero(stream):
            _sort_stretches_as_java(stream, stretches)
        else:
            sort_stretches(stream, stretches, runs)
        kept, start = np.empty(total // 2, stream.dtype), 0
        for length in stretches:
            kept[start // 2 : (start + length) // 2] = stream[start + self._next_offset() : start + length : 2]
            start += length
        return kept

    def _next_offset(self) -> int:
        """Which half the next compaction keeps: both in turn, two at a time."""
        if self.compressions % 2:
            self.offset = 1 - self.offset
        self.compressions += 1
        return self.offset


def narrowed(values: FloatArray) -> Items:
    """The values as integers of 32 bits, if these hold every one of them bit for bit (-0.0 is no integer), else as they are.

    >>> [narrowed(np.array(x)).dtype.name for x in ([1.0, 70000.0], [1.0, 0.5], [1.0, 3e9], [0.0, -0.0])]
    ['int32', 'float64', 'float64', 'float64']
    """
    loops = compiled("sketching", len(values))
    if loops is not None:
        integers = np.empty(len(values), np.int32)
        return integers if loops.narrow(readonly(values), readonly(values.view(np.uint64)), integers) else values
    if not _same(values[:_SAMPLE], _as_int32(values[:_SAMPLE])):
        return values
    integers = _as_int32(values)
    return integers if _same(values, integers) else values


def _as_int32(values: FloatArray) -> npt.NDArray[np.int32]:
    with np.errstate(invalid="ignore"):  # what does not fit is found out by the comparison
        return values.astype(np.int32)


def _same(values: FloatArray, integers: npt.NDArray[np.int32]) -> bool:
    return bool((integers.astype(np.float64).view(np.int64) == values.view(np.int64)).all())


def sort_stretches(stream: Items, stretches: Sequence[int], runs: bool) -> None:
    """Sort neighbouring stretches from the front, in place. The stable sort only has to merge, where they are a few runs."""
    kind: Any = "stable" if runs else "quicksort"
    start = 0
    for length in stretches:
        stream[start : start + length].sort(kind=kind)
        start += length


def has_negative_zero(items: Items) -> bool:
    """Whether -0.0 is among the items, which Java orders before 0.0 and processors do not."""
    return items.dtype == np.float64 and bool(items.view(np.int64).min(initial=0) == _INT64.min)  # the bits of -0.0


def _sort_stretches_as_java(stream: FloatArray, stretches: Sequence[int]) -> None:
    """The same as Java's ``Double.compare`` does, which puts -0.0 before 0.0 where numpy leaves their order open."""
    bits = stream.view(np.int64)
    keys = bits ^ ((bits >> 63) & _INT64.max)
    sort_stretches(keys, stretches, runs=False)
    bits[:] = keys ^ ((keys >> 63) & _INT64.max)


def alike(held: FloatArray, arrived: Items) -> tuple[Items, Items]:
    """Items that are held and that arrive, both as the wider of their narrowest types."""
    if arrived.dtype == np.float64:
        return held, arrived
    narrow = narrowed(held) if len(held) else arrived[:0]
    return narrow, arrived.astype(np.float64) if narrow.dtype == np.float64 else arrived
