"""What a pass computes: the analyzers of each column and of whole records, and the slices of the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer


class Segment(Protocol):
    """A way to cut a dataset into slices. Sent to the tasks."""

    @property
    def name(self) -> str:
        """How the user wrote it."""

    def slices(self, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
        """The rows of a batch by slice; the label of a slice says what its rows have in common (``region=EU``)."""


class Analyses(Protocol):
    """Says which analyzers there are. Sent to the tasks."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Ways to cut the data into slices, each analysed as the whole is."""

    def of_column(self, column: str) -> Mapping[str, ColumnAnalyzer]:
        """New analyzers of a column by key, with empty state."""

    def of_dataset(self) -> Mapping[str, DatasetAnalyzer]:
        """New analyzers of whole records by key, with empty state."""


@dataclass(frozen=True)
class NoSegments:
    """Mix-in for analyses of the whole data alone."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """None."""
        return ()

    def of_dataset(self) -> Mapping[str, DatasetAnalyzer]:
        """None."""
        return {}
