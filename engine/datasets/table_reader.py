"""Tables that only Spark can read: Hive and Glue catalogs, Iceberg, Delta, JDBC formats.

The rows reach the same analyzers as Arrow batches (``mapInArrow``); see ``engine/execution/spark.py``. Their partitions follow from
the table's files and Spark's settings, so exact statistics are the same on any cluster, and sketches keep their bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from engine.datasets.base import Reader, ReadReport, Split
from engine.errors import DataFormatError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class TableReader:
    """One or several tables of the same columns.

    Attributes:
        names: ``database.table``, or ``FORMAT:PATH`` (``delta:s3://bucket/table``) for what Spark loads by format.
        exclude: Columns to leave out.
    """

    names: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    format: str = "table"

    def dataframe(self, session: SparkSession) -> DataFrame:
        """The rows of all tables."""
        frames = [self._load(session, name) for name in self.names]
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionByName(frame)
        return whole.drop(*self.exclude)

    def _load(self, session: SparkSession, name: str) -> DataFrame:
        try:
            source, colon, path = name.partition(":")
            return session.read.format(source).load(path) if colon else session.table(name)
        except Exception as error:
            reason = str(error).split("\n", 1)[0]
            raise DataFormatError(
                f"Spark cannot read the table {name!r}: {reason} Name it as database.table, or as FORMAT:PATH for "
                "example delta:s3://bucket/table."
            ) from error

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Not used: Spark hands the rows over."""
        raise NotImplementedError("the rows of a table come from Spark")

    def retyped(self, types: Mapping[str, str]) -> Reader:
        """The same: a table's columns have the catalog's types."""
        return self
