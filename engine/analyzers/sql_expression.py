"""Conditions and values of a row in SQL, for segments."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

from engine.analyzers.sql_engine import run_over
from engine.analyzers.sql_nodes import AGGREGATES
from engine.analyzers.sql_parsing import ParsedSql, parse_sql
from engine.columns.addresses import list_names, match_name
from engine.columns.batch import BatchView
from engine.errors import ConfigurationError


@lru_cache(maxsize=64)
def _parsed(text: str) -> ParsedSql:
    parsed = parse_sql(text)
    if any(isinstance(node, AGGREGATES) for node in parsed.tree.walk()):
        raise ValueError(f"{text!r} aggregates rows; allowed is an expression with a value for each row")
    return parsed


def check_condition(text: str, where: str) -> None:
    """Check an expression before anything is read.

    Raises:
        ConfigurationError: It is not allowed; the text names ``where``.
    """
    try:
        _parsed(text)
    except ValueError as error:
        raise ConfigurationError(f"{where}: {error}.") from None


def evaluate_condition(batch: BatchView, text: str) -> pa.Array:
    """The value of a checked expression, one a row; null where it is not known.

    Raises:
        ValueError: It is no condition.
        LookupError: The batch has none of its columns.
    """
    parsed = _parsed(text)
    columns = {name: _column(batch, name) for name in parsed.columns}
    if not batch.rows:
        return pa.nulls(0, pa.bool_())
    bound = tuple(column.renamed(columns) for column in parsed.bound)
    return run_over(batch, bound, parsed.tree.sql("duckdb")).column(0).combine_chunks()


def _column(batch: BatchView, name: str) -> str:
    column = match_name(batch.names, name)
    if column is None and "`" not in name:
        column = batch.find(name)
    if column is None:
        raise LookupError(f"the data has no column {name!r}; it has {list_names(batch.names)}")
    return column
