"""What a person sees of a backfill: the windows that need a look, and the counts of all."""

from __future__ import annotations

import re
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
    told = sorted((r for r in results if _needs_a_look(r)), key=lambda result: result.window)
    if told:
        table = Table(title_justify="left", header_style="bold")
        for name in ("Window (UTC)", "Status", "Violations", "Report or reason"):
            table.add_column(name, overflow="fold")
        for result in told[:ROWS_SHOWN]:
            where = result.message if result.status == "failed" else result.folder
            status = f"{result.status}, with failures" if result.failures else result.status
            cells = (str(result.window), status, str(result.violations), printable(where))
            table.add_row(*map(Text, cells), style="red" if result.failures or result.status == "failed" else None)
        table.caption = f"... and {len(told) - ROWS_SHOWN} more" if len(told) > ROWS_SHOWN else None
        console.print(table)
    for text in _failures(results):
        console.print(Text(f"Failed: {printable(text)}", style="red"), soft_wrap=True)
    console.print(Text(summary(results)), soft_wrap=True)


def _needs_a_look(result: WindowResult) -> bool:
    return bool(result.violations or result.failures or result.status == "failed")


def _failures(results: list[WindowResult]) -> list[str]:
    """What failed within windows, each text once with the windows in which it did."""
    windows: dict[str, list[str]] = {}
    for result in sorted(results, key=lambda result: result.window):
        for text in result.failures:
            windows.setdefault(_anywhere(text), []).append(str(result.window))
    more = {text: f" and {len(named) - 1} more windows" if len(named) > 1 else "" for text, named in windows.items()}
    return [f"{text} (window {named[0]}{more[text]})" for text, named in list(windows.items())[:ROWS_SHOWN]]


def _anywhere(text: str) -> str:
    """A failure without the file that its window has read, so that it is the same in all windows."""
    return re.sub(r" \(split \d+, .*?\):", " (split):", text, count=1)


def summary(results: list[WindowResult]) -> str:
    """All windows in one sentence."""
    counts = Counter(result.status for result in results)
    violated = [result.violations for result in results if result.violations]
    parts = [f"{count} {status}" for status, count in sorted(counts.items())]
    incomplete = sum(bool(result.failures) for result in results)
    failed = f"; {incomplete} with parts that failed" if incomplete else ""
    return (
        f"{len(results)} windows: {', '.join(parts)}; {len(violated)} with violations ({sum(violated)} in all){failed}."
    )
