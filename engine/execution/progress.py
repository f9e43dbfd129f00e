"""Progress of long work, drawn by rich on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from engine.execution import runner


@contextmanager
def tracked(console: Console | None, description: str, unit: str = "splits") -> Iterator[runner.Progress]:
    """A progress function that draws on ``console``; draws nothing without one or outside of a terminal."""
    if console is None or not console.is_terminal:
        yield runner.silent
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(description, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
