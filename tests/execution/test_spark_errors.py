"""What is told of a failure, of all that Spark says about it."""

from __future__ import annotations

import pytest

from engine.execution.spark_errors import cause_of

WORKER = """An error occurred while calling o1.collectToPython.
: org.apache.spark.SparkException: Job aborted due to stage failure: org.apache.spark.api.python.PythonException:
  File "worker.py", line 1, in main
ValueError: no such day

\tat org.apache.spark.api.python.BasePythonRunner.handlePythonException(PythonRunner.scala:572)
Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "worker.py", line 1, in main
ValueError: no such day
\t... 1 more
"""
READER = """An error occurred while calling o1.collectToPython.
: org.apache.spark.SparkException: Job aborted: org.apache.iceberg.exceptions.NotFoundException: File does not exist: a.parquet
\tat org.apache.iceberg.hadoop.HadoopInputFile.lazyStat(HadoopInputFile.java:164)
Caused by: org.apache.iceberg.exceptions.NotFoundException: File does not exist: a.parquet
\t... 1 more
Caused by: java.io.FileNotFoundException: File a.parquet does not exist
\t... 29 more
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WORKER, "ValueError: no such day"),
        (READER, "java.io.FileNotFoundException: File a.parquet does not exist"),
        ("[SOME_CLASS] It is so.\nat some place", "[SOME_CLASS] It is so."),
        ("", "RuntimeError"),
    ],
    ids=["worker", "reader", "plan", "silence"],
)
def test_the_error_below_all_others_is_told(text: str, told: str) -> None:
    assert cause_of(RuntimeError(text)) == told
