"""Tables that only Spark can read: Hive and Glue catalogs, Iceberg, Delta, JDBC formats.

The rows reach the same analyzers as Arrow batches (``mapInArrow``); see ``engine/execution/spark.py``. Their partitions follow from
the table's files and Spark's settings, so exact statistics are the same on any cluster, and sketches keep their bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from engine.datasets.base import Dataset, Reader, ReadReport, Split
from engine.datasets.exclusion import chosen_columns
from engine.errors import DataFormatError

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructType

_NAMING = (
    "A table is named database.table, or FORMAT:PATH as in delta:s3://bucket/table. Iceberg, Delta and whatever else does not come "
    "with Spark need jars and settings (docs/emr.md)."
)
_SAME = "Tables of one job must have the same columns."


@dataclass(frozen=True)
class TableReader:
    """One or several tables of the same columns.

    Members of structs become columns with dots in their names; lists and maps are left out.

    Attributes:
        names: ``database.table``, or ``FORMAT:PATH`` (``delta:s3://bucket/table``) for what Spark loads by format.
        exclude: Columns to leave out, by name or 0-based index.
    """

    names: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    format: str = "table"

    def dataframe(self, session: SparkSession, report: ReadReport | None = None) -> DataFrame:
        """The rows of all tables.

        Args:
            session: The session that has the catalogs.
            report: Told of the columns that are left out.

        Raises:
            DataFormatError: Spark cannot read a table, the tables have different columns, or two columns the same name.
        """
        report = report or ReadReport()
        tables = [_told(f"the table {name!r}", _NAMING, partial(_load, session, name)) for name in self.names]
        described = [_described(table, report) for table in tables]
        whole = _told(f"{', '.join(self.names)} as one table", _SAME, partial(reduce, _below, described))
        paths = named_paths(list(readable_paths(whole.schema, report)), ", ".join(self.names))
        excluded = chosen_columns(Dataset(self, (), tuple(paths)), self.exclude)
        return whole.select([_column(path) for name, path in paths.items() if name not in excluded])

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Not used: Spark hands the rows over."""
        raise NotImplementedError("the rows of a table come from Spark")

    def retyped(self, types: Mapping[str, str]) -> Reader:
        """The same: a table's columns have the catalog's types."""
        return self


def _load(session: SparkSession, name: str) -> DataFrame:
    source, colon, path = name.partition(":")
    return session.read.format(source).load(path) if colon else session.table(name)


def _below(upper: DataFrame, lower: DataFrame) -> DataFrame:
    return upper.unionByName(lower)


def _told(what: str, advice: str, load: Callable[[], DataFrame]) -> DataFrame:
    """What Spark loads, or its reason why not in one line."""
    try:
        return load()
    except Exception as error:
        thrown: Any = getattr(error, "java_exception", None)
        reason = str(error if thrown is None else thrown.getMessage() or thrown.toString()).strip().split("\n", 1)[0]
        raise DataFormatError(f"Spark cannot read {what}: {reason} {advice}") from error


def _described(table: DataFrame, report: ReadReport) -> DataFrame:
    """A table without the columns of types that Python does not know, such as intervals of a calendar."""
    from pyspark.sql.types import _parse_datatype_json_string

    fields = table._jdf.schema().fields()  # noqa: SLF001 - the table's own schema raises for all columns at once
    known: list[str] = []
    for field in fields:
        try:
            _parse_datatype_json_string(field.dataType().json())
            known.append(field.name())
        except Exception:  # noqa: BLE001 - whatever it is, this column costs only itself
            report.note(_left_out(field.name(), field.dataType().simpleString()))
    return table if len(known) == len(fields) else table.select([_column((name,)) for name in known])


def _left_out(name: str, kind: str) -> str:
    return f"column {name!r} is left out: {kind} is no table column"


def readable_paths(schema: StructType, report: ReadReport, parents: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the columns are that hold one value a row, of a type that Spark hands over as Arrow; the others are noted."""
    from pyspark.sql import types

    readable = (
        types.NumericType, types.StringType, types.CharType, types.VarcharType, types.BinaryType, types.BooleanType, types.DateType,
        types.TimestampType, types.TimestampNTZType, types.DayTimeIntervalType, types.NullType,
    )  # fmt: skip
    for field in schema.fields:
        path = (*parents, field.name)
        if isinstance(field.dataType, types.StructType):
            yield from readable_paths(field.dataType, report, path)
        elif isinstance(field.dataType, readable):
            yield path
        else:
            report.note(_left_out(".".join(path), field.dataType.simpleString()))


def named_paths(paths: Sequence[tuple[str, ...]], table: str) -> dict[str, tuple[str, ...]]:
    """The columns by flat name.

    >>> named_paths([("a", "b"), ("c",)], "t")
    {'a.b': ('a', 'b'), 'c': ('c',)}

    Raises:
        DataFormatError: Two have the same, or there is none.
    """
    counts = Counter(".".join(path) for path in paths)
    twins = [name for name, count in counts.items() if count > 1]
    if twins:
        raise DataFormatError(
            f"{table}: several columns have the same name, in which members of structs stand behind a dot: {', '.join(twins)}. "
            "Give each a name of its own."
        )
    if not paths:
        raise DataFormatError(
            f"{table}: the table has no column that can be read; lists, maps and other nested values are not."
        )
    return {".".join(path): path for path in paths}


def _column(path: tuple[str, ...]) -> Column:
    from pyspark.sql.functions import col

    return col(".".join(f"`{name.replace('`', '``')}`" for name in path)).alias(".".join(path))
