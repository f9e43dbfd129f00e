"""Relations between columns: correlations and their drift, columns that must be equal, sums that must hold."""

from __future__ import annotations

from dataclasses import field

import numpy as np

from engine import BatchView, DatasetAnalyzer, Measured, metric, setting
from plugins.relations.comparing import are_equal, are_present, excess_over_total
from plugins.relations.correlations import PairMoments

__all__ = ["Correlations", "EqualColumns", "SumHolds"]


@metric(
    worse="higher",
    threshold=0.2,
    cloudwatch="{metric}",
    label="Correlations of numeric columns, and how far they moved",
)
class Correlations(DatasetAnalyzer):
    """Pearson's r of each pair of columns, over the rows where both are numbers; the distance is its change from the baseline."""

    columns: tuple[str, ...] = setting(default=(), description="Columns to relate; none named: all that hold numbers.")
    moments: PairMoments = field(default_factory=PairMoments)

    @property
    def reads(self) -> tuple[str, ...]:
        return self.columns

    def update(self, batch: BatchView) -> None:
        names = [name for name in self.columns or batch.names if len(batch[name].numbers)]
        self.moments.merge(PairMoments.of_columns(names, [batch.numbers(name) for name in names]))

    def result(self) -> dict[str, Measured]:
        found = self.moments.correlations()
        return {f"{one}~{other}": Measured(r, status="no_baseline") for (one, other), r in found.items()}

    def compare(self, baseline: Correlations) -> dict[str, Measured]:
        before = baseline.moments.correlations()
        return {
            f"{one}~{other}": Measured(r, before[one, other], abs(r - before[one, other]))
            if (one, other) in before
            else Measured(r, status="no_baseline")
            for (one, other), r in self.moments.correlations().items()
        }


@metric(worse="lower", cloudwatch="{metric}", label="Share of rows in which two columns are equal")
class EqualColumns(DatasetAnalyzer):
    """Share of the rows where both are present in which two columns hold the same value; numbers are compared as numbers."""

    left: str = setting(default="", min_length=1, description="One column.")
    right: str = setting(default="", min_length=1, description="The other column.")
    equal: int = 0
    rows: int = 0

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.left, self.right)

    def update(self, batch: BatchView) -> None:
        both = are_present(batch, self.left) & are_present(batch, self.right)
        self.equal += int((both & are_equal(batch, self.left, self.right)).sum())
        self.rows += int(both.sum())

    def result(self) -> float | None:
        return self.equal / self.rows if self.rows else None


@metric(worse="lower", cloudwatch="{metric}", label="Share of rows in which a sum holds")
class SumHolds(DatasetAnalyzer):
    """Share of the rows where all are numbers in which some columns add up to another one, within a tolerance."""

    parts: tuple[str, ...] = setting(default=(), min_length=1, description="Columns that are added.")
    total: str = setting(default="", min_length=1, description="Column that holds their sum.")
    tolerance: float = setting(
        default=1e-6, ge=0, description="Largest difference, relative to the total (absolute below 1)."
    )
    holds: int = 0
    rows: int = 0

    @property
    def reads(self) -> tuple[str, ...]:
        return (*self.parts, self.total)

    def update(self, batch: BatchView) -> None:
        excess = excess_over_total(batch, self.parts, self.total)
        with np.errstate(invalid="ignore"):
            right = np.abs(excess) <= self.tolerance * np.maximum(1.0, np.abs(batch.numbers(self.total)))
        self.holds += int(right.sum())
        self.rows += int((~np.isnan(excess)).sum())

    def result(self) -> float | None:
        return self.holds / self.rows if self.rows else None
