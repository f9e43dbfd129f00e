"""What the formulas are computed from: rows of the two groups by label and prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """The rows of a group. Without predictions, all count as predicted negative."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def rows(self) -> int:
        """All rows."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def labelled(self) -> int:
        """Rows with a positive label."""
        return self.tp + self.fn

    @property
    def predicted(self) -> int:
        """Rows with a positive prediction."""
        return self.tp + self.fp


@dataclass(frozen=True)
class Table:
    """Rows by cell: equally long arrays.

    Attributes:
        facet: 1 for the disadvantaged group.
        label: 1 for positive labels.
        prediction: 1 for positive predictions.
        group: Index of the value of the group variable; -1 for none.
        rows: Number of rows.
    """

    facet: IntArray
    label: IntArray
    prediction: IntArray
    group: IntArray
    rows: IntArray


@dataclass(frozen=True)
class Counts:
    """Counts of a facet.

    Attributes:
        a: The advantaged group.
        d: The disadvantaged group.
        labels_by_group: Rows by group, disadvantaged, positive label; shape (groups, 2, 2); None without a group variable.
        predictions_by_group: The same by positive prediction.
        flips: Calculates the flip test; None where it is not wanted.
    """

    a: Side
    d: Side
    labels_by_group: FloatArray | None = None
    predictions_by_group: FloatArray | None = None
    flips: Callable[[], float] | None = None

    @classmethod
    def of(cls, table: Table, flips: Callable[[], float] | None = None) -> Counts:
        """Add up the cells of a table."""
        cells = np.zeros((2, 2, 2), np.int64)
        np.add.at(cells, (table.facet, table.label, table.prediction), table.rows)
        a, d = (Side(*(int(side[i]) for i in ((1, 1), (0, 1), (1, 0), (0, 0)))) for side in cells)
        return cls(a, d, _by_group(table, table.label), _by_group(table, table.prediction), flips)


def _by_group(table: Table, positive: IntArray) -> FloatArray | None:
    known = table.group >= 0
    if not known.any():
        return None
    found = np.zeros((int(table.group.max()) + 1, 2, 2))
    np.add.at(found, (table.group[known], table.facet[known], positive[known]), table.rows[known])
    return found
