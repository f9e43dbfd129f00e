"""``model-monitor suggest``: constraints that Deequ would set, ready to paste."""

from __future__ import annotations

import os
from enum import Enum
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from engine.sinks.files import write_documents
from jobs.options import End, FormatOption, Given, Inputs, Master, Start
from jobs.running import OK, finished

FILES = ("deequ_suggestions.json", "deequ_suggestions.yaml", "deequ_suggestions.dqdl")
"""Deequ's own JSON, a section ``deequ`` of a configuration, and a ruleset."""


class Suggester(str, Enum):
    """Who suggests."""

    deequ = "deequ"


class RuleSet(str, Enum):
    """Deequ's sets of rules."""

    DEFAULT = "DEFAULT"
    STRING = "STRING"
    NUMERICAL = "NUMERICAL"
    COMMON = "COMMON"
    EXTENDED = "EXTENDED"


Output = Annotated[
    str, typer.Option("--output", "-o", metavar="DIR", help="Folder for the files; local, s3:// or hdfs://.")
]
Jars = Annotated[
    list[str] | None, typer.Option("--deequ-jar", metavar="PATH", help="Jar of Deequ, instead of a download.")
]


def suggest(  # noqa: PLR0913, PLR0917 - an argument is an option
    inputs: Inputs = None,
    suggester: Annotated[Suggester, typer.Option("--with", help="Who suggests.")] = Suggester.deequ,
    output: Output = "suggestions",
    rules: Annotated[RuleSet, typer.Option(help="Set of rules of Deequ.")] = RuleSet.DEFAULT,
    column: Annotated[list[str] | None, typer.Option(help="Only this column; may be given several times.")] = None,
    test_ratio: Annotated[
        float | None, typer.Option(min=0.01, max=0.99, help="Share of the rows that suggestions are tested on.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of that division.")] = None,
    input_format: FormatOption = None,
    start: Start = None,
    end: End = None,
    master: Master = None,
    deequ_jar: Jars = None,
) -> None:
    """Let Deequ suggest constraints for a dataset: writes its JSON, checks for a configuration, and DQDL rules.

    Example: model-monitor suggest training.csv --with deequ --output suggestions
    """
    from engine.deequ.suggestions import SuggestConfig

    del suggester  # there is one so far
    console, errors = Console(), Console(stderr=True)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    chosen = SuggestConfig(rules=rules.value, columns=column, test_ratio=test_ratio, seed=seed)
    given = Given(inputs, output, config=None, format=input_format, master=master, start=start, end=end)

    def work() -> int:
        texts = _suggested(given, chosen, deequ_jar or [])
        for place in write_documents(output, dict(zip(FILES, texts, strict=True))).values():
            console.print(Text(f"Written: {place}"), soft_wrap=True)
        console.print(
            Text(f"Paste {FILES[1]} into a configuration, or name {FILES[2]} as deequ.rules."), soft_wrap=True
        )
        return OK

    raise typer.Exit(finished(work, errors))


def _suggested(given: Given, chosen: object, jars: list[str]) -> tuple[str, str, str]:
    from engine.deequ.frames import frame_of
    from engine.deequ.session import deequ_session
    from engine.deequ.suggestions import suggest as suggest_with_deequ
    from engine.job_plan import open_input
    from engine.s3.reaching import check_stores

    config = given.configuration()
    check_stores(config.model_dump(exclude={"runner"}))
    deequ = config.deequ.model_copy(update={"jar": jars})
    with deequ_session(deequ, master=config.runner.master, conf=config.runner.conf) as jvm:
        found = suggest_with_deequ(jvm, frame_of(jvm.session, open_input(config)), chosen)  # type: ignore[arg-type]
    return found.json, found.yaml, found.dqdl
