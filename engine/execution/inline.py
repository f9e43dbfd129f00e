"""The runner without a JVM: one process, one split after the other. For tests, notebooks and small data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType

import pyarrow as pa
from typing_extensions import Self

from engine.datasets.base import Split
from engine.errors import RunnerError
from engine.execution.runner import Progress, silent
from engine.execution.scan import ScanTask
from engine.foreign_code import describe


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
            yield _state(task, split)
            progress(done, len(splits))


def _state(task: ScanTask, split: Split) -> bytes:
    """The state of a split.

    Raises:
        RunnerError: The machine cannot read it: a disk, the memory, a file that Arrow refuses.
    """
    try:
        return task(split)
    except (OSError, MemoryError, pa.ArrowException) as error:
        place = f" ({split.fragments[0].uri})" if split.fragments else ""
        raise RunnerError(f"Split {split.index}{place} cannot be read: {describe(error)}.") from error
