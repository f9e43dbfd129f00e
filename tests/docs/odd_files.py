"""Odd values, files of each format that hold them, and what becomes of them."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer
from engine.analyzers.categories import Categories
from engine.analyzers.completeness import Completeness
from engine.analyzers.data_types import DataTypes
from engine.analyzers.moments import Moments
from engine.columns.batch import BatchView
from engine.datasets.opening import open_dataset
from engine.datasets.settings import CsvSettings, InputSettings
from engine.execution.analysis import analyse
from engine.execution.inline import InlineRunner
from engine.job_analyses import JobAnalyses
from engine.metrics import DatasetMetrics
from engine.monitors.data_quality import DataQualityMonitor
from tests.docs.odd_values import NOTHING, TEXTS


@dataclass(frozen=True)
class Outcome:
    """What a value became: its class, its number in statistics, its number where a setting asks for one, and its text."""

    kind: str
    statistics: str = NOTHING
    asked: str = NOTHING
    text: str = NOTHING


MISSING, MALFORMED = Outcome("missing"), Outcome("malformed record")


@dataclass
class RowNumbers(DatasetAnalyzer):
    """The number of each column where a setting asks for one; there is one value a column."""

    name: ClassVar[str] = "row_numbers"

    numbers: dict[str, float] = field(default_factory=dict)

    def update(self, batch: BatchView) -> None:
        for name in batch.names:
            for number in batch.numbers(name):
                if not math.isnan(number):
                    self.numbers[name] = float(number)

    def result(self) -> dict[str, float]:
        return dict(self.numbers)


class TableMonitor(DataQualityMonitor):
    """The analyzers that say what became of a value."""

    def analyzers(self, column: str, baseline: Any) -> list[ColumnAnalyzer]:
        return [Completeness(), DataTypes(), Moments(), Categories(numeric=True)]

    def dataset_analyzers(self, baseline: Any) -> list[DatasetAnalyzer]:
        return [RowNumbers()]


def read(files: Iterable[Path], file_format: str) -> DatasetMetrics:
    settings = InputSettings(tuple(map(str, files)), file_format, CsvSettings(header=True), max_malformed_share=1.0)
    with InlineRunner() as runner:
        return analyse(open_dataset(settings), JobAnalyses(TableMonitor()), runner, lambda _: None).metrics


def outcome_of(metrics: DatasetMetrics, column: str) -> Outcome:
    if column not in metrics.columns:
        return MALFORMED
    found = metrics.columns[column]
    if not found["completeness"].num_present:
        return MISSING
    kinds = [kind for kind, count in found["data_type"].counts.items() if count and kind != "Unknown"]
    moments, asked = found["moments"], metrics.dataset["row_numbers"].get(column)
    text = next(iter(found["categories"]))
    return Outcome(kinds[0], shown(moments.min if moments else None), shown(asked), quoted(text))


def shown(number: float | None) -> str:
    return NOTHING if number is None else repr(number + 0.0)


def quoted(text: str) -> str:
    if len(text) > 40:
        return f"`{text[0]}` {len(text)} times"
    return "`" + text.replace("\t", "⇥").replace(" ", "␣").replace("|", "\\|") + "`"


def csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def capture(data: str, encoding: str = "CSV", kind: str = "text/csv") -> str:
    part = {"observedContentType": kind, "mode": "INPUT", "data": data, "encoding": encoding}
    record = {"captureData": {"endpointInput": part}, "eventMetadata": {"eventId": "1"}, "eventVersion": "0"}
    return json.dumps(record) + "\n"


def read_csv(folder: Path) -> list[Outcome]:
    names = [f"v{i}" for i in range(len(TEXTS))]
    (folder / "a.csv").write_text(csv_line(names) + csv_line(TEXTS), "utf-8")
    metrics = read([folder / "a.csv"], "csv")
    return [outcome_of(metrics, name) for name in names]


def read_captured_csv(folder: Path) -> list[Outcome]:
    (folder / "a.jsonl").write_text(capture(csv_line(TEXTS)), "utf-8")
    metrics = read([folder / "a.jsonl"], "capture")
    return [outcome_of(metrics, f"_c{i}") for i in range(len(TEXTS))]


def lines_of(tokens: Iterable[str | None]) -> list[str]:
    """A JSON object for each token, as what it says alone decides about it."""
    return [f'{{"v{i}": {token}}}' for i, token in enumerate(tokens) if token is not None]


def read_lines(folder: Path, tokens: list[str | None]) -> list[Outcome]:
    (folder / "a.jsonl").write_text("".join(line + "\n" for line in lines_of(tokens)), "utf-8")
    metrics = read([folder / "a.jsonl"], "jsonl")
    return [outcome_of(metrics, f"v{i}") for i in range(len(tokens))]


def read_captured_json(folder: Path, tokens: list[str | None]) -> list[Outcome]:
    payloads = [base64.b64encode(line.encode()).decode() for line in lines_of(tokens)]
    (folder / "a.jsonl").write_text("".join(capture(data, "BASE64", "application/json") for data in payloads), "utf-8")
    metrics = read([folder / "a.jsonl"], "capture")
    return [outcome_of(metrics, f"v{i}") for i in range(len(tokens))]


def as_text() -> list[str | None]:
    return [json.dumps(text) for text in TEXTS]


def as_number() -> list[str | None]:
    """The texts without quotes, as far as none is two things or none at all."""
    return [None if not text.strip() or text != text.strip() or set(text) & set(", ") else text for text in TEXTS]


def read_parquet(folder: Path, stored: bool) -> list[Outcome]:
    arrays = [pa.array([text] * 8) for text in TEXTS]
    table = pa.table(arrays, names=[f"v{i}" for i in range(len(TEXTS))])
    pq.write_table(table, folder / "a.parquet", use_dictionary=stored)
    metrics = read([folder / "a.parquet"], "parquet")
    return [outcome_of(metrics, name) for name in table.column_names]


TEXT_FORMATS: dict[str, Callable[[Path], list[Outcome]]] = {
    "CSV": read_csv,
    "captured CSV": read_captured_csv,
    "JSON text": lambda folder: read_lines(folder, as_text()),
    "captured JSON text": lambda folder: read_captured_json(folder, as_text()),
    "Parquet text": lambda folder: read_parquet(folder, False),
    "stored Parquet text": lambda folder: read_parquet(folder, True),
}
NUMBER_FORMATS: dict[str, Callable[[Path], list[Outcome]]] = {
    "JSON": lambda folder: read_lines(folder, as_number()),
    "captured JSON": lambda folder: read_captured_json(folder, as_number()),
}
