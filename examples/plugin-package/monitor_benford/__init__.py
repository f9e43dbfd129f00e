"""How far the leading digits of a column are from Benford's law, which invented amounts seldom keep."""

from __future__ import annotations

from dataclasses import field

import numpy as np
import numpy.typing as npt

from engine import ColumnView, Measured, metric, setting

EXPECTED = np.log10(1 + 1 / np.arange(1, 10))


@metric(takes="number", worse="higher", threshold=0.1)
class BenfordDistance:
    """Total variation between the shares of the leading digits 1 to 9 and Benford's law, from 0 to 1."""

    minimum: int = setting(default=300, ge=1, description="Numbers other than 0 below which there is not enough data.")
    digits: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(9, np.int64))

    def update(self, column: ColumnView) -> None:
        values = np.abs(column.numbers)
        values = values[(values > 0) & np.isfinite(values)]
        leading = np.char.lstrip(np.char.mod("%e", values), "0.").astype("U1").astype(int) if len(values) else values
        self.digits = self.digits + np.bincount(np.asarray(leading, int), minlength=10)[1:]

    def result(self) -> Measured:
        total = int(self.digits.sum())
        if total < self.minimum:
            return Measured(None, status="not_enough_data")
        shares = self.digits / total
        worst = int(np.argmax(np.abs(shares - EXPECTED)))
        text = f"{shares[worst]:.1%} of the numbers begin with {worst + 1}; {EXPECTED[worst]:.1%} are expected"
        distance = float(np.abs(shares - EXPECTED).sum() / 2)
        return Measured(distance, explanation=(text,), detail={"shares": shares.tolist()})
