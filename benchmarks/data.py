"""Generated data to measure on: a Parquet table and a folder of captures, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.testing.captures import write_captures

ROW_GROUP = 250_000
CITIES = np.array([f"city {i:03d}" for i in range(80)])
PLANS = np.array(["free", "gold", "silver", "trial"])


def parquet_table(folder: Path, rows: int) -> Path:
    """Write ``rows`` rows of 20 columns: 9 doubles, 5 integers, 4 texts, a boolean and a timestamp."""
    target = folder / f"table-{rows}.parquet"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    writer: pq.ParquetWriter | None = None
    for start in range(0, rows, ROW_GROUP):
        batch = _batch(rng, start, min(ROW_GROUP, rows - start))
        writer = writer or pq.ParquetWriter(target, batch.schema)
        writer.write_table(pa.Table.from_batches([batch]))
    if writer is not None:
        writer.close()
    return target


def _batch(rng: np.random.Generator, start: int, rows: int) -> pa.RecordBatch:
    columns: dict[str, pa.Array] = {}
    for i in range(9):
        values = rng.normal(i, 1 + i, rows)
        columns[f"double_{i}"] = pa.array(values, mask=rng.random(rows) < 0.02 if i < 3 else None)
    columns["id"] = pa.array(np.arange(start, start + rows))
    for i, top in enumerate((2, 50, 10_000, 1_000_000)):
        columns[f"integer_{i}"] = pa.array(rng.integers(0, top, rows))
    columns["plan"] = pa.array(PLANS[rng.integers(0, 4, rows)])
    columns["city"] = pa.array(CITIES[rng.integers(0, 80, rows)])
    columns["country"] = pa.array(CITIES[rng.integers(0, 20, rows)])
    columns["user"] = pa.array(np.char.add("user-", rng.integers(0, 2_000_000, rows).astype(str)))
    columns["active"] = pa.array(rng.random(rows) < 0.5)
    columns["at"] = pa.array(np.datetime64("2026-01-01", "us") + rng.integers(0, 10**12, rows).astype("m8[us]"))
    return pa.RecordBatch.from_pydict(columns)


def wide_table(folder: Path, columns: int = 200, rows: int = 200_000) -> Path:
    """Write a table of many columns of doubles, whose states the driver has to hold."""
    target = folder / f"wide-{columns}.parquet"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(7)
        table = pa.table({f"double_{i}": rng.normal(size=rows) for i in range(columns)})
        pq.write_table(table, target, row_group_size=20_000)
    return target


def captures(folder: Path, records: int) -> Path:
    """Write a capture folder of ``records`` records with CSV payloads."""
    target = folder / f"captures-{records}"
    if not target.exists():
        write_captures(target, records=records, seed=7)
    return target
