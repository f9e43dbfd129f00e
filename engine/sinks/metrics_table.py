"""The flat table of all results, ``metrics.parquet``: for Athena, DuckDB or pandas, one row a result."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.measurements.measurement import SCHEMA, Measurement

FILE_NAME = "metrics.parquet"


@dataclass(frozen=True)
class RunLabels:
    """What all rows of a run share.

    Attributes:
        run: Name of the run.
        monitor: Name of the monitor.
        endpoint: The endpoint that the data is from, where the configuration names it.
        window_start: Start of the analysis window, else of the data; None where neither is known.
        window_end: The same of the end.
    """

    run: str
    monitor: str
    endpoint: str | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None


def metrics_table(measurements: Iterable[Measurement], labels: RunLabels) -> bytes:
    """The bytes of the table; the same measurements give the same bytes."""
    common = asdict(labels)
    rows = [common | _plain(measurement.row()) for measurement in measurements]
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), target, compression="zstd")
    return target.getvalue()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    detail = row["detail"]
    return row | {"detail": json.dumps(detail, ensure_ascii=False, default=str, sort_keys=True) if detail else None}
