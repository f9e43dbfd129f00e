# ruff: noqa: SLF001 - see jvm.py
"""A Spark session with Deequ in it, and the end of everything that it started."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.deequ.config import DeequConfig
from engine.deequ.jvm import Jvm
from engine.deequ.loading import load_deequ
from engine.execution.spark import SparkRunner

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PATIENCE = 10.0
"""Seconds to wait for py4j's callback server, which is known to block for ever on a half-closed socket."""


@contextmanager
def deequ_session(
    config: DeequConfig,
    session: SparkSession | None = None,
    master: str | None = None,
    conf: Mapping[str, str] | None = None,
) -> Iterator[Jvm]:
    """Enter a session that has Deequ.

    Args:
        config: Which release or jar.
        session: A session to use; it is not stopped. Without one, the active session is used or a new one started.
        master: Spark's master URL for a new session.
        conf: Settings of a new session.

    Yields:
        The JVM with Deequ. On leaving, also after an error, the callback server (should anybody have started one, as pydeequ does)
        is shut down, and a session and JVM that were started here are ended.

    Raises:
        DeequError: Deequ's jar cannot be had.
        RunnerError: Spark or Java cannot be started.
    """
    if session is not None:
        with _without_callbacks(session):
            load_deequ(session, config)
            yield Jvm(session)
        return
    with _own_jvm(), SparkRunner(master, conf) as runner, _without_callbacks(runner.session):
        load_deequ(runner.session, config)
        yield Jvm(runner.session)


@contextmanager
def _without_callbacks(session: SparkSession) -> Iterator[None]:
    gateway: Any = session.sparkContext._gateway if getattr(session, "_jvm", None) is not None else None
    try:
        yield
    finally:
        if gateway is not None and getattr(gateway, "_callback_server", None) is not None:
            _patiently(gateway.shutdown_callback_server)


@contextmanager
def _own_jvm() -> Iterator[None]:
    """End the JVM if it is started inside of the block: two jobs of one process may want different releases."""
    from pyspark import SparkContext

    found, paths = SparkContext._gateway, list(sys.path)
    try:
        yield
    finally:
        started = SparkContext._gateway
        if found is None and started is not None:
            _patiently(started.shutdown)
            process = getattr(started, "proc", None)
            if process is not None:
                process.stdin.close()
                process.wait(timeout=PATIENCE)
            SparkContext._gateway = SparkContext._jvm = None
            # Spark adds the packages that it sends to executors to the path of imports, and has deleted them by now.
            sys.path[:] = [place for place in sys.path if place in paths or Path(place).exists()]


def _patiently(shutdown: Callable[[], None]) -> None:
    """Call in a thread that does not keep the process alive."""
    thread = threading.Thread(target=shutdown, daemon=True)
    thread.start()
    thread.join(PATIENCE)
