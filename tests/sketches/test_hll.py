"""Registers hold the largest rank of every hash, whatever is dropped early."""

from __future__ import annotations

import numpy as np
import pytest

from engine.sketches.hll import HyperLogLog
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways


@pytest.mark.parametrize("shift", [0, 3, 20, 54])
def test_registers_by_definition(shift: int) -> None:
    rng = np.random.default_rng(shift)
    sketch, expected = HyperLogLog(), np.zeros(512, np.uint8)
    for size in (0, 1, 70, 5000, 20_000):
        hashes = rng.integers(0, 2**64, size, dtype=np.uint64)
        hashes = (hashes & np.uint64(0x1FF << 55)) | ((hashes << np.uint64(9)) >> np.uint64(9 + shift))
        sketch.update(hashes)
        for value in hashes.tolist():
            rank = 65 - (((value << 9) & (2**64 - 1)) | 256).bit_length()
            expected[value >> 55] = max(expected[value >> 55], rank)
        assert (sketch.registers == expected).all()
