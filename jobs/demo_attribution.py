"""``make demo-attribution``: a model that decides by income, until all incomes are alike and it decides by years."""

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
    "monitor": "attribution",
    "settings": {
        "model": {"path": "engine.testing.applicants:scores", "loader": "python"},
        "headers": ["age", "income", "years"],
        "methods": {"shap": {"baseline": [[40, 40, 10]]}},
        "max_rows": 500,
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
    """Explain a model, take a baseline of its attributions, and find that it leans on other features than before."""
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
    say(console, f"1. {records:,} applicants; and as many later, when incomes hardly differ")
    for name, seed, spread in (("before", 1, 40.0), ("after", 2, 0.5)):
        path = write_applicants(output / "applicants" / f"{name}.csv", records, seed, spread=spread)
        console.print(Text(f"Written: {path}"), soft_wrap=True)
    say(console, "2. Baseline: 500 applicants are explained, the same ones on any cluster")
    before = {**SETTINGS, "input": {"paths": [output / "applicants" / "before.csv"]}, "runner": runner}
    show_result(console, run_job(load_config(None, before | {"output": output / "baseline"}), "baseline", errors))
    say(console, "3. Monitoring: which features decide now")
    after = {**SETTINGS, "input": {"paths": [output / "applicants" / "after.csv"]}, "runner": runner}
    places = {"baseline": output / "baseline", "output": output / "report"}
    show_result(console, run_job(load_config(None, after | places), "monitor", errors))


if __name__ == "__main__":
    app()
