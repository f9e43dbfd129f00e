"""A Spark DataFrame of any dataset that our readers open, captures included.

The rows are read by our own readers inside ``mapInArrow``, one partition a split, so that Deequ sees what our analyzers see. CSV
and captures have no types: their columns get those that a first pass infers. NaN and infinities become null, as in our statistics.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.data_types import DataTypes
from engine.analyzers.moments import Moments
from engine.columns.addresses import list_names, match_name
from engine.datasets.base import Dataset, Reader, ReadReport, Split
from engine.deequ.event_reader import EVENT_ID, with_event_ids
from engine.deequ.frame_types import conformed, inferred_type, sparks_type
from engine.errors import NoDataError
from engine.execution.analyses import NoSegments
from engine.execution.scan import ScanState, ScanTask, absorb, decode
from engine.execution.scan_metrics import metrics_of
from engine.execution.spark import SparkRunner
from engine.metrics import DatasetMetrics

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_LOG = logging.getLogger(__name__)

_TYPED = ("parquet", "jsonl", "table")
"""Formats whose texts are meant as texts."""


def frame_of(
    session: SparkSession,
    dataset: Dataset,
    text_columns: Iterable[str] = (),
    event_ids: bool = False,
    infer: bool = True,
) -> DataFrame:
    """The rows of a dataset.

    Args:
        session: The session.
        dataset: From :func:`engine.datasets.opening.open_dataset`.
        text_columns: Columns of CSV and captures that stay text, whatever they look like.
        event_ids: Add the column ``eventId`` to captures.
        infer: Whether texts of CSV and captures become the numbers and booleans that they spell.

    Raises:
        NoDataError: There are no rows.
    """
    source: Any = dataset.reader
    if source.format == "table":
        table: DataFrame = source.dataframe(session)
        return table
    reader, found = _first_pass(dataset)
    schema = _schema(reader, dataset, found, set(text_columns), infer and source.format not in _TYPED)
    named = with_event_ids(reader) if event_ids else None
    if named is not None:
        reader, schema = named, schema.append(pa.field(EVENT_ID, pa.string()))
    from pyspark.sql.pandas.types import from_arrow_schema

    count = len(dataset.splits)
    numbers = session.range(0, count, 1, count)
    return numbers.mapInArrow(_reading(reader, dataset.splits, schema), from_arrow_schema(schema))


@dataclass(frozen=True)
class _Kinds(NoSegments):
    """What must be known to choose types."""

    def of_column(self, column: str) -> Mapping[str, ColumnAnalyzer]:
        return {"data_type": DataTypes(), "moments": Moments()}


def _first_pass(dataset: Dataset) -> tuple[Reader, DatasetMetrics]:
    """The reader with its final types, and what the columns hold."""
    reader, analyses = dataset.reader, _Kinds()
    with SparkRunner() as runner:
        while True:
            total = ScanState.empty(analyses)
            for state in runner.scan(ScanTask(reader, analyses), dataset.splits):
                absorb(total, decode(state, analyses), analyses)
            if not total.conflicts:
                return reader, metrics_of(dataset, total)
            reader = reader.retyped(total.conflicts)


def _schema(reader: Reader, dataset: Dataset, found: DatasetMetrics, texts: set[str], infer: bool) -> pa.Schema:
    if not found.rows:
        raise NoDataError("Job inputs had no data: Deequ cannot look at a dataset without records.")
    types, texts = _first_types(reader, dataset), _named(texts, list(found.columns))
    fields = []
    for name, column in found.columns.items():
        kind = sparks_type(types.get(name, pa.string()))
        if infer and pa.types.is_string(kind) and name not in texts:
            moments = column["moments"]
            largest = 0.0 if moments is None else max(-moments.min, moments.max)
            kind = inferred_type({"inferred": column["data_type"].inferred}, largest)
        fields.append(pa.field(name, kind))
    return pa.schema(fields)


def _named(written: set[str], columns: Sequence[str]) -> set[str]:
    """The columns that the user names, without regard to case."""
    matched = {text: match_name(columns, text) for text in sorted(written)}
    for text, column in matched.items():
        if column is None:
            _LOG.warning("deequ.text_columns: there is no column %r; there are %s", text, list_names(columns))
    return {column for column in matched.values() if column is not None}


def _first_types(reader: Reader, dataset: Dataset) -> dict[str, pa.DataType]:
    """The Arrow types of each column where it first appears."""
    types: dict[str, pa.DataType] = {}
    for split in dataset.splits:
        batch = next(iter(reader.read(split, ReadReport())), None)
        if batch is not None:
            return dict(zip(batch.schema.names, batch.schema.types, strict=True))
    return types


def _reading(
    reader: Reader, splits: tuple[Split, ...], schema: pa.Schema
) -> Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]:
    def read(numbers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in numbers:
            for number in batch.column(0).to_pylist():
                for rows in reader.read(splits[number], ReadReport()):
                    yield conformed(rows, schema)

    return read
