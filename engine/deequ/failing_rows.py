"""Rows that fail a check, at most so many for each, from Deequ's row-level results (deequ.md 6.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from engine.deequ.jvm import Jvm
from engine.deequ.verification import Verified

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
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import to_arrow_schema

    judged = jvm.frame(
        jvm.deequ.VerificationResult.rowLevelResultsAsDataFrame(jvm.java_session, verified.result, jvm.dataset(frame))
    )
    found = []
    for name, outcome in verified.ran.items():
        if outcome.failed and name in judged.columns:
            rows = judged.where(~f.col(name)).limit(most).select(*[f"`{column}`" for column in frame.columns]).collect()
            found += [{"check": outcome.check} | row.asDict(recursive=True) for row in rows]
    schema = to_arrow_schema(frame.schema)
    return pa.Table.from_pylist(found, pa.schema([pa.field("check", pa.string()), *schema]))
