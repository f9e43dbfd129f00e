"""The flat table of all results, ``metrics.parquet``: for Athena, DuckDB or pandas, one row a result."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.measurements.measurement import SCHEMA, Measurement

FILE_NAME = "metrics.parquet"


def metrics_table(
    measurements: Iterable[Measurement], run: str, window: tuple[datetime | None, datetime | None]
) -> bytes:
    """The bytes of the table; the same measurements give the same bytes.

    Args:
        measurements: The rows.
        run: Name of the run.
        window: Start and end of the analysis window, where there is one.
    """
    common = {"run": run, "window_start": window[0], "window_end": window[1]}
    rows = [common | _plain(measurement.row()) for measurement in measurements]
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), target, compression="zstd")
    return target.getvalue()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    detail = row["detail"]
    return row | {"detail": json.dumps(detail, ensure_ascii=False, default=str, sort_keys=True) if detail else None}
