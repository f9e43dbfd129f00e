"""DuckDB as the calculator for SQL expressions: in memory, one thread, without access to files or settings."""

from __future__ import annotations

import threading
from typing import Any

import pyarrow as pa

from engine.columns.batch import BatchView

_LOCAL = threading.local()


def connection() -> Any:
    """The connection of this thread, which is opened when it is first needed."""
    import duckdb  # of all jobs only those with SQL need it

    if not hasattr(_LOCAL, "connection"):
        options = {"threads": 1, "enable_external_access": False, "lock_configuration": True}
        _LOCAL.connection = duckdb.connect(":memory:", config=options)
    return _LOCAL.connection


def run_over(batch: BatchView, columns: tuple[str, ...], select: str) -> pa.Table:
    """The result of a SELECT list over a batch.

    Args:
        batch: The rows.
        columns: Columns that stand as ``c0``, ``c1``, ... in the list; absent ones are null.
        select: The list, checked before.
    """
    arrays = [_plain(batch.array(name)) for name in columns] or [pa.nulls(batch.rows, pa.int8())]
    table = pa.table(arrays, names=[f"c{i}" for i in range(len(arrays))])
    found = connection()
    found.register("batch", table)
    try:
        result: pa.Table = found.sql(f"SELECT {select} FROM batch").to_arrow_table()  # noqa: S608 - a checked tree
    finally:
        found.unregister("batch")
    return result


def value_of(select: str) -> Any:
    """The value of a checked expression without columns."""
    return connection().sql(f"SELECT {select}").fetchall()[0][0]


def _plain(array: pa.Array) -> pa.Array:
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array
