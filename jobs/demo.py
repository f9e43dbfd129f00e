"""``make demo``: sample captures, a baseline of them, and a monitoring run that finds the drift in newer ones. On Spark, locally."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from engine.config import Config, load_config
from engine.errors import MonitorError
from engine.pipeline import JobResult, run_job
from jobs.display import show_error, show_result

_MARK = ".made-by-model-monitor-demo"


def demo(
    output: Annotated[Path, typer.Option(help="Folder for the samples and the documents.")] = Path("demo-output"),
    records: Annotated[int, typer.Option(help="Captured records to make for each of the two datasets.")] = 5000,
    master: Annotated[str, typer.Option(help="Spark master.")] = "local[2]",
    runner: Annotated[str, typer.Option(help="spark or inline.")] = "spark",
) -> None:
    """Make sample captures, take a baseline, and find the drift in newer captures."""
    console, errors = Console(), Console(stderr=True)
    try:
        _show(console, errors, output, records, {"kind": runner, "master": master})
    except MonitorError as error:
        show_error(errors, str(error))
        raise typer.Exit(1) from None


def _show(console: Console, errors: Console, output: Path, records: int, runner: dict[str, str]) -> None:
    from engine.testing.captures import write_captures

    _clear(output)
    _say(
        console, f"1. Sample captures of an endpoint: {records:,} records as it was, {records:,} after its data drifted"
    )
    for name, seed, drift in (("before", 1, False), ("after", 2, True)):
        write_captures(output / "captures" / name, records=records, seed=seed, drift=drift)
        console.print(Text(f"Written: {output / 'captures' / name}"), soft_wrap=True)
    _say(console, "2. Baseline: what the data looked like (model-monitor baseline)")
    base = _config(output / "captures" / "before", output / "baseline", runner)
    show_result(console, run_job(base, "baseline", errors))
    _say(console, "3. Monitoring: what has changed since (model-monitor run)")
    result = run_job(
        _config(output / "captures" / "after", output / "report", runner, output / "baseline"), "monitor", errors
    )
    show_result(console, result)
    _close(console, output, result)


def _config(captures: Path, output: Path, runner: dict[str, str], baseline: Path | None = None) -> Config:
    given = {"input": {"paths": [captures]}, "output": output, "runner": runner, "baseline": baseline}
    return load_config(None, given)


def _close(console: Console, output: Path, result: JobResult) -> None:
    _say(console, "The same by hand")
    python = ".venv/bin/model-monitor"
    for line in (
        f"{python} baseline {output}/captures/before --output {output}/baseline",
        f"{python} run {output}/captures/after --baseline {output}/baseline --output {output}/report",
    ):
        console.print(Text(line), soft_wrap=True)
    took = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in result.seconds.items())
    console.print(Text(f"The monitoring run took: {took}", style="dim"), soft_wrap=True)


def _say(console: Console, text: str) -> None:
    console.print()
    console.print(Rule(Text(text, style="bold"), align="left"))


def _clear(output: Path) -> None:
    """Empty a folder that an earlier demo made; leave any other folder's files alone."""
    if (output / _MARK).exists():
        shutil.rmtree(output)
    elif output.exists() and any(output.iterdir()):
        raise MonitorError(f"{output} holds files that are not a demo's. Name another folder: make demo OUTPUT=...")
    output.mkdir(parents=True, exist_ok=True)
    (output / _MARK).touch()


if __name__ == "__main__":
    typer.run(demo)
