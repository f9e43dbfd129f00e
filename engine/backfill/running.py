"""Runs the windows of a backfill side by side; one that fails does not stop the others."""

from __future__ import annotations

import logging
import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal

from engine.backfill.completion import Completed, completed, fingerprint, forget, mark
from engine.backfill.planning import WindowTask
from engine.backfill.windows import Window
from engine.config import Config
from engine.errors import MonitorError, NoDataError
from engine.execution.spark import SparkRunner
from engine.failures import message_of
from engine.foreign_code import is_interruption
from engine.metrics import failure_texts
from engine.pipeline import JobResult, run_job

_LOG = logging.getLogger(__name__)

Status = Literal["done", "complete already", "no data", "failed"]


@dataclass(frozen=True)
class WindowResult:
    """What became of a window.

    Attributes:
        window: Which.
        folder: Where its reports are.
        status: What was done.
        violations: How many; 0 where nothing was judged.
        message: The exit message, or the first line of why it failed.
        failures: What failed in a window that is done: metrics of plugins, columns, deliveries.
    """

    window: Window
    folder: str
    status: Status
    violations: int = 0
    message: str = ""
    failures: tuple[str, ...] = ()


def run_window(task: WindowTask) -> WindowResult:
    """Do one window, unless it is complete."""
    config, window, folder = task.config, task.window, task.config.output
    if not config.input.paths:
        return WindowResult(window, folder, "no data", message="Job inputs had no data")
    try:
        job = fingerprint(config, task.files)
        if not task.redo and (found := completed(folder, job)):
            told = tuple(found.failures)
            return WindowResult(window, folder, "complete already", found.violations, found.message, told)
        forget(folder)
        result = run_job(config, "monitor")
        failures = (*failure_texts(result.failures), *result.undelivered)
        mark(folder, _completed(window, job, result, failures))
    except NoDataError as error:
        return WindowResult(window, folder, "no data", message=_first_line(error))
    except MonitorError as error:
        return WindowResult(window, folder, "failed", message=_first_line(error))
    return WindowResult(window, folder, "done", len(result.violations), result.message, failures)


def _completed(window: Window, job: str, result: JobResult, failures: Sequence[str]) -> Completed:
    return Completed(
        start=window.start.isoformat(),
        end=window.end.isoformat(),
        job=job,
        rows=result.rows,
        violations=len(result.violations),
        message=result.message,
        documents=sorted(result.documents),
        failures=list(failures),
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
    left = yield from _side_by_side(tasks, jobs, set_up)
    for task in left:  # one at a time shows whose process is killed
        if (yield from _side_by_side([task], 1, set_up)):
            text = (
                "Its process was killed: probably the machine ran out of memory. Use fewer --jobs, or a larger machine."
            )
            yield WindowResult(task.window, task.config.output, "failed", message=text)


def _side_by_side(
    tasks: list[WindowTask], jobs: int, set_up: Callable[[], None] | None
) -> Generator[WindowResult, None, list[WindowTask]]:
    """Gives the results; returns what is left because a process was killed, which ends all of its pool."""
    left = []
    with _pool(tasks[0].config, jobs, set_up) as pool:
        futures = {pool.submit(run_window, task): task for task in tasks}
        for future in as_completed(futures):
            try:
                yield _result(future, futures[future])
            except BrokenProcessPool:
                left.append(futures[future])
    return sorted(left, key=lambda task: task.window)


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
    except BrokenProcessPool:
        raise
    except BaseException as error:  # a defect, or what calls sys.exit, must not stop the other windows
        if is_interruption(error):
            raise
        _LOG.debug("window %s", task.window, exc_info=True)
        return WindowResult(task.window, task.config.output, "failed", message=message_of(error))


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
