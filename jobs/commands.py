"""The two jobs as commands. The command line and the scripts for spark-submit share them."""

from __future__ import annotations

import typer

from jobs.options import (
    BaselineFolder,
    ConfigFile,
    DryRun,
    End,
    FailOnViolation,
    FormatOption,
    Given,
    Inputs,
    Master,
    MetricNames,
    Output,
    Plugins,
    Profiler,
    RunnerOption,
    Start,
    StrictPlugins,
    Verbose,
)
from jobs.running import execute


def baseline(  # noqa: PLR0913, PLR0917 - an argument is an option
    inputs: Inputs = None,
    output: Output = None,
    input_format: FormatOption = None,
    start: Start = None,
    end: End = None,
    config: ConfigFile = None,
    runner: RunnerOption = None,
    master: Master = None,
    plugin: Plugins = None,
    metric: MetricNames = None,
    strict_plugins: StrictPlugins = False,
    profiler: Profiler = None,
    dry_run: DryRun = False,
    verbose: Verbose = 0,
) -> None:
    """Describe a dataset and suggest constraints: writes statistics.json and constraints.json.

    Example: model-monitor baseline training.csv --output baseline
    """
    given = Given(
        inputs,
        output,
        config=config,
        format=input_format,
        runner=runner,
        master=master,
        start=start,
        end=end,
        plugins=plugin,
        metrics=metric,
        strict_plugins=strict_plugins,
        profiler=profiler,
    )
    raise typer.Exit(execute("baseline", given, dry_run=dry_run, verbose=verbose))


def run(  # noqa: PLR0913, PLR0917 - an argument is an option
    inputs: Inputs = None,
    baseline: BaselineFolder = None,
    output: Output = None,
    input_format: FormatOption = None,
    start: Start = None,
    end: End = None,
    config: ConfigFile = None,
    runner: RunnerOption = None,
    master: Master = None,
    plugin: Plugins = None,
    metric: MetricNames = None,
    strict_plugins: StrictPlugins = False,
    profiler: Profiler = None,
    fail_on_violation: FailOnViolation = False,
    dry_run: DryRun = False,
    verbose: Verbose = 0,
) -> None:
    """Compare a dataset with a baseline: also writes constraint_violations.json.

    Ends with status 0, also when there are violations (3 with --fail-on-violation); 1 when the job fails.

    Example: model-monitor run captures/ --baseline baseline --output report
    """
    given = Given(
        inputs,
        output,
        config=config,
        baseline=baseline,
        format=input_format,
        runner=runner,
        master=master,
        start=start,
        end=end,
        fail_on_violation=fail_on_violation,
        plugins=plugin,
        metrics=metric,
        strict_plugins=strict_plugins,
        profiler=profiler,
    )
    raise typer.Exit(execute("monitor", given, dry_run=dry_run, verbose=verbose))
