"""The options of ``model-monitor backfill`` that no other command has."""

from __future__ import annotations

from typing import Annotated

import typer

_WINDOWS = "Which windows"

Begin = Annotated[
    str | None,
    typer.Option("--from", metavar="TIME", help="Start of the period (UTC).", rich_help_panel=_WINDOWS),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="TIME",
        help="End of the period (UTC); left out: the last that is over.",
        rich_help_panel=_WINDOWS,
    ),
]
Last = Annotated[
    str | None,
    typer.Option(metavar="LENGTH", help="Instead of --from: this long before the end.", rich_help_panel=_WINDOWS),
]
Every = Annotated[
    str, typer.Option(metavar="LENGTH", help="Length of a window: 15m, 1h, 1d, PT6H.", rich_help_panel=_WINDOWS)
]
StartOffset = Annotated[
    str | None,
    typer.Option(
        metavar="LENGTH", help="Start of the data from its execution, as SageMaker's: -P8D.", rich_help_panel=_WINDOWS
    ),
]
EndOffset = Annotated[
    str | None, typer.Option(metavar="LENGTH", help="End of the data likewise: -P1D.", rich_help_panel=_WINDOWS)
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Windows at a time.", rich_help_panel="How to run")]
Redo = Annotated[
    bool,
    typer.Option(
        "--redo",
        help="Do complete windows again. Those whose captures, baseline or configuration changed are done again anyway.",
        rich_help_panel=_WINDOWS,
    ),
]
