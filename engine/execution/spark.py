"""The Spark runner: one task a split. Rows stay in Arrow inside the Python workers; only state returns to the driver."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, cast

import pyarrow as pa
from typing_extensions import Self

from engine.datasets.base import ReadReport, Split
from engine.errors import RunnerError
from engine.execution.java import ensure_java
from engine.execution.java_options import java_options
from engine.execution.runner import Progress, silent
from engine.execution.scan import ScanTask
from engine.execution.shipping import NOTHING, Shipped, ship_packages
from engine.execution.spark_errors import cause_of
from engine.execution.spark_job import SplitsJob
from engine.execution.spark_master import check_master
from engine.execution.waves import in_waves
from engine.interruption import interruptible_again
from engine.s3.settings import VARIABLE as S3_SETTINGS

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    from engine.datasets.table_reader import TableReader

DEFAULTS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # A table's partitions must follow from its files, not from the cores of the cluster, or sketches would differ.
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
    "spark.sql.session.timeZone": "UTC",
}


class SparkRunner:
    """Runs scans on a Spark session that it finds or starts; it stops only a session that it started.

    Args:
        master: Spark's master URL; None for what spark-submit says, or else all cores of this machine.
        conf: Settings of a session that is started here.
        shipped: Code that the workers need beside the engine's.
        schedules_only: Whether no rows enter the JVM, neither of tables nor for Deequ.
    """

    def __init__(
        self,
        master: str | None = None,
        conf: Mapping[str, str] | None = None,
        shipped: Shipped = NOTHING,
        schedules_only: bool = False,
    ) -> None:
        self._master = master
        self._conf = dict(conf or {})
        self._shipped = shipped
        self._schedules_only = schedules_only
        self._started = False
        self._session: SparkSession | None = None
        self._signals = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as entered:
            entered.enter_context(interruptible_again())
            self._session = self._start()
            self._signals = entered.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None and self._started:
            self._session.stop()
        self._signals.close()
        self._session = None

    def _start(self) -> SparkSession:
        ensure_java()
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise RunnerError("pyspark is not installed: install the extra 'local', or use --runner inline.") from error
        found = SparkSession.getActiveSession() or _of_another_thread()
        if found is not None:
            _equip(found.sparkContext, self._shipped)
            return found
        if self._master:
            check_master(self._master)
        builder = SparkSession.builder.appName("model-monitor")
        under_submit = "SPARK_ENV_LOADED" in os.environ or "PYSPARK_GATEWAY_PORT" in os.environ
        if self._master or not under_submit:
            builder = builder.master(self._master or "local[*]")
        for key, value in (DEFAULTS | self._conf | java_options(self._conf, self._schedules_only)).items():
            builder = builder.config(key, value)
        try:
            session = builder.getOrCreate()
        except Exception as error:
            raise RunnerError(
                f"Spark does not start (master {self._master or 'default'}): {cause_of(error)}"
            ) from error
        self._started = True
        session.sparkContext.setLogLevel("ERROR")
        # Also on a local master: under spark-submit from another folder the workers find no package otherwise.
        _equip(session.sparkContext, self._shipped)
        return session

    @property
    def session(self) -> SparkSession:
        """The session, inside of the ``with`` block."""
        if self._session is None:
            raise RunnerError("The Spark runner is used outside of its 'with' block.")
        return self._session

    def scan(self, task: ScanTask, splits: Sequence[Split], progress: Progress = silent) -> Iterator[bytes]:
        """States of the splits, in order."""
        if task.reader.format == "table":
            yield from _scan_table(self.session, task)
            return
        job, done = SplitsJob(self.session.sparkContext, task, splits), 0
        for states in in_waves(job.run, len(splits), job.cores, job.cancel):
            done += len(states)
            progress(done, len(splits))
            yield from states


def _equip(context: SparkContext, shipped: Shipped) -> None:
    """Give the Python workers of a session the code, and the way to S3."""
    ship_packages(context, shipped)
    context.environment.update({name: value for name, value in os.environ.items() if name == S3_SETTINGS})


def _of_another_thread() -> SparkSession | None:
    """The session of this process, which is not active in threads that did not start it."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate() if SparkContext._active_spark_context else None  # noqa: SLF001 - no other way


def _scan_table(session: SparkSession, task: ScanTask) -> Iterator[bytes]:
    """Rows of a table that only Spark can read reach the workers as Arrow batches (``mapInArrow``)."""
    reader, report = cast("TableReader", task.reader), ReadReport()
    frame = reader.dataframe(session, report)
    names = frame.columns

    def analyse(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        partition = context.partitionId() if context else 0
        named = (pa.RecordBatch.from_arrays(batch.columns, names) for batch in batches)
        state = task.of_table(named, f"partition {partition}")
        yield pa.RecordBatch.from_pydict({"partition": pa.array([partition], pa.int32()), "state": [state]})

    plain = frame.toDF(*map(str, range(len(names))))  # mapInArrow takes dots in names for members of structs
    try:
        rows = plain.mapInArrow(analyse, "partition int, state binary").collect()
    except Exception as error:
        raise RunnerError(f"Spark gave up on the rows of {', '.join(reader.names)}: {cause_of(error)}") from error
    yield from (bytes(row.state) for row in sorted(rows, key=lambda row: row.partition))
    yield task.analyse((), report, "the table")  # no rows, but the notes
