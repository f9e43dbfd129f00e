"""The runner without a JVM: one process, one split after the other. For tests, notebooks and small data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType

from typing_extensions import Self

from engine.datasets.base import Split
from engine.errors import RunnerError
from engine.execution.runner import Progress, silent
from engine.execution.scan import ScanTask


class InlineRunner:
    """Runs every split in this process. Same states and documents as on Spark."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was started."""

    def scan(self, task: ScanTask, splits: Sequence[Split], progress: Progress = silent) -> Iterator[bytes]:
        """States of the splits, in order."""
        if task.reader.format == "table":
            raise RunnerError("A Spark table needs Spark: use --runner spark, or name the table's files with --format.")
        for done, split in enumerate(splits, start=1):
            yield task(split)
            progress(done, len(splits))
