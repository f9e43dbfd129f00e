"""DuckDB as the calculator for SQL expressions: in memory, one thread, without access to files or settings."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from engine.analyzers.sql_columns import SqlColumn, values_of_column
from engine.columns.batch import BatchView

_LOCAL = threading.local()

NUMBER = "number_of"
"""Name of the function that reads a value as a double: of a text what it spells, as everywhere (``engine/columns/numbers.py``)."""

_NUMBER_MACRO = f"""
CREATE MACRO {NUMBER}(x) AS CASE
    WHEN typeof(x) <> 'VARCHAR' THEN TRY_CAST(x AS DOUBLE)
    WHEN regexp_full_match(CAST(x AS VARCHAR), '[\\x00-\\x20]*[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?[\\x00-\\x20]*')
    AND isfinite(TRY_CAST(x AS DOUBLE)) THEN TRY_CAST(x AS DOUBLE)
END
"""


def connection() -> Any:
    """The connection of this thread, which is opened when it is first needed."""
    import duckdb  # of all jobs only those with SQL need it

    if not hasattr(_LOCAL, "connection"):
        options = {"threads": 1, "enable_external_access": False, "lock_configuration": True}
        _LOCAL.connection = duckdb.connect(":memory:", config=options)
        _LOCAL.connection.execute(_NUMBER_MACRO)
    return _LOCAL.connection


def run_over(batch: BatchView, columns: tuple[SqlColumn, ...], select: str) -> pa.Table:
    """The result of a SELECT list over a batch.

    Args:
        batch: The rows.
        columns: The columns in the list.
        select: The list, checked before.
    """
    arrays = {column.own_name: values_of_column(column, batch) for column in columns}
    return _selected(pa.table(arrays or {"rows": pa.nulls(batch.rows, pa.int8())}), select)


def value_of(select: str, values: Mapping[str, Any]) -> Any:
    """The value of a checked expression.

    Args:
        select: The expression.
        values: The values of the columns in it; None is a double without a value.
    """
    arrays = {name: pa.array([value], pa.float64() if value is None else None) for name, value in values.items()}
    return _selected(pa.table(arrays), select).column(0)[0].as_py()


def _selected(table: pa.Table, select: str) -> pa.Table:
    database = connection()
    database.register("batch", table)
    try:
        result: pa.Table = database.sql(f"SELECT {select} FROM batch").to_arrow_table()  # noqa: S608 - a checked tree
    finally:
        database.unregister("batch")
    return result
