"""Rows that fail a check, at most so many for each, from Deequ's row-level results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from engine.deequ.jvm import Jvm
from engine.deequ.verification import JudgedRows, Verified

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FILE_NAME = "deequ_failing_rows.parquet"


def failing_rows(jvm: Jvm, frame: DataFrame, verified: Verified, most: int) -> pa.Table:
    """Rows for which a failed check is false.

    Checks of whole columns (a mean, a size) have no failing rows.

    Args:
        jvm: The JVM.
        frame: The data; it may have more columns than were checked, for example ``eventId``.
        verified: The run.
        most: Rows per check.

    Returns:
        The name of the check, and the row.
    """
    from pyspark.sql.pandas.types import to_arrow_schema

    found: list[dict[str, Any]] = []
    for run in verified.runs:
        if any(outcome.failed for outcome in run.outcomes.values()):
            seen = frame if run.names is None else run.names.with_aliases(frame)
            found += _of_run(jvm, frame, seen, run, most)
    schema = to_arrow_schema(frame.schema)
    return pa.Table.from_pylist(found, pa.schema([pa.field("check", pa.string()), *schema]))


def _of_run(jvm: Jvm, frame: DataFrame, seen: DataFrame, run: JudgedRows, most: int) -> list[dict[str, Any]]:
    """The rows of one run; Deequ looks at ``seen``, the user's columns are those of ``frame``."""
    from pyspark.sql import functions as f

    rows_of = jvm.deequ.VerificationResult.rowLevelResultsAsDataFrame
    judged = jvm.frame(rows_of(jvm.java_session, run.result, jvm.dataset(seen)))
    # By position: names may hold backticks, or differ by case alone.
    width, places = len(frame.columns), {name: index for index, name in enumerate(judged.columns)}
    numbered = judged.toDF(*(f"c{index}" for index in range(len(judged.columns))))
    wanted = [f"c{index}" for index in range(width)]
    found = []
    for name, outcome in run.outcomes.items():
        if outcome.failed and name in places:
            for row in numbered.where(~f.col(f"c{places[name]}")).limit(most).select(*wanted).collect():
                cells = row.asDict(recursive=True)
                found.append({"check": outcome.check} | dict(zip(frame.columns, cells.values(), strict=True)))
    return found
