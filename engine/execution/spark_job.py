"""Spark jobs over splits: a task a split, whose rows stay in Arrow inside a Python worker and whose state comes back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from engine.datasets.base import Split
from engine.errors import RunnerError
from engine.execution.scan import ScanTask
from engine.execution.spark_errors import cause_of
from engine.execution.spark_worker import settle

if TYPE_CHECKING:
    from pyspark import SparkContext


class SplitsJob:
    """Runs a task on some of the splits at a time.

    Attributes:
        cores: How many splits Spark works on at a time.
        run: Runs the splits of a range and gives their states in order; may be called from threads.
    """

    def __init__(self, context: SparkContext, task: ScanTask, splits: Sequence[Split]) -> None:
        from pyspark import inheritable_thread_target

        self._context = context
        self._rdd = context.parallelize(splits, len(splits))
        self._task = task
        self._group = f"model-monitor-{uuid.uuid4()}"
        self.cores = context.defaultParallelism
        self.run = inheritable_thread_target(self._run)

    def _run(self, partitions: range) -> Sequence[bytes]:
        self._context.setJobGroup(self._group, "model-monitor: one pass over the data")
        try:
            return self._context.runJob(self._rdd, _Partition(self._task), partitions=list(partitions))
        except Exception as error:
            raise RunnerError(f"Spark gave up on a split after all tries: {cause_of(error)}") from error

    def cancel(self) -> None:
        """End what is running, if Spark itself still is."""
        with suppress(Exception):
            self._context.cancelJobGroup(self._group)


class _Partition:
    """Applies a task to the one split of a partition."""

    def __init__(self, task: ScanTask) -> None:
        self._task = task

    def __call__(self, splits: Iterable[Split]) -> list[bytes]:
        states = [self._task(split) for split in splits]
        settle()
        return states
