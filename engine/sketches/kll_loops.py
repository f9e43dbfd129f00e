"""The compactions of all levels of a KLL sketch in compiled loops (``engine/kernels/sketching.py``)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.kernels.compilation import compiled
from engine.sketches.kll_compaction import Compactor, FloatArray, Items, alike, has_negative_zero, sort_stretches

_kept = threading.local()


def compact_by_loops(levels: Sequence[Compactor], compactions: Sequence[Sequence[int]], arrived: Items) -> bool:
    """Make the compactions; False where loops are not used, and nothing was done.

    Args:
        levels: The levels, the lowest first.
        compactions: Of each level, the number of items of each stretch.
        arrived: Items to add to the lowest level.
    """
    loops = compiled("sketching", len(arrived))
    if loops is None or not any(compactions):
        return False
    held = np.concatenate([level.items for level in levels[1:]])
    room, scratch, places = _memory(len(levels[0].items) + len(arrived), len(held))
    bottom = _stream(levels[0].items, arrived, room)
    if has_negative_zero(held) or has_negative_zero(bottom):
        return False  # loops compare as processors do
    sort_stretches(bottom, compactions[0], runs=False)
    if bottom.dtype != np.float64:
        room[: len(bottom)] = bottom
    stretches = np.array([length for level in compactions for length in level])
    counters = _counters(levels, compactions)
    _keep(levels, loops.compact_levels(room[: len(bottom)], held, stretches, counters, scratch, places), counters)
    return True


def _memory(bottom: int, held: int) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]:
    """Memory that the loops work in. It is kept: to get as much anew for each batch takes longer than the work."""
    needed = 3 * (bottom // 2 + held) + bottom + held
    if len(getattr(_kept, "scratch", ())) < needed:
        _kept.room, _kept.scratch = np.empty(2 * needed), np.empty(2 * needed)
        _kept.places = np.empty(2 * needed + 6, np.int64)
    return _kept.room, _kept.scratch, _kept.places


def _stream(held: FloatArray, arrived: Items, room: FloatArray) -> Items:
    """Items of the lowest level and those that arrive behind them; in the given memory, if they are doubles."""
    parts = alike(held, arrived)
    return np.concatenate(parts, out=room[: len(held) + len(arrived)] if parts[0].dtype == np.float64 else None)


def _counters(levels: Sequence[Compactor], compactions: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
    """Of each level, in four rows, what ``compact_levels`` asks for."""
    lengths = [len(level.items) for level in levels]
    compressions, offsets = [level.compressions for level in levels], [level.offset for level in levels]
    return np.array([lengths, compressions, offsets, list(map(len, compactions))])


def _keep(levels: Sequence[Compactor], left: FloatArray, counters: npt.NDArray[np.int64]) -> None:
    """Give the levels what the loops have left."""
    items, start = left.copy(), 0
    for level, (length, compressions, offset, _) in zip(levels, counters.T.tolist(), strict=True):
        level.items, level.compressions, level.offset = items[start : start + length], compressions, offset
        start += length
