"""``model-monitor merge`` and ``spark-submit jobs/merge_ground_truth.py``: joins late labels to captured records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

if __package__ in (None, ""):  # run as a file: its folder is on the path, but the packages are beside that folder
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import typer
from rich.console import Console
from rich.text import Text

from engine.config_sections import RunnerConfig
from engine.times import parse_time
from jobs.display import printable, show_error
from jobs.options import End, Master, RunnerOption, Start, Verbose
from jobs.running import OK, USAGE, finished, set_up_logs

Captures = Annotated[
    str, typer.Argument(metavar="CAPTURES", help="Captured records: file, folder or glob; local, s3:// or hdfs://.")
]
Labels = Annotated[
    str, typer.Argument(metavar="GROUND_TRUTH", help="Labels: file, folder or glob; local, s3:// or hdfs://.")
]
MergedOutput = Annotated[str, typer.Option("--output", "-o", metavar="DIR", help="Folder for the merged records.")]
Unmatched = Annotated[
    str | None,
    typer.Option(
        "--keep-unmatched", metavar="DIR", help="Keep captures that have no label yet here, for the next run."
    ),
]
Also = Annotated[
    list[str] | None,
    typer.Option(
        "--also", metavar="DIR", help="More captures, such as those that an earlier run kept.", show_default=False
    ),
]


def merge(  # noqa: PLR0913, PLR0917 - an argument is an option
    captures: Captures,
    ground_truth: Labels,
    output: MergedOutput,
    keep_unmatched: Unmatched = None,
    also: Also = None,
    start: Start = None,
    end: End = None,
    runner: RunnerOption = None,
    master: Master = None,
    verbose: Verbose = 0,
) -> None:
    """Join labels that came later to captured records, for model quality.

    A label belongs to the capture whose inferenceId, or else eventId, is its eventId. Of several labels the last one counts.

    Example: model-monitor merge captures/ labels/ --output merged
    """
    from engine.ground_truth.merging import MergeSettings, merge_ground_truth
    from engine.s3.reaching import check_stores

    console, messages = Console(), Console(stderr=True)
    set_up_logs(verbose, messages)
    try:
        window = (parse_time(start), parse_time(end))
    except ValueError as error:
        show_error(messages, f"--start and --end: {error}.")
        raise typer.Exit(USAGE) from None
    where = RunnerConfig(kind=runner.value if runner else "spark", master=master)
    settings = MergeSettings((captures, *(also or ())), (ground_truth,), output, keep_unmatched, *window, where)

    def work() -> int:
        check_stores([captures, ground_truth, output, keep_unmatched, *(also or ())])
        result = merge_ground_truth(settings)
        for line in (*result.lines(), f"Written: {len(result.files)} files below {output}", result.message):
            console.print(Text(printable(line)), soft_wrap=True)
        return OK

    raise typer.Exit(finished(work, messages, verbose))


def main() -> None:
    """Run the job."""
    typer.run(merge)


if __name__ == "__main__":
    main()
