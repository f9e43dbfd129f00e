"""What a pass over a dataset yields: the results of the analyzers, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ColumnMetrics = Mapping[str, Any]
"""Results by analyzer name."""


@dataclass(frozen=True)
class DatasetMetrics:
    """Metrics of a dataset.

    Attributes:
        rows: Number of records analysed; malformed ones are not among them.
        columns: Metrics by column name, in the order of the table.
        malformed: Number of records put in quarantine.
        notes: Counts of things worth saying at the end, by text.
    """

    rows: int
    columns: Mapping[str, ColumnMetrics]
    malformed: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)
