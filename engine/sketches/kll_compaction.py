"""One level of a KLL sketch: what it holds, and how it is compacted (deequ.md 4.3).

Most of a sketch's time goes into sorting, so items are sorted in the narrowest type that holds them, and merged where they lie in
ascending runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from engine.kernels.compilation import compiled, readonly

FloatArray = npt.NDArray[np.float64]
Items = npt.NDArray[Any]
"""Items as float64, or as integers of 16 or 32 bits of exactly the same values, which sort several times as fast."""

SortKind = Literal["quicksort", "stable"]

_SAMPLE = 64
_INT16 = np.iinfo(np.int16)
_INT64 = np.iinfo(np.int64)
_kept = threading.local()


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
        stream, total = np.concatenate(_alike(self.items, arrived)), sum(stretches)
        self.items = stream[total:].astype(np.float64)
        if _has_negative_zero(stream):
            _sort_stretches(stream, stretches, _sort_as_java)
        else:
            _sort_stretches(stream, stretches, _sort_of(stream, runs))
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


def compact_by_loops(levels: Sequence[Compactor], compactions: Sequence[Sequence[int]], arrived: Items) -> bool:
    """Make the compactions of all levels in compiled loops; False where these are not used, and nothing was done.

    Args:
        levels: The levels, the lowest first.
        compactions: Of each level, the number of items of each stretch.
        arrived: Items to add to the lowest level.
    """
    loops = compiled("sketching", len(arrived))
    if loops is None or not any(compactions):
        return False
    bottom = np.concatenate(_alike(levels[0].items, arrived))
    held = np.concatenate([level.items for level in levels[1:]])
    if _has_negative_zero(held) or _has_negative_zero(bottom):
        return False  # loops compare as processors do
    _sort_stretches(bottom, compactions[0], _sort_of(bottom, runs=False))
    stretches = np.array([length for level in compactions for length in level])
    state = [
        (len(level.items), level.compressions, level.offset, len(own))
        for level, own in zip(levels, compactions, strict=True)
    ]
    counters = np.array(state).T.copy()
    bottom = bottom.astype(np.float64, copy=False)
    left = loops.compact_levels(bottom, held, stretches, counters, *_room(len(bottom), len(held)))
    start = 0
    for level, (length, compressions, offset, _) in zip(levels, counters.T.tolist(), strict=True):
        level.items, level.compressions, level.offset = left[start : start + length].copy(), compressions, offset
        start += length
    return True


def _room(bottom: int, held: int) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Memory that the loops work in. It is kept: to get as much anew for each batch takes longer than the work."""
    needed = 3 * (bottom // 2 + held) + bottom + held
    if len(getattr(_kept, "scratch", ())) < needed:
        _kept.scratch, _kept.places = np.empty(2 * needed), np.empty(2 * needed + 6, np.int64)
    return _kept.scratch, _kept.places


def narrowed(values: FloatArray) -> Items:
    """The values as the narrowest of int16, int32 and float64 that holds every one of them bit for bit (-0.0 is no integer).

    >>> [narrowed(np.array(x)).dtype.name for x in ([1.0, 300.0], [1.0, 70000.0], [1.0, 0.5], [0.0, -0.0])]
    ['int16', 'int32', 'float64', 'float64']
    """
    loops = compiled("sketching", len(values))
    if loops is not None:
        return _narrowed_by_loops(values, loops)
    if not _same(values[:_SAMPLE], _as_int32(values[:_SAMPLE])):
        return values
    integers = _as_int32(values)
    if not len(values) or not _same(values, integers):
        return values
    return _narrowest(integers, integers.min(), integers.max())


def _narrowest(integers: npt.NDArray[np.int32], smallest: int, largest: int) -> Items:
    return integers.astype(np.int16) if _INT16.min <= smallest and largest <= _INT16.max else integers


def _narrowed_by_loops(values: FloatArray, loops: Any) -> Items:
    integers = np.empty(len(values), np.int32)
    whole, smallest, largest = loops.narrow(readonly(values), readonly(values.view(np.uint64)), integers)
    return _narrowest(integers, smallest, largest) if whole and len(values) else values


def _as_int32(values: FloatArray) -> npt.NDArray[np.int32]:
    with np.errstate(invalid="ignore"):  # what does not fit is found out by the comparison
        return values.astype(np.int32)


def _same(values: FloatArray, integers: npt.NDArray[np.int32]) -> bool:
    return bool((integers.astype(np.float64).view(np.int64) == values.view(np.int64)).all())


def _sort_stretches(stream: Items, stretches: Sequence[int], sort: Callable[[Items], None]) -> None:
    """Sort neighbouring stretches from the front, in place."""
    start = 0
    for length in stretches:
        sort(stream[start : start + length])
        start += length


def _sort_of(items: Items, runs: bool) -> Callable[[Items], None]:
    """What sorts in place: the stable sort, which only has to merge runs and counts numbers of 16 bits, or the quick one."""
    kind: SortKind = "stable" if runs or items.dtype == np.int16 else "quicksort"
    return lambda stretch: stretch.sort(kind=kind)


def _has_negative_zero(items: Items) -> bool:
    return items.dtype == np.float64 and bool(items.view(np.int64).min(initial=0) == _INT64.min)  # the bits of -0.0


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
