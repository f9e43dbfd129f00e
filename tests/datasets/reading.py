"""Write small inputs and read them whole."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa

from engine.datasets.base import Dataset, ReadReport
from engine.datasets.opening import open_dataset
from engine.datasets.settings import InputSettings

Rows = list[dict[str, Any]]


def opened(path: Path | str, **settings: Any) -> Dataset:
    dataset = open_dataset(InputSettings((str(path),), **settings))
    copy: Dataset = pickle.loads(pickle.dumps(dataset))  # noqa: S301 - what Spark does to it
    return copy


def rows_of(dataset: Dataset, report: ReadReport, columns: tuple[str, ...] | None = None) -> Rows:
    """All rows, as a runner gets them: columns in conflict are read again with wider types."""
    found: Rows = []
    for split in dataset.splits:
        for batch in dataset.reader.read(split, report, columns):
            assert isinstance(batch, pa.RecordBatch)
            assert batch.num_rows <= 262_144
            found += batch.to_pylist()
    return found


def read(path: Path | str, **settings: Any) -> tuple[Rows, ReadReport]:
    report = ReadReport()
    dataset = opened(path, **settings)
    rows = rows_of(dataset, report)
    reader, conflicts = dataset.reader, dict(report.conflicts)
    while conflicts:
        again = ReadReport()
        reader = reader.retyped(conflicts)
        wider = Dataset(reader, dataset.splits)
        for row, values in zip(rows, rows_of(wider, again, tuple(sorted(conflicts))), strict=True):
            row.update(values)
        conflicts = dict(again.conflicts)
    return rows, report


def reasons(report: ReadReport) -> list[tuple[dict[str, int], str]]:
    return [(dict(record.position), record.reason) for record in report.records]
