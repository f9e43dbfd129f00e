"""``make demo``: sample captures, a baseline, and a monitoring run that finds the drift in newer ones. On Spark."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from engine.config import load_config
from engine.errors import MonitorError
from engine.pipeline import JobResult, run_job
from jobs.display import show_error, show_result

_MARK = ".made-by-model-monitor-demo"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="Folder for the samples and the documents.")] = Path("demo-output"),
    records: Annotated[int, typer.Option(help="Captured records to make for each of the two datasets.")] = 5000,
    master: Annotated[str, typer.Option(help="Spark master.")] = "local[2]",
    runner: Annotated[str, typer.Option(help="spark or inline.")] = "spark",
) -> None:
    """Make sample captures, take a baseline, and find the drift in newer captures."""
    console, errors = Console(), Console(stderr=True)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # a laptop's host name often leads nowhere
    try:
        _show(console, errors, output, records, {"kind": runner, "master": master})
    except MonitorError as error:
        show_error(errors, str(error))
        raise typer.Exit(1) from None


def _show(console: Console, errors: Console, output: Path, records: int, runner: dict[str, str]) -> None:
    from engine.testing.captures import COLUMNS, write_captures

    clear(output)
    settings = output / "monitor.yaml"
    settings.write_text(
        f"# Captured CSV carries no names.\ninput:\n  names: [{', '.join(COLUMNS)}]\n", encoding="utf-8"
    )
    say(console, f"1. Sample captures of an endpoint, {records:,} records each")
    for name, seed, drift in (("before", 1, False), ("after", 2, True)):
        write_captures(output / "captures" / name, records=records, seed=seed, drift=drift)
        console.print(Text(f"Written: {output / 'captures' / name}"), soft_wrap=True)
    say(console, "2. Baseline: what the data looked like")
    given = {"input": {"paths": [output / "captures" / "before"]}, "output": output / "baseline", "runner": runner}
    show_result(console, run_job(load_config(settings, given), "baseline", errors))
    say(console, "3. Monitoring: what has changed since")
    given = {"input": {"paths": [output / "captures" / "after"]}, "output": output / "report", "runner": runner}
    result = run_job(load_config(settings, given | {"baseline": output / "baseline"}), "monitor", errors)
    show_result(console, result)
    _close(console, output, result)


def _close(console: Console, output: Path, result: JobResult) -> None:
    say(console, "The same by hand")
    command = Path(sys.executable).with_name("model-monitor")
    program = os.path.relpath(command) if command.exists() else "python -m jobs.cli"
    for line in (
        f"{program} baseline {output}/captures/before --output {output}/baseline --config {output}/monitor.yaml",
        f"{program} run {output}/captures/after --baseline {output}/baseline --output {output}/report",
    ):
        console.print(Text(line), soft_wrap=True)
    took = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in result.seconds.items())
    console.print(Text(f"The monitoring run took: {took}", style="dim"), soft_wrap=True)


def say(console: Console, text: str) -> None:
    """Print a heading."""
    console.print()
    console.print(Rule(Text(text, style="bold"), align="left"))


def clear(output: Path) -> None:
    """Empty a folder that an earlier demo made; leave any other folder's files alone."""
    if (output / _MARK).exists():
        shutil.rmtree(output)
    elif output.exists() and any(output.iterdir()):
        raise MonitorError(f"{output} holds files that are not a demo's. Name another folder: make demo OUTPUT=...")
    output.mkdir(parents=True, exist_ok=True)
    (output / _MARK).touch()


if __name__ == "__main__":
    app()
