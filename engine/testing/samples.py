"""Small generated data on which the conformance kit tries a metric: the same on every machine, with the awkward values in it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import pyarrow as pa

from engine.analyzers.metric_spec import Takes

ROWS = 200
_TEXTS = ("", " ", "a", "b", "b", "longer text", "äöü", "中文", "🙂", "x" * 300, "3.5", "true", "\t", "null", "-")


def arrays_of(kind: Takes, rows: int = ROWS, seed: int = 1) -> list[pa.Array]:
    """Values of a kind of column, one array for each Arrow type that it may come as; about one in ten is missing."""
    rng = np.random.default_rng(seed)
    missing = rng.random(rows) < 0.1
    if kind == "number":
        numbers = np.where(rng.random(rows) < 0.5, rng.normal(0, 10, rows), rng.integers(-5, 5, rows))
        floats = pa.array(numbers, mask=missing)
        return [floats, pa.array(numbers.astype(np.int64), mask=missing), floats.cast(pa.float32()), _as_cells(floats)]
    if kind == "text":
        return [pa.array([_TEXTS[i] for i in rng.integers(0, len(_TEXTS), rows)], mask=missing)]
    if kind == "boolean":
        flags = pa.array(rng.random(rows) < 0.3, mask=missing)
        return [flags, flags.cast(pa.string())]
    if kind == "time":
        start = datetime(2026, 1, 31, tzinfo=timezone.utc)
        times = [start + timedelta(minutes=int(minutes)) for minutes in rng.integers(0, 10_000, rows)]
        return [pa.array(times, pa.timestamp("us", "UTC"), mask=missing)]
    return [array for other in ("number", "text", "boolean", "time") for array in arrays_of(other, rows, seed)]


def distinct_of(kind: Takes, rows: int) -> pa.Array:
    """As many different values as there are rows."""
    if kind == "text":
        return pa.array([f"value {i * 7919 % rows}" for i in range(rows)])
    if kind == "time":
        return pa.array(np.arange(rows) * 7919 % rows, pa.timestamp("us", "UTC"))
    if kind == "boolean":
        return pa.array(np.arange(rows) % 2 == 0)
    return pa.array(np.arange(rows) * 7919 % rows + 0.5)


def batch_of(columns: tuple[str, ...], rows: int = ROWS, seed: int = 1) -> pa.RecordBatch:
    """A batch for metrics of whole records: numbers in the columns named, and a text and a number beside them."""
    names = [*columns, *(name for name in ("number", "text") if name not in columns)]
    found = {name: arrays_of("text" if name == "text" else "number", rows, seed + i)[0] for i, name in enumerate(names)}
    return pa.RecordBatch.from_pydict(found)


def _as_cells(numbers: pa.Array) -> pa.Array:
    """Numbers as the cells of a CSV file."""
    return pa.array([None if value is None else repr(value) for value in numbers.to_pylist()], pa.string())
