"""``model-monitor plugins``: what plugins there are, what they say about themselves, and whether they keep the rules."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.errors import MonitorError
from engine.yaml_text import parse_yaml
from jobs.display import printable, show_error
from jobs.running import FAILED, OK

app = typer.Typer(
    no_args_is_help=True, help="Metrics, monitors and actions beside the built-in ones: list, show, check."
)

Files = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin", metavar="FILE.py", help="Also look into this file, local, s3:// or hdfs://.", show_default=False
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a metric, monitor or action, or a Python file.")]

Settings = Annotated[
    str, typer.Option(metavar="YAML", help='Settings to check it with, for example "{left: a, right: b}".')
]


@app.command("list")
def list_plugins(plugin: Files = None) -> None:
    """List all metrics, monitors and actions, where they come from, and those that cannot be loaded."""
    registry = _registry(plugin or [])
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("Name", no_wrap=True)
    for heading in ("Kind", "Takes", "What it is", "From"):
        table.add_column(heading, overflow="fold")
    for found in (*registry.of_kind("metric"), *registry.of_kind("monitor"), *registry.of_kind("action")):
        spec = getattr(found.cls, "spec", None)
        label = spec.label if spec else (inspect.getdoc(found.cls) or "").partition("\n")[0]
        cells = (found.name, found.kind, ", ".join(spec.takes) if spec else "", label, found.origin)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    Console().print(table)
    for reason in registry.failures.values():
        show_error(Console(stderr=True), reason)
    raise typer.Exit(OK)


@app.command("show")
def show(name: Name, plugin: Files = None) -> None:
    """Show what a metric, monitor or action does, its settings, and how to use it."""
    registry = _registry([*(plugin or []), *_file(name)])
    for found in _chosen(registry, name):
        console = Console()
        for line in _description(found):
            console.print(Text(printable(line, keep="\n")), soft_wrap=True)
    raise typer.Exit(OK)


@app.command("check")
def check(name: Name, plugin: Files = None, settings: Settings = "{}") -> None:
    """Check that a metric keeps the rules: merging, any split of the data, nulls, NaN, state without pickle and more."""
    from engine.testing import check_metric

    registry = _registry([*(plugin or []), *_file(name)])
    console, failed = Console(), 0
    for found in _chosen(registry, name):
        if found.kind != "metric":
            continue
        for result in check_metric(found.cls, settings=_settings(settings)):
            word, style = (
                ("skipped", "dim") if result.skipped else ("ok", "green") if result.passed else ("FAILED", "red")
            )
            failed += word == "FAILED"
            reason = f"  {printable(result.reason)}" if result.reason else ""
            console.print(Text(f"{found.name:20} {result.name:32} {word}{reason}", style=style), soft_wrap=True)
    raise typer.Exit(FAILED if failed else OK)


def _registry(files: list[str]) -> Any:
    from engine.plugins import discover
    from engine.s3.reaching import check_stores
    from jobs.bundled import bundle_plugins

    bundle_plugins()
    try:
        check_stores(files)
        return discover(files)
    except MonitorError as error:
        show_error(Console(stderr=True), str(error))
        raise typer.Exit(FAILED) from None


def _settings(text: str) -> dict[str, Any]:
    try:
        found = parse_yaml(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        show_error(Console(stderr=True), f"--settings {text!r} is not a YAML mapping, such as {{left: a, right: b}}.")
        raise typer.Exit(FAILED)
    return found


def _file(name: str) -> list[str]:
    return [name] if name.endswith(".py") else []


def _chosen(registry: Any, name: str) -> list[Any]:
    """The plugin of a name, or all of a file."""
    if name in registry.failures:
        show_error(Console(stderr=True), registry.failures[name])
        raise typer.Exit(FAILED)
    found = [p for p in registry.plugins.values() if name in (p.name, p.origin.removeprefix("file "))]
    if not found:
        show_error(
            Console(stderr=True), f"there is no plugin {name!r}. Allowed: {', '.join(sorted(registry.plugins))}."
        )
        raise typer.Exit(FAILED)
    return found


def _description(found: Any) -> list[str]:
    lines = [f"{found.name} ({found.kind}, from {found.origin})", "", inspect.getdoc(found.cls) or "", ""]
    if found.kind != "metric":
        fields = found.cls.Settings.model_fields
        return [*lines, "settings:", *(f"  {name}: {field.description or ''}" for name, field in fields.items())]
    from engine.analyzers.settings import settings_model

    spec, fields = found.cls.spec, settings_model(found.cls).model_fields
    told = {
        "takes": ", ".join(spec.takes), "worse": spec.worse, "threshold": spec.threshold, "unit": spec.unit,
        "CloudWatch": spec.cloudwatch,
    }  # fmt: skip
    lines += [f"{key}: {value}" for key, value in told.items() if value is not None]
    for name, field in fields.items():
        lines.append(f"setting {name}: {field.description or ''} (default {field.default!r})")
    example = {"metrics": [{"name": found.name, "settings": {name: field.default for name, field in fields.items()}}]}
    if not fields:
        example = {"metrics": [{"name": found.name}]}
    return [*lines, "", "In the configuration:", yaml.safe_dump(example, sort_keys=False, default_flow_style=None)]
