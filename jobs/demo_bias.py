"""``make demo-bias``: applicants and a model that treats both sexes alike, and later one that does not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from engine.config import load_config
from engine.errors import MonitorError
from engine.pipeline import run_job
from jobs.bundled import bundle_plugins
from jobs.demo import clear, say
from jobs.display import show_error, show_result

SETTINGS: dict[str, Any] = {
    "monitor": "bias",
    "settings": {
        "label": "label",
        "predicted_label": "prediction",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}],
        "group_variable": "age",
    },
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="Folder for the samples and the documents.")] = Path("demo-output"),
    records: Annotated[int, typer.Option(help="Applicants to make for each of the two datasets.")] = 5000,
    master: Annotated[str, typer.Option(help="Spark master.")] = "local[2]",
    runner: Annotated[str, typer.Option(help="spark or inline.")] = "spark",
) -> None:
    """Make labelled predictions, take a baseline of bias, and find that women are predicted worse than before."""
    console, errors = Console(), Console(stderr=True)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # a laptop's host name often leads nowhere
    bundle_plugins()
    try:
        _show(console, errors, output, records, {"kind": runner, "master": master})
    except MonitorError as error:
        show_error(errors, str(error))
        raise typer.Exit(1) from None


def _show(console: Console, errors: Console, output: Path, records: int, runner: dict[str, str]) -> None:
    from engine.testing.applicants import write_applicants

    clear(output)
    say(console, f"1. {records:,} applicants; and as many later, when women get lower scores")
    for name, seed, unfair in (("before", 1, 0.0), ("after", 2, 0.25)):
        path = write_applicants(output / "applicants" / f"{name}.csv", records, seed, unfair=unfair)
        console.print(Text(f"Written: {path}"), soft_wrap=True)
    say(console, "2. Baseline: how the groups were treated")
    before = {**SETTINGS, "input": {"paths": [output / "applicants" / "before.csv"]}, "runner": runner}
    show_result(console, run_job(load_config(None, before | {"output": output / "baseline"}), "baseline", errors))
    say(console, "3. Monitoring: how they are treated now")
    after = {**SETTINGS, "input": {"paths": [output / "applicants" / "after.csv"]}, "runner": runner}
    places = {"baseline": output / "baseline", "output": output / "report"}
    show_result(console, run_job(load_config(None, after | places), "monitor", errors))


if __name__ == "__main__":
    app()
