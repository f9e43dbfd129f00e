"""``make demo-model-quality``: captures and late labels, a merge, a baseline, and a run that finds the model has become worse."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from engine.config import load_config
from engine.config_sections import RunnerConfig
from engine.errors import MonitorError
from engine.pipeline import run_job
from jobs.bundled import bundle_plugins
from jobs.demo import clear, say
from jobs.display import show_error, show_result

SETTINGS = {
    "monitor": "model_quality",
    "settings": {
        "problem_type": "BinaryClassification",
        "probability_attribute": "0",
        "probability_threshold_attribute": 0.3,
    },
}
"""The captured output is a score, and the label stands beside it."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="Folder for the samples and the documents.")] = Path("demo-output"),
    records: Annotated[int, typer.Option(help="Captured records to make for each of the two datasets.")] = 3000,
    master: Annotated[str, typer.Option(help="Spark master.")] = "local[2]",
    runner: Annotated[str, typer.Option(help="spark or inline.")] = "spark",
) -> None:
    """Make captures and labels, merge them, take a baseline of model quality, and find that the model has become worse."""
    console, errors = Console(), Console(stderr=True)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # a laptop's host name often leads nowhere
    bundle_plugins()
    try:
        _show(console, errors, output, records, {"kind": runner, "master": master})
    except MonitorError as error:
        show_error(errors, str(error))
        raise typer.Exit(1) from None


def _show(console: Console, errors: Console, output: Path, records: int, runner: dict[str, str]) -> None:
    from engine.testing.captures import write_captures
    from engine.testing.labels import write_labels

    clear(output)
    say(console, f"1. Captures of an endpoint, {records:,} records each, and labels that came an hour later")
    for name, seed, wrong in (("before", 1, 0.0), ("after", 2, 0.25)):
        write_captures(output / "captures" / name, records=records, seed=seed)
        count = write_labels(output / "captures" / name, output / "labels" / name, seed, wrong=wrong)
        console.print(Text(f"Written: {output / 'captures' / name}, and {count:,} labels"), soft_wrap=True)
    say(console, "2. Merge: every capture with its label")
    for name in ("before", "after"):
        _merge(console, output, name, runner)
    say(console, "3. Baseline: how good the model was")
    show_result(console, run_job(load_config(None, _given(output, "before", runner)), "baseline", errors))
    say(console, "4. Monitoring: how good it is now")
    now = _given(output, "after", runner) | {"baseline": output / "baseline", "output": output / "report"}
    show_result(console, run_job(load_config(None, now), "monitor", errors))


def _merge(console: Console, output: Path, name: str, runner: dict[str, str]) -> None:
    from engine.ground_truth.merging import MergeSettings, merge_ground_truth

    places = [str(output / kind / name) for kind in ("captures", "labels", "merged")]
    where = RunnerConfig.model_validate(runner)
    result = merge_ground_truth(MergeSettings((places[0],), (places[1],), places[2], runner=where))
    console.print(Text(f"{name}: {result.lines()[0]}"), soft_wrap=True)


def _given(output: Path, name: str, runner: dict[str, str]) -> dict[str, Any]:
    source = {"paths": [output / "merged" / name], "format": "capture"}
    source["capture"] = {"parts": ["endpointOutput", "groundTruthData"]}  # type: ignore[assignment]
    return {**SETTINGS, "input": source, "output": output / "baseline", "runner": runner}


if __name__ == "__main__":
    app()
