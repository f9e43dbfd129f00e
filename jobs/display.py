"""What a person sees of a job: violations as a table, where the files are, errors as one clear message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.redaction import redacted

if TYPE_CHECKING:
    from engine.documents.violations import Violation
    from engine.pipeline import JobResult

ROWS_SHOWN = 50


def show_result(console: Console, result: JobResult) -> None:
    """Print the violations, how many records were read, and where the files are."""
    from engine.metrics import failure_texts  # a command that only prints its help must not wait for pyarrow

    if result.violations:
        console.print(violations_table(result.violations))
    console.print(Text(_records(result)), soft_wrap=True)
    for note, count in result.notes.items():
        times = f" ({count:,} times)" if count > 1 else ""
        console.print(Text(f"Note: {printable(note)}{times}", style="yellow"), soft_wrap=True)
    for text in failure_texts(result.failures):
        console.print(Text(f"Failed: {printable(text)}", style="red"), soft_wrap=True)
    for where in result.documents.values():
        console.print(Text(f"Written: {where}"), soft_wrap=True)
    style = "bold yellow" if result.violations else "bold green"
    console.print(Text(result.message, style=style), soft_wrap=True)


def violations_table(violations: Sequence[Violation]) -> Table:
    """The violations as a table; long lists are cut, the document has them all."""
    table = Table(title=_counted(len(violations), "violation"), title_justify="left", header_style="bold")
    table.add_column("Feature", overflow="fold")
    table.add_column("Check", overflow="fold", style="yellow")
    table.add_column("Description", overflow="fold", ratio=1)
    for violation in violations[:ROWS_SHOWN]:
        name = violation.feature_name or str((violation.model_extra or {}).get("metric_name", ""))
        cells = (name, violation.constraint_check_type, violation.description)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    if len(violations) > ROWS_SHOWN:
        table.caption = f"... and {len(violations) - ROWS_SHOWN} more in constraint_violations.json"
    return table


def show_error(console: Console, text: str) -> None:
    """Print an error as one message, without interpreting what it quotes."""
    console.print(
        Text("Error: ", style="bold red") + Text(printable(redacted(text), keep="\n\t"), style="not bold"),
        soft_wrap=True,
    )


def printable(text: str, keep: str = "") -> str:
    r"""Escape what is not printable: names and values come from captured data and must not steer a terminal.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(c if c.isprintable() or c in keep else repr(c)[1:-1] for c in text)


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _records(result: JobResult) -> str:
    from engine.datasets.base import KEPT_RECORDS  # a command that only prints its help must not wait for pyarrow

    text = f"{_counted(result.rows, 'record')} {'was' if result.rows == 1 else 'were'} read"
    if not result.malformed:
        return f"{text}, none was malformed."
    verb = "is" if result.malformed == 1 else "are"
    if result.malformed > KEPT_RECORDS:
        listed = f"the first {KEPT_RECORDS:,} of each split are listed in {result.quarantine}"
        return f"{text}; {result.malformed:,} could not be; {listed}."
    return f"{text}; {result.malformed:,} could not be and {verb} listed in {result.quarantine}."
