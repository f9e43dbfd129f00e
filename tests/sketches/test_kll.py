"""The KLL sketch beside a literal transcription of Deequ's, value by value (deequ.md 4.2 to 4.4)."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sketches.kll import KllSketch
from engine.sketches.kll_compaction import narrowed
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways


class LiteralSketch:
    """Deequ's sketch with a Python list a level."""

    def __init__(self, k: int, c: float) -> None:
        self.k, self.c = k, c
        self.levels: list[list[float]] = [[]]
        self.compressions, self.offsets = [0], [0]

    def capacity(self, height: int) -> int:
        return 2 * (math.ceil(self.k * self.c**height / 2) + 1)

    def total(self) -> int:
        return sum(map(self.capacity, range(len(self.levels))))

    def size(self) -> int:
        return sum(map(len, self.levels))

    def update(self, value: float) -> None:
        self.levels[0].append(value)
        if self.size() > self.total():
            self.condense()

    def condense(self) -> None:
        for height in range(len(self.levels)):
            if len(self.levels[height]) >= self.capacity(height):
                self.grow(height + 2)
                self.levels[height + 1] += self.compact(height)
                return

    def grow(self, levels: int) -> None:
        while len(self.levels) < levels:
            self.levels.append([])
            self.compressions.append(0)
            self.offsets.append(0)

    def compact(self, height: int) -> list[float]:
        items = self.levels[height]
        even = len(items) - len(items) % 2
        if self.compressions[height] % 2:
            self.offsets[height] = 1 - self.offsets[height]
        self.compressions[height] += 1
        self.levels[height] = items[even:]
        return sorted(items[:even], key=double_compare)[self.offsets[height] :: 2]

    def merge(self, other: LiteralSketch) -> None:
        self.grow(len(other.levels))
        for mine, theirs in zip(self.levels, other.levels, strict=False):
            mine.extend(theirs)
        while self.size() >= self.total():
            self.condense()


def double_compare(value: float) -> tuple[float, float]:
    """A key with the order of Java's Double.compare: -0.0 before 0.0."""
    return value, math.copysign(1.0, value)


def bits(levels: list[Any]) -> list[bytes]:
    return [struct.pack(f"<{len(items)}d", *items) for items in levels]


def assert_same(sketch: KllSketch, literal: LiteralSketch) -> None:
    state = sketch.to_state()
    assert bits(sketch.data()) == bits(literal.levels)
    assert (state["compressions"], state["offsets"]) == (literal.compressions, literal.offsets)


values = st.one_of(
    st.integers(-3, 3).map(float),
    st.integers(-(2**33), 2**33).map(float),
    st.sampled_from([0.0, -0.0, 0.5, math.inf, -math.inf]),
    st.floats(allow_nan=False),
)
integers = st.integers(-40_000, 40_000).map(float)
batches = st.lists(st.lists(values, max_size=60) | st.lists(integers, max_size=200), max_size=6)


def both(batches: list[list[float]], k: int, c: float) -> tuple[KllSketch, LiteralSketch]:
    sketch, literal = KllSketch(k, c), LiteralSketch(k, c)
    for batch in batches:
        sketch.update(np.array(batch, np.float64))
        for value in batch:
            literal.update(value)
    return sketch, literal


@settings(max_examples=300, deadline=None)
@given(batches, batches, batches, st.sampled_from([1, 2, 4, 10, 30]), st.sampled_from([0.5, 0.64, 0.9]))
def test_any_batches_and_merges(
    one: list[list[float]], two: list[list[float]], later: list[list[float]], k: int, c: float
) -> None:
    (sketch, literal), (other, other_literal) = both(one, k, c), both(two, k, c)
    sketch.merge(other)
    literal.merge(other_literal)
    assert_same(other, other_literal)
    for batch in later:
        sketch.update(np.array(batch, np.float64))
        for value in batch:
            literal.update(value)
    assert_same(sketch, literal)


@pytest.mark.parametrize("top", [None, 2, 10_000, 1_000_000, 2**40])
def test_size_of_the_original(top: int | None) -> None:
    rng = np.random.default_rng(3)
    column = rng.normal(size=60_000) if top is None else rng.integers(0, top, 60_000).astype(np.float64)
    sketch, literal = both([part.tolist() for part in np.split(column, [1, 30_000, 30_007])], 2048, 0.64)
    assert_same(sketch, literal)


def test_update_leaves_the_values_alone() -> None:
    for column in (np.arange(5000.0)[::-1].copy(), np.linspace(1, 0, 5000)):
        before = column.copy()
        KllSketch().update(column)
        assert (column == before).all()


def test_narrow_types_hold_every_bit() -> None:
    for column in (
        [-32768.0, 32767.0],
        [-(2.0**31), 2.0**31 - 1],
        [2.0**31],
        [1.5],
        [-0.0],
        [math.nan],
        [math.inf],
        [],
    ):
        array = np.array(column)
        assert narrowed(array).astype(np.float64).tobytes() == array.tobytes()
