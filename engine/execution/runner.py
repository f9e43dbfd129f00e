"""What a runner is: something that applies a task to every split and yields the answers in the order of the splits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol

from typing_extensions import Self

from engine.datasets.base import Split
from engine.execution.scan import ScanTask

Progress = Callable[[int, int], None]
"""Called with the number of splits done and their total."""


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


class Runner(Protocol):
    """Runs a scan. A context manager: what it starts, it stops."""

    def __enter__(self) -> Self:
        """Start."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""

    def scan(self, task: ScanTask, splits: Sequence[Split], progress: Progress = silent) -> Iterator[bytes]:
        """States of the splits, in order."""
