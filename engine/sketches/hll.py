"""HyperLogLog++ at Deequ's precision: 512 registers, relative standard deviation 0.05.

Registers and estimate equal those of Spark's and Deequ's ``ApproxCountDistinct`` exactly (deequ.md section 3). Paper: Heule,
Nunkesser, Hall, "HyperLogLog in Practice" (2013).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.kernels.compilation import compiled, readonly
from engine.sketches.hll_bias import BIASES, RAW_ESTIMATES

PRECISION = 9
REGISTERS = 1 << PRECISION
LINEAR_COUNTING_THRESHOLD = 400.0
NEIGHBOURS = 6
_PADDING = np.uint64(1 << (PRECISION - 1))
_FIRST = 8 * REGISTERS
"""Hashes of a batch that are taken in before the others, to know how low the lowest register is."""
_ALPHA_M2 = 0.7213 / (1.0 + 1.079 / REGISTERS) * REGISTERS * REGISTERS


@dataclass
class HyperLogLog:
    """The largest rank seen in each of 512 registers."""

    registers: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(REGISTERS, np.uint8))

    def update(self, hashes: npt.NDArray[np.uint64]) -> None:
        """Take in 64-bit hashes. Once a few have filled the registers, most others cannot raise any and are dropped early."""
        loops = compiled("sketching", len(hashes))
        if loops is not None:
            loops.raise_registers(readonly(hashes), self.registers)
            return
        self._scatter(hashes[:_FIRST])
        rest = hashes[_FIRST:] << np.uint64(PRECISION)
        self._scatter(hashes[_FIRST:][rest < np.uint64((1 << 64 - int(self.registers.min())) - 1)])

    def _scatter(self, hashes: npt.NDArray[np.uint64]) -> None:
        index = (hashes >> np.uint64(64 - PRECISION)).astype(np.intp)
        np.maximum.at(self.registers, index, _ranks((hashes << np.uint64(PRECISION)) | _PADDING))

    def merge(self, other: HyperLogLog) -> None:
        """Keep the larger of each register."""
        np.maximum(self.registers, other.registers, out=self.registers)

    def estimate(self) -> int:
        """Estimated number of distinct values; 0 for none."""
        # Java shifts a 32-bit int: a register of 31 gives a negative number, 32 wraps to 1. Kept, to be equal.
        inverse = sum(1.0 / _java_shift(int(register)) for register in self.registers)
        zeros = int((self.registers == 0).sum())
        raw = _ALPHA_M2 / inverse
        corrected = raw - _bias(raw) if raw < 5 * REGISTERS else raw
        if zeros:
            linear = REGISTERS * math.log(REGISTERS / zeros)
            corrected = linear if linear <= LINEAR_COUNTING_THRESHOLD else corrected
        return math.floor(corrected + 0.5)

    def to_state(self) -> dict[str, Any]:
        """The registers, a byte each."""
        return {"registers": self.registers}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> HyperLogLog:
        """The inverse of :meth:`to_state`."""
        registers = np.asarray(state["registers"], np.uint8)
        if registers.shape != (REGISTERS,):
            raise ValueError(f"HyperLogLog state has {registers.shape} registers, expected {REGISTERS}")
        return cls(registers)


def _ranks(rest: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Leading zeros plus one. The upper half is exact in a double; the lower half counts only where the upper is zero."""
    high = (rest >> np.uint64(32)).astype(np.float64)
    low = (rest & np.uint64(0xFFFFFFFF)).astype(np.float64)
    bits = np.where(high > 0, np.frexp(high)[1] + 32, np.frexp(low)[1])
    ranks: npt.NDArray[np.uint8] = (65 - bits).astype(np.uint8)
    return ranks


def _java_shift(register: int) -> int:
    shifted = 1 << (register % 32)
    return shifted - (1 << 32) if shifted >= 1 << 31 else shifted


def _bias(estimate: float) -> float:
    """Mean bias of the six nearest raw estimates."""
    nearest = int(np.searchsorted(RAW_ESTIMATES, estimate))
    low = max(nearest - NEIGHBOURS + 1, 0)
    high = min(low + NEIGHBOURS, len(RAW_ESTIMATES))
    while high < len(RAW_ESTIMATES) and _nearer(estimate, high, low):
        low, high = low + 1, high + 1
    return sum(BIASES[low:high]) / (high - low)


def _nearer(estimate: float, one: int, other: int) -> bool:
    return (estimate - RAW_ESTIMATES[one]) ** 2 < (estimate - RAW_ESTIMATES[other]) ** 2
