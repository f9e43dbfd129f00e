"""One row of the flat table of results, ``metrics.parquet``."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import pyarrow as pa

from engine.analyzers.measured import Status

SCHEMA = pa.schema(
    [
        ("run", pa.string()),
        ("window_start", pa.timestamp("ms", "UTC")),
        ("window_end", pa.timestamp("ms", "UTC")),
        ("slice", pa.string()),
        ("column", pa.string()),
        ("metric", pa.string()),
        ("value", pa.float64()),
        ("baseline", pa.float64()),
        ("distance", pa.float64()),
        ("threshold", pa.float64()),
        ("status", pa.string()),
        ("p_value", pa.float64()),
        ("error", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("unit", pa.string()),
        ("detail", pa.string()),
        ("monitor", pa.string()),
        ("endpoint", pa.string()),
        ("check", pa.string()),
    ]
)
"""Columns of the table, which ``docs/reference/metrics-table.md`` explains; later versions append."""


@dataclass(frozen=True)
class Measurement:
    """A result in the table.

    Attributes:
        metric: Its key.
        column: None for metrics of the whole dataset.
        slice: None for all rows.
        value: The metric, as in :class:`~engine.analyzers.measured.Measured`, like the attributes that follow.
        threshold: Bound that it was held against; None where there is none.
        status: What became of it; ``measured`` where no constraint was verified.
        detail: JSON values.
        cloudwatch: Name in CloudWatch; None keeps it out.
        check: The constraint that was verified, as ``constraint_check_type`` of its violations; None where there was none.
    """

    metric: str
    column: str | None = None
    slice: str | None = None
    value: float | None = None
    baseline: float | None = None
    distance: float | None = None
    threshold: float | None = None
    status: Status = "measured"
    p_value: float | None = None
    error: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    cloudwatch: str | None = None
    check: str | None = None

    def row(self) -> dict[str, Any]:
        """Values by column of the table, but for those that all rows of a run share."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in SCHEMA.names}
