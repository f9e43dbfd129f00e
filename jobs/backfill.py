"""``model-monitor backfill``: the windows of a period, side by side, each into the folder that a schedule would use."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from engine.durations import parse_duration
from engine.errors import ConfigurationError
from engine.times import parse_time
from jobs.backfill_display import show_results
from jobs.backfill_options import Begin, EndOffset, Every, Jobs, Last, Redo, StartOffset, Until
from jobs.display import show_error
from jobs.options import (
    BaselineFolder,
    ConfigFile,
    FailOnViolation,
    FormatOption,
    Given,
    Inputs,
    Master,
    MetricNames,
    Output,
    Plugins,
    RunnerOption,
    StrictPlugins,
    Verbose,
)
from jobs.running import FAILED, OK, USAGE, VIOLATIONS, finished, set_up_logs

if TYPE_CHECKING:
    from engine.backfill.planning import WindowTask
    from engine.backfill.running import WindowResult
    from engine.backfill.windows import Timetable


def backfill(  # noqa: PLR0913, PLR0917 - an argument is an option
    inputs: Inputs = None,
    baseline: BaselineFolder = None,
    output: Output = None,
    begin: Begin = None,
    until: Until = None,
    last: Last = None,
    every: Every = "1h",
    start_offset: StartOffset = None,
    end_offset: EndOffset = None,
    jobs: Jobs = 1,
    redo: Redo = False,
    input_format: FormatOption = None,
    config: ConfigFile = None,
    runner: RunnerOption = None,
    master: Master = None,
    plugin: Plugins = None,
    metric: MetricNames = None,
    strict_plugins: StrictPlugins = False,
    fail_on_violation: FailOnViolation = False,
    verbose: Verbose = 0,
) -> None:
    """Compare each window of a period with a baseline; windows that are complete already are skipped.

    Reports lie below DIR in yyyy/mm/dd/hh, the hour in which a schedule would have run: the end of the window.
    Ends with status 1 when a window failed, 3 when there are violations and --fail-on-violation is given, else 0.

    Example: model-monitor backfill captures/ --baseline baseline --output reports --from 2026-01-01 --to 2026-02-01 --every 1h
    """
    given = Given(
        inputs,
        output,
        config=config,
        baseline=baseline,
        format=input_format,
        runner=runner,
        master=master,
        fail_on_violation=fail_on_violation,
        plugins=plugin,
        metrics=metric,
        strict_plugins=strict_plugins,
    )
    messages = Console(stderr=True)
    set_up_logs(verbose, messages)
    try:
        timetable = _timetable(begin, until, last, every, (start_offset, end_offset))
    except (ValueError, OverflowError) as error:
        shown = str(error) if isinstance(error, ValueError) else _OUTSIDE
        show_error(messages, shown)
        raise typer.Exit(FAILED if config else USAGE) from None
    work = partial(_execute, given, timetable, jobs, redo=redo)
    raise typer.Exit(finished(work, messages, verbose, misused=FAILED if config else USAGE))


_OUTSIDE = "The period, or an offset, leads outside of the years 1 to 9999. Check --from, --to, --last, --every and the offsets."


def _timetable(
    begin: str | None, until: str | None, last: str | None, every: str, offsets: tuple[str | None, str | None]
) -> Timetable:
    """What the options say.

    Raises:
        ValueError: One is not a time or a length, or they contradict each other.
    """
    from engine.backfill.windows import Timetable, floor

    length = _length("--every", every)
    if length <= timedelta():
        raise ValueError(f"--every {every} is no length: it must be longer than nothing, for example 15m or 1h.")
    end = _time("--to", until) or floor(datetime.now(timezone.utc), length)
    if (begin is None) == (last is None):
        raise ValueError("Say where the period begins: either --from TIME or --last LENGTH.")
    start = _time("--from", begin) or end - _length("--last", last or "")
    shifts = [None if text is None else _length(name, text) for name, text in zip(_OFFSETS, offsets, strict=True)]
    return Timetable(start, end, length, *shifts)


_OFFSETS = ("--start-offset", "--end-offset")


def _time(option: str, text: str | None) -> datetime | None:
    try:
        found: datetime | None = parse_time(text)
    except ValueError as error:
        raise ValueError(f"{option} is {error}.") from None
    return found


def _length(option: str, text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise ValueError(f"{option} is {error}.") from None


def _execute(given: Given, timetable: Timetable, jobs: int, *, redo: bool) -> int:
    from engine.backfill.planning import plan_backfill  # a command that only prints its help must not wait for pyarrow
    from engine.s3.reaching import check_stores
    from engine.s3.settings import use_s3
    from jobs.bundled import bundle_plugins

    bundle_plugins()
    config = given.configuration()
    use_s3(config.s3)
    check_stores(config.model_dump(exclude={"runner", "settings", "metrics"}))
    try:
        tasks = plan_backfill(config, timetable, redo=redo)
    except OverflowError:
        raise ConfigurationError(_OUTSIDE) from None
    results: list[WindowResult] = []
    try:
        with _terminable():
            _collect(tasks, jobs, results)
    except KeyboardInterrupt:
        show_results(Console(), results)
        left = len(tasks) - len(results)
        show_error(
            Console(stderr=True), f"Stopped; {left} windows are left. The same command goes on where this one stopped."
        )
        return 128 + signal.SIGTERM
    show_results(Console(), results)
    if any(result.status == "failed" for result in results):
        return FAILED
    return VIOLATIONS if config.fail_on_violation and any(result.violations for result in results) else OK


def _collect(tasks: list[WindowTask], jobs: int, results: list[WindowResult]) -> None:
    from engine.backfill.running import run_backfill
    from engine.execution.progress import tracked
    from jobs.bundled import bundle_plugins

    with tracked(Console(stderr=True), "windows", "windows") as progress:
        for result in run_backfill(tasks, jobs, bundle_plugins):
            results.append(result)
            progress(len(results), len(tasks))


@contextmanager
def _terminable() -> Iterator[None]:
    """Lets SIGTERM end the work as Ctrl-C does: what is under way is finished, and what is left is said."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
