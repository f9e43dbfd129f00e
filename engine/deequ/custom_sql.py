"""SQL of users as Deequ can run it: Deequ looks its result up by name, and takes a dot in that for a member of a struct."""

from __future__ import annotations

import re
from typing import Any, TypeVar, cast

from engine.deequ.entries import AnalyzerConfig, CheckConfig

_Entry = TypeVar("_Entry", bound=CheckConfig | AnalyzerConfig)


def with_plain_result(session: Any, sql: str) -> str:
    """The query with a plain name of its result, where it has one result of another name; else as it is.

    Args:
        session: The Spark session, which knows the views that the query reads.
        sql: The query, for example ``SELECT sum(`a.b`) FROM primary``.
    """
    try:
        names = session.sql(sql).columns
    except Exception:  # noqa: BLE001 - Deequ will say what is wrong with it
        return sql
    plain = len(names) != 1 or re.fullmatch(r"[A-Za-z0-9_(), *]+", names[0])
    query = sql.rstrip().rstrip(";")
    return sql if plain else f"SELECT * FROM ({query}) AS result(value)"  # noqa: S608 - the user's own SQL


def takeable_sql(session: Any, entry: _Entry) -> _Entry:
    """A check whose SQL Deequ can run; others as they are."""
    sql = entry.arguments.get("expression")
    if sql is None:
        return entry
    arguments = {**entry.arguments, "expression": with_plain_result(session, sql)}
    return cast("_Entry", entry.model_copy(update={"arguments": arguments}))
