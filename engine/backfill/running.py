"""Runs the windows of a backfill side by side; one that fails does not stop the others."""

from __future__ import annotations

import logging
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal

from engine.backfill.completion import Completed, completed, fingerprint, forget, mark
from engine.backfill.inputs import WindowedInput
from engine.backfill.windows import Timetable, Window
from engine.config import Config
from engine.errors import ConfigurationError, MonitorError, NoDataError
from engine.execution.spark import SparkRunner
from engine.pipeline import JobResult, run_job

_LOG = logging.getLogger(__name__)

Status = Literal["done", "complete already", "no data", "failed"]


@dataclass(frozen=True)
class WindowTask:
    """One window to be done; sent to another process.

    Attributes:
        window: Which.
        config: The configuration of its job.
        files: Fingerprint of its files.
        redo: Whether to do it again when it is complete.
    """

    window: Window
    config: Config
    files: str
    redo: bool = False


@dataclass(frozen=True)
class WindowResult:
    """What became of a window.

    Attributes:
        window: Which.
        folder: Where its reports are.
        status: What was done.
        violations: How many; 0 where nothing was judged.
        message: The exit message, or the first line of why it failed.
    """

    window: Window
    folder: str
    status: Status
    violations: int = 0
    message: str = ""


def plan_backfill(config: Config, timetable: Timetable, *, redo: bool = False) -> list[WindowTask]:
    """Cut the period into windows, and the configuration into one for each.

    Args:
        config: As for one run; ``input.start`` and ``input.end`` must be left out.
        timetable: The period and its windows.
        redo: Do complete windows again.

    Raises:
        ConfigurationError: The period makes no windows, or the records cannot be told apart by them.
        NoDataError: The whole period has no files.
    """
    if config.baseline is None:
        raise ConfigurationError("A backfill needs a baseline: give --baseline DIR, or baseline in the configuration.")
    if config.input.start or config.input.end:
        raise ConfigurationError(
            "input.start and input.end of the configuration: leave them out, each window has its own."
        )
    windows = timetable.windows()
    source = WindowedInput(config, windows)
    tasks = []
    for window in windows:
        paths = source.paths(window)
        folder = "/".join([*_place(config), timetable.folder(window)])
        own = _configured(config, window, folder, source, paths)
        tasks.append(WindowTask(window, own, source.fingerprint(window), redo))
    return tasks


def _place(config: Config) -> list[str]:
    """Above the hours: output, endpoint, schedule, as far as they have names (contract 1.7)."""
    named = (config.cloudwatch.endpoint, config.cloudwatch.schedule)
    return [config.output.rstrip("/"), *(name for name in named if name)]


def _configured(config: Config, window: Window, folder: str, source: WindowedInput, paths: list[str]) -> Config:
    given = {"paths": paths, "start": window.start, "end": window.end, "window_filter": source.filter}
    metrics = config.cloudwatch.metrics_dir
    sent = {"metric_time": window.start, "metrics_dir": metrics and f"{metrics.rstrip('/')}/{window.at:%Y-%m-%dT%H%M}"}
    updates = {
        "input": config.input.model_copy(update=given),
        "output": folder,
        "cloudwatch": config.cloudwatch.model_copy(update=sent),
        "message_file": None,
    }
    return config.model_copy(update=updates)


def run_window(task: WindowTask) -> WindowResult:
    """Do one window, unless it is complete."""
    config, window, folder = task.config, task.window, task.config.output
    if not config.input.paths:
        return WindowResult(window, folder, "no data", message="Job inputs had no data")
    try:
        job = fingerprint(config, task.files)
        if not task.redo and (found := completed(folder, job)):
            return WindowResult(window, folder, "complete already", found.violations, found.message)
        forget(folder)
        result = run_job(config, "monitor")
        mark(folder, _completed(window, job, result))
    except NoDataError as error:
        return WindowResult(window, folder, "no data", message=_first_line(error))
    except MonitorError as error:
        return WindowResult(window, folder, "failed", message=_first_line(error))
    return WindowResult(window, folder, "done", len(result.violations), result.message)


def _completed(window: Window, job: str, result: JobResult) -> Completed:
    return Completed(
        start=window.start.isoformat(),
        end=window.end.isoformat(),
        job=job,
        rows=result.rows,
        violations=len(result.violations),
        message=result.message,
        documents=sorted(result.documents),
    )


def run_backfill(
    tasks: list[WindowTask], jobs: int = 1, set_up: Callable[[], None] | None = None
) -> Iterator[WindowResult]:
    """Do windows side by side; gives each result when it is there.

    On Spark they share one session: its executors do the work, and threads of the driver wait for them. With the inline
    runner each has a process of its own. When the caller stops asking, windows under way are finished and no others begun.

    Args:
        tasks: The windows.
        jobs: How many at a time.
        set_up: Called in each process before its first window.
    """
    with ExitStack() as stack:
        pool = stack.enter_context(_pool(tasks[0].config, jobs, set_up))
        futures = {pool.submit(run_window, task): task for task in tasks}
        for future in as_completed(futures):
            yield _result(future, futures[future])


@contextmanager
def _pool(config: Config, jobs: int, set_up: Callable[[], None] | None) -> Iterator[Executor]:
    with ExitStack() as stack:
        pool: Executor
        if config.runner.kind == "spark":
            stack.enter_context(SparkRunner(config.runner.master, config.runner.conf))
            pool = ThreadPoolExecutor(jobs)
        else:
            pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _prepare, (set_up,))
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _prepare(set_up: Callable[[], None] | None) -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; the first process decides what it means
    if set_up:
        set_up()


def _result(future: Future[WindowResult], task: WindowTask) -> WindowResult:
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 - a defect, or a killed process, must not stop the other windows
        _LOG.debug("window %s", task.window, exc_info=True)
        text = f"Unexpected {type(error).__name__}: {_first_line(error)}"
        return WindowResult(task.window, task.config.output, "failed", message=text)


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
