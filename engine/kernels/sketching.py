"""Sums and sketches in loops."""

from __future__ import annotations

import numpy as np

from engine.kernels.looping import Bytes, Floats, Lengths, Words, loop

_u = np.uint64


@loop
def raise_registers(hashes: Words, registers: Bytes) -> None:
    """Raise each of 512 registers to the largest rank (leading zeros plus one) among its hashes."""
    limits = _u(0xFFFFFFFFFFFFFFFF) >> registers.astype(np.uint64)  # only what is not above has a larger rank
    for i in range(len(hashes)):
        place = hashes[i] >> _u(55)
        rest = hashes[i] << _u(9)
        if rest <= limits[place]:
            rest |= _u(256)
            rank = np.uint8(1)
            while rest < _u(1 << 63):
                rest <<= _u(1)
                rank += np.uint8(1)
            registers[place] = rank
            limits[place] = _u(0xFFFFFFFFFFFFFFFF) >> _u(rank)


@loop
def running_sum(values: Floats, start: float) -> float:
    """``start`` plus the values, one after the other."""
    total = start
    for value in values:
        total += value
    return total


@loop
def central_moments(values: Floats, count: int, average: float, m2: float) -> tuple[float, float]:
    """Mean and sum of squared deviations after the values have been taken in one by one, as Spark's ``CentralMomentAgg`` does."""
    for value in values:
        count += 1
        delta = value - average
        step = delta / count
        average += step
        m2 += delta * (delta - step)
    return average, m2


@loop
def merge_runs(source: Floats, start: int, middle: int, end: int, target: Floats) -> None:
    """Merge two ascending neighbours, from both ends at once: two chains of comparisons that do not wait for each other."""
    one = _u(1)
    low, low_end, high, high_end = _u(start), _u(middle), _u(middle), _u(end)
    first, last = _u(start), _u(end)
    while low < low_end and high < high_end:
        # So many steps from both ends leave neither run too early, and need no look at where they are.
        for _ in range(min(low_end - low, high_end - high, (last - first) // _u(2))):
            left, right = source[low], source[high]
            target[first] = right if right < left else left  # noqa: FURB136 - min and max look for NaN
            low += _u(not right < left)
            high += _u(right < left)
            first += one
            left, right = source[low_end - one], source[high_end - one]
            last -= one
            target[last] = left if right < left else right  # noqa: FURB136
            low_end -= _u(right < left)
            high_end -= _u(not right < left)
    while low < low_end:
        target[first] = source[low]
        low += one
        first += one
    while high < high_end:
        target[first] = source[high]
        high += one
        first += one


@loop
def sort_runs(items: Floats, start: int, end: int, spare: Floats, bounds: Lengths) -> bool:
    """Sort a stretch of ascending runs by merging neighbours; whether the result is in ``spare``."""
    runs = 0
    for i in range(start, end):
        if i == start or items[i] < items[i - 1]:
            bounds[runs] = i
            runs += 1
    bounds[runs] = end
    moved = False
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


@loop
def compact_runs(items: Floats, stretches: Lengths, offsets: Lengths, kept: Floats) -> None:
    """Sort each stretch, which is a few ascending runs, and keep every other item of it. The order of ``items`` is lost."""
    spare, bounds = np.empty_like(items), np.empty(len(items) + 1, np.int64)
    start, place = 0, 0
    for number in range(len(stretches)):
        end, offset = start + stretches[number], offsets[number]
        sorted_items = spare if sort_runs(items, start, end, spare, bounds) else items
        for i in range(start + offset, end, 2):
            kept[place] = sorted_items[i]
            place += 1
        start = end
