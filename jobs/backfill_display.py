"""What a person sees of a backfill: the windows that need a look, and the counts of all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jobs.display import ROWS_SHOWN, printable

if TYPE_CHECKING:
    from engine.backfill.running import WindowResult


def show_results(console: Console, results: list[WindowResult]) -> None:
    """Windows that a person must look at, and the counts of all."""
    told = sorted((r for r in results if r.violations or r.status == "failed"), key=lambda result: result.window)
    if told:
        table = Table(title_justify="left", header_style="bold")
        for name in ("Window (UTC)", "Status", "Violations", "Report or reason"):
            table.add_column(name, overflow="fold")
        for result in told[:ROWS_SHOWN]:
            where = result.message if result.status == "failed" else result.folder
            cells = (str(result.window), result.status, str(result.violations), printable(where))
            table.add_row(*map(Text, cells), style="red" if result.status == "failed" else None)
        table.caption = f"... and {len(told) - ROWS_SHOWN} more" if len(told) > ROWS_SHOWN else None
        console.print(table)
    console.print(Text(summary(results)), soft_wrap=True)


def summary(results: list[WindowResult]) -> str:
    """All windows in one sentence."""
    counts = Counter(result.status for result in results)
    violated = [result.violations for result in results if result.violations]
    parts = [f"{count} {status}" for status, count in sorted(counts.items())]
    return f"{len(results)} windows: {', '.join(parts)}; {len(violated)} with violations ({sum(violated)} in all)."
