"""The command ``model-monitor``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from jobs import backfill, commands, deliver, from_job_definition, merge_ground_truth, plugin_commands, suggesting
from jobs.display import show_error
from jobs.running import FAILED, OK

TEMPLATE = "config_template.yaml"
"""The commented configuration, a file of this package."""

app = typer.Typer(
    name="model-monitor",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find out how data drifts away from what a model was trained on. First take a baseline of good data, "
    "then compare new data with it. Reads SageMaker's data captures, CSV, JSON Lines, Parquet and Spark tables; "
    "writes statistics.json, constraints.json and constraint_violations.json as SageMaker Model Monitor does.",
)
app.command("baseline")(commands.baseline)
app.command("run")(commands.run)
app.command("suggest")(suggesting.suggest)
app.command("backfill")(backfill.backfill)
app.command("merge")(merge_ground_truth.merge)
app.command("deliver")(deliver.deliver)
app.command("from-job-definition")(from_job_definition.from_job_definition)
app.add_typer(plugin_commands.app, name="plugins")


@app.command("init")
def init(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path("monitor.yaml"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """Write a configuration with every key, its default, and what it does."""
    if path.exists() and not force:
        show_error(
            Console(stderr=True), f"{path} exists already and was left alone. Name another file, or use --force."
        )
        raise typer.Exit(FAILED)
    try:
        path.write_text(template(), encoding="utf-8")
    except OSError as error:
        show_error(Console(stderr=True), f"{path} cannot be written: {error.strerror or error}.")
        raise typer.Exit(FAILED) from None
    Console().print(f"Written: {path}. Edit it, then: model-monitor run --config {path}", markup=False, soft_wrap=True)
    raise typer.Exit(OK)


def template() -> str:
    """The text that ``model-monitor init`` writes."""
    return files("jobs").joinpath(TEMPLATE).read_text(encoding="utf-8")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
