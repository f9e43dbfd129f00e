"""Pearson correlations of all pairs of numeric columns, each over the rows in which both are present."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

BLOCK = 4096
"""Rows looked at together."""


def _square() -> FloatArray:
    return np.zeros((0, 0))


@dataclass
class PairMoments:
    """Counts, means and co-moments of pairs of columns; merges without cancellation (Chan, Golub and LeVeque 1979).

    Attributes:
        names: The columns.
        counts: ``counts[i, j]`` rows have both i and j; the other matrices are over these rows.
        means: Mean of column i where j is present.
        squares: Sum of squared deviations of i.
        products: Sum of products of the deviations of i and j.
    """

    names: list[str] = field(default_factory=list)
    counts: FloatArray = field(default_factory=_square)
    means: FloatArray = field(default_factory=_square)
    squares: FloatArray = field(default_factory=_square)
    products: FloatArray = field(default_factory=_square)

    @classmethod
    def of_columns(cls, names: list[str], columns: list[FloatArray]) -> PairMoments:
        """The moments of one batch; NaN is a missing value."""
        means_of_all, gaps = _means(columns)
        size = len(columns)
        with np.errstate(all="ignore"):  # pairs of columns whose squares are no numbers any more have no correlation
            gram, squares, of_column = _sums(columns, means_of_all, gaps)
            counts = gram[size:, size:][np.ix_(of_column, of_column)]
            means = np.where(counts > 0, gram[:size, size:][:, of_column] / counts, 0.0)
            squares = squares[:, of_column] - counts * means**2
            products = gram[:size, :size] - counts * means * means.T
        return cls(names, counts, means + means_of_all[:, None] * (counts > 0), np.maximum(squares, 0.0), products)

    def merge(self, other: PairMoments) -> None:
        """Take in a later part; columns that one side lacks have no rows there."""
        names = sorted({*self.names, *other.names})
        mine, theirs = self._on(names), other._on(names)
        counts = mine.counts + theirs.counts
        with np.errstate(all="ignore"):
            share = np.where(counts > 0, theirs.counts / counts, 0.0)
            step = theirs.means - mine.means
            weight = mine.counts * share
            self.means = mine.means + step * share
            self.squares = mine.squares + theirs.squares + step**2 * weight
            self.products = mine.products + theirs.products + step * step.T * weight
        self.names, self.counts = names, counts

    def correlations(self) -> dict[tuple[str, str], float]:
        """Pearson's r by pair; pairs without variance or with fewer than two rows are left out."""
        found = {}
        with np.errstate(all="ignore"):
            r = self.products / np.sqrt(self.squares * self.squares.T)
        for i, one in enumerate(self.names):
            for j in range(i + 1, len(self.names)):
                if self.counts[i, j] > 1 and np.isfinite(r[i, j]):
                    found[one, self.names[j]] = float(np.clip(r[i, j], -1.0, 1.0))
        return found

    def to_state(self) -> dict[str, Any]:
        """Names, and the matrices row by row."""
        matrices = {key: getattr(self, key).ravel() for key in ("counts", "means", "squares", "products")}
        return {"names": list(self.names), **matrices}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> PairMoments:
        """The inverse of ``to_state``."""
        size = len(state["names"])
        matrices = {key: state[key].reshape(size, size) for key in ("counts", "means", "squares", "products")}
        return cls(list(state["names"]), **matrices)

    def _on(self, names: list[str]) -> PairMoments:
        """The same over more columns."""
        places = np.array([names.index(name) for name in self.names], dtype=np.intp)
        grown = {}
        for key in ("counts", "means", "squares", "products"):
            grown[key] = np.zeros((len(names), len(names)))
            grown[key][np.ix_(places, places)] = getattr(self, key)
        return PairMoments(names, **grown)


def _means(columns: list[FloatArray]) -> tuple[FloatArray, dict[int, npt.NDArray[np.bool_]]]:
    """Means of columns, and of those that lack values, where these are missing."""
    means, gaps = np.zeros(len(columns)), {}
    for i, values in enumerate(columns):
        with np.errstate(all="ignore"):
            total, count = values.sum(), len(values)
        if not np.isfinite(total):
            gaps[i] = np.isnan(values)
            count -= int(gaps[i].sum())
            total = values.sum(where=~gaps[i])
        means[i] = total / max(count, 1)
    return means, gaps


def _sums(
    columns: list[FloatArray], means: FloatArray, gaps: dict[int, npt.NDArray[np.bool_]]
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.intp]]:
    """Sums over the rows, block by block, so that a block stays in the processor's cache.

    Below the columns, less their means and 0 where a value is missing, lie rows of weights: first ones, then for each column that
    lacks values 1 where it has one.

    Returns:
        Products of all rows with all; those of the squared columns with the weights; and which row of weights is a column's.
    """
    size, rows = len(columns), len(columns[0]) if columns else 0
    of_column = np.zeros(size, np.intp)
    of_column[list(gaps)] = np.arange(1, len(gaps) + 1)
    gram, squares = np.zeros((size + 1 + len(gaps),) * 2), np.zeros((size, 1 + len(gaps)))
    for start in range(0, rows, BLOCK):
        stop = min(start + BLOCK, rows)
        block = np.ones((len(gram), stop - start))
        for i, values in enumerate(columns):
            np.subtract(values[start:stop], means[i], out=block[i])
            if i in gaps:
                block[i, gaps[i][start:stop]] = 0.0
                block[size + of_column[i]] = ~gaps[i][start:stop]
        gram += block @ block.T
        squares += block[:size] ** 2 @ block[size:].T
    return gram, squares, of_column
