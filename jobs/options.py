"""The options that ``baseline`` and ``run`` share, and how they become a configuration."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import typer

from engine.config import Config, load_config


class FormatName(str, Enum):
    """Formats that can be named."""

    capture = "capture"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    table = "table"


class RunnerName(str, Enum):
    """Where tasks run."""

    spark = "spark"
    inline = "inline"


class ProfilerName(str, Enum):
    """Who computes the statistics."""

    engine = "engine"
    deequ = "deequ"


_WHAT, _METRICS, _HOW, _SHOW = "What to read and write", "What to measure beside", "How to run", "What to show"

Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="INPUT",
        help="Files, folders (searched through, also yyyy/mm/dd/hh), globs in quotes, local, s3:// or hdfs://. "
        "With --format table: names of Spark tables. Left out, input.paths of the configuration is read.",
        show_default=False,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="DIR",
        help="Folder for the documents; local, s3:// or hdfs://.",
        rich_help_panel=_WHAT,
    ),
]
BaselineFolder = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        "-b",
        metavar="DIR",
        help="Folder with the statistics.json and constraints.json to compare with.",
        rich_help_panel=_WHAT,
    ),
]
Profiler = Annotated[
    ProfilerName | None,
    typer.Option(help="Who computes the statistics: engine, or deequ as reference (slow).", rich_help_panel=_HOW),
]
FormatOption = Annotated[
    FormatName | None,
    typer.Option("--format", help="Format of the input; detected when left out.", rich_help_panel=_WHAT),
]
Start = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Analyse captures in the folders yyyy/mm/dd/hh from this time on, for example 2026-01-31T10:00:00Z (UTC). "
        "For each record's own time: input.window_filter of the configuration.",
        rich_help_panel=_WHAT,
    ),
]
End = Annotated[
    str | None, typer.Option(metavar="TIME", help="Analyse captures before this time (UTC).", rich_help_panel=_WHAT)
]
ConfigFile = Annotated[
    str | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE.yaml",
        help="Configuration, local, s3:// or hdfs://; options given here win over it. 'model-monitor init' writes one.",
        rich_help_panel=_HOW,
    ),
]
RunnerOption = Annotated[
    RunnerName | None,
    typer.Option(
        "--runner",
        help="spark (the default), or inline: one process without Java, for small data. Same documents.",
        rich_help_panel=_HOW,
    ),
]
Master = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Spark master, for example local[2] or spark://host:7077. Left out: spark-submit's, else local[*].",
        rich_help_panel=_HOW,
    ),
]
Plugins = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin",
        metavar="FILE.py",
        help="Python file with metrics, local, s3:// or hdfs://; may be given several times. All its metrics run.",
        rich_help_panel=_METRICS,
        show_default=False,
    ),
]
MetricNames = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="NAME",
        help="Metric of an installed plugin ('model-monitor plugins list'); may be given several times.",
        rich_help_panel=_METRICS,
        show_default=False,
    ),
]
StrictPlugins = Annotated[
    bool,
    typer.Option(
        "--strict-plugins",
        help="Fail the job when a plugin fails. Otherwise its metric is marked failed and all else is written.",
        rich_help_panel=_METRICS,
    ),
]
FailOnViolation = Annotated[
    bool,
    typer.Option("--fail-on-violation", help="End with status 3 when there are violations.", rich_help_panel=_HOW),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Print the plan (files, splits, columns, analyzers) and stop.", rich_help_panel=_SHOW
    ),
]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        help="Say what was planned and read and how long each stage took; -vv says more.",
        rich_help_panel=_SHOW,
        show_default=False,
    ),
]


@dataclass(frozen=True)
class Given:
    """What a command was given."""

    inputs: list[str] | None
    output: str | None
    config: str | None = None
    baseline: str | None = None
    format: FormatName | None = None
    runner: RunnerName | None = None
    master: str | None = None
    start: str | None = None
    end: str | None = None
    fail_on_violation: bool = False
    plugins: list[str] | None = None
    metrics: list[str] | None = None
    strict_plugins: bool = False
    profiler: ProfilerName | None = None

    def configuration(self) -> Config:
        """The configuration file, if any, under the options."""
        overrides: dict[str, Any] = {
            "input": {
                "paths": self.inputs or None,
                "format": self.format and self.format.value,
                "start": self.start,
                "end": self.end,
            },
            "output": self.output,
            "baseline": self.baseline,
            "runner": {"kind": self.runner and self.runner.value, "master": self.master},
            "fail_on_violation": self.fail_on_violation or None,
            "plugins": {"files": self.plugins or None, "strict": self.strict_plugins or None},
            "metrics": self.metrics or None,
            "deequ": {"profiler": self.profiler and self.profiler.value},
        }
        return load_config(self.config, overrides)
