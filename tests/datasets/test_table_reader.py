"""Columns of Spark tables, without a JVM: which are read, and under which names."""

from __future__ import annotations

import pytest
from pyspark.ml.linalg import VectorUDT
from pyspark.sql import types as t

from engine.datasets.base import ReadReport
from engine.datasets.table_reader import named_paths, readable_paths
from engine.errors import DataFormatError


def schema(**kinds: t.DataType) -> t.StructType:
    return t.StructType([t.StructField(name, kind) for name, kind in kinds.items()])


READABLE = (
    t.ByteType(), t.LongType(), t.FloatType(), t.DecimalType(38, 10), t.StringType(), t.CharType(3), t.VarcharType(5),
    t.BinaryType(), t.BooleanType(), t.DateType(), t.TimestampType(), t.TimestampNTZType(), t.DayTimeIntervalType(), t.NullType(),
)  # fmt: skip


@pytest.mark.parametrize("kind", READABLE)
def test_readable_paths_of_scalars_are_columns(kind: t.DataType) -> None:
    report = ReadReport()
    assert list(readable_paths(schema(n=t.LongType(), v=kind), report)) == [("n",), ("v",)]
    assert not report.notes


@pytest.mark.parametrize(
    "kind", [t.ArrayType(t.LongType()), t.MapType(t.StringType(), t.LongType()), t.YearMonthIntervalType(), VectorUDT()]
)
def test_readable_paths_of_other_types_are_left_out_with_a_note(kind: t.DataType) -> None:
    report = ReadReport()
    nested = schema(n=t.LongType(), v=kind, s=schema(v=kind, m=t.LongType()))
    assert list(readable_paths(nested, report)) == [("n",), ("s", "m")]
    assert sorted(report.notes) == [
        f"column {name!r} is left out: {kind.simpleString()} is no table column" for name in ("s.v", "v")
    ]


def test_named_paths_of_one_name_are_refused() -> None:
    with pytest.raises(DataFormatError, match=r"db\.t: several columns have the same name.*: a\.b\."):
        named_paths([("a.b",), ("a", "b"), ("c",)], "db.t")
    assert list(named_paths([("a",), ("A",)], "db.t")) == ["a", "A"]


def test_named_paths_without_a_column_say_so() -> None:
    with pytest.raises(DataFormatError, match="no column that can be read"):
        named_paths([], "db.t")
