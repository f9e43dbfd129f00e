"""Merging of ascending runs in loops."""

from __future__ import annotations

import numpy as np

from engine.kernels.looping import Floats, Lengths, loop

_u = np.uint64


@loop
def take_smaller(source: Floats, low: int, high: int, target: Floats, place: int) -> tuple[int, int]:
    """Put the smaller of two items, the first where they are equal, into its place; where both runs go on."""
    left, right = source[low], source[high]
    target[place] = right if right < left else left  # noqa: FURB136 - min and max look for NaN
    return low + _u(not right < left), high + _u(right < left)


@loop
def take_larger(source: Floats, low_end: int, high_end: int, target: Floats, place: int) -> tuple[int, int]:
    """Put the larger of the items before two ends, the second where they are equal, into its place; where both runs end then."""
    left, right = source[low_end - _u(1)], source[high_end - _u(1)]
    target[place] = left if right < left else right  # noqa: FURB136
    return low_end - _u(right < left), high_end - _u(not right < left)


@loop
def merge_ranges(source: Floats, low: int, low_end: int, high: int, high_end: int, target: Floats, first: int) -> None:
    """Merge ``[low, low_end)`` and ``[high, high_end)``, both ascending, from both ends."""
    one, last = _u(1), first + (low_end - low) + (high_end - high)
    while low < low_end and high < high_end:
        # So many steps from both ends leave neither run too early, and need no look at where they are.
        for _ in range(min(low_end - low, high_end - high, (last - first) // _u(2))):
            low, high = take_smaller(source, low, high, target, first)
            first += one
            last -= one
            low_end, high_end = take_larger(source, low_end, high_end, target, last)
    rest = low if low < low_end else high
    for i in range(last - first):
        target[first + i] = source[rest + i]


@loop
def share_of_first(source: Floats, start: int, middle: int, end: int, half: int) -> int:
    """How many of the ``half`` smallest items of two ascending neighbours belong to the first."""
    least, most = max(0, half - (end - middle)), min(half, middle - start)
    while least < most:
        share = (least + most) // 2
        if source[middle + half - share - 1] < source[start + share]:
            most = share
        else:
            least = share + 1
    return least


@loop
def merge_runs(source: Floats, start: int, middle: int, end: int, target: Floats) -> None:
    """Merge two ascending neighbours: both halves of the result at once, from both ends.

    A processor waits for each comparison of a merge; of these four chains, none waits for another.
    """
    half = (end - start) // 2
    share = share_of_first(source, start, middle, end, half)
    one, low, high, first = _u(1), _u(start), _u(middle), _u(start)
    low_end, high_end, last = _u(start + share), _u(middle + half - share), _u(start + half)
    low_2, high_2, first_2 = low_end, high_end, last
    low_end_2, high_end_2, last_2 = _u(middle), _u(end), _u(end)
    steps = min(low_end - low, high_end - high, low_end_2 - low_2, high_end_2 - high_2)
    for _ in range(min(steps, _u(half // 2))):
        low, high = take_smaller(source, low, high, target, first)
        low_2, high_2 = take_smaller(source, low_2, high_2, target, first_2)
        first += one
        first_2 += one
        last -= one
        last_2 -= one
        low_end, high_end = take_larger(source, low_end, high_end, target, last)
        low_end_2, high_end_2 = take_larger(source, low_end_2, high_end_2, target, last_2)
    merge_ranges(source, low, low_end, high, high_end, target, first)
    merge_ranges(source, low_2, low_end_2, high_2, high_end_2, target, first_2)


@loop
def find_runs(items: Floats, count: int, starts: Lengths) -> int:
    """Put down where ascending runs begin among the first items; how many there are."""
    runs = 0
    for i in range(count):
        if i == 0 or items[i] < items[i - 1]:
            starts[runs] = i
            runs += 1
    return runs


@loop
def merge_neighbours(items: Floats, bounds: Lengths, runs: int, spare: Floats) -> bool:
    """Sort ascending runs that lie side by side by merging neighbours; whether the result is in ``spare``.

    Args:
        items: The items.
        bounds: Where each run begins, and where the last one ends; it is used up.
        runs: Number of runs.
        spare: As long as ``items``.
    """
    moved, end = False, bounds[runs]
    while runs > 1:
        source, target = (spare, items) if moved else (items, spare)
        for pair in range(runs // 2):
            merge_runs(source, bounds[2 * pair], bounds[2 * pair + 1], bounds[2 * pair + 2], target)
            bounds[pair] = bounds[2 * pair]
        if runs % 2:
            for i in range(bounds[runs - 1], end):
                target[i] = source[i]
            bounds[runs // 2] = bounds[runs - 1]
        runs = (runs + 1) // 2
        bounds[runs] = end
        moved = not moved
    return moved
