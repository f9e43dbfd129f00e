"""Runs a job for a person at a terminal: logs, progress, the result or one clear error, and the exit status."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console
from rich.logging import RichHandler

from engine.config import Config
from engine.errors import ConfigurationError, MonitorError, StoppedError
from engine.failures import is_defect, message_of
from engine.interruption import terminable
from engine.redaction import RedactedFormatter
from jobs.display import show_error, show_result
from jobs.options import Given

if TYPE_CHECKING:
    from engine.pipeline import Kind

OK, FAILED, USAGE, VIOLATIONS, STOPPED = 0, 1, 2, 3, 143
"""Exit statuses."""

_LOG = logging.getLogger(__name__)


def execute(kind: Kind, given: Given, *, dry_run: bool = False, verbose: int = 0) -> int:
    """Run or plan a job.

    Returns:
        The exit status.
    """
    from jobs.bundled import bundle_plugins  # a command that only prints its help must not wait for pyarrow

    bundle_plugins()
    output, messages = Console(), Console(stderr=True)
    set_up_logs(verbose, messages)
    try:
        config = given.configuration()
    except MonitorError as error:
        show_error(messages, str(error))
        return USAGE if given.config is None and isinstance(error, ConfigurationError) else FAILED
    if kind == "monitor" and config.baseline is None:
        show_error(
            messages, "A monitoring run needs a baseline: give --baseline DIR, or baseline in the configuration."
        )
        return USAGE
    work = partial(_plan, config, kind, output) if dry_run else partial(_run, config, kind, output, messages)
    return finished(work, messages, verbose)


def finished(work: Callable[[], int], messages: Console, verbose: int = 0, *, misused: int = FAILED) -> int:
    """Do the work of a command, which SIGTERM ends as Ctrl-C does, and say in one message why it failed, if it did.

    Args:
        work: Does it, and gives the exit status.
        messages: Where errors are shown.
        verbose: How much the logs say.
        misused: Exit status where a setting is wrong: options alone are a matter of usage.

    Returns:
        The exit status.
    """
    status = FAILED
    try:
        with terminable():
            return work()
    except (StoppedError, KeyboardInterrupt) as error:
        show_error(messages, str(error) or "Stopped.")
        return STOPPED
    except BrokenPipeError:
        return _no_reader()
    except ConfigurationError as error:
        show_error(messages, str(error))
        status = misused
    except Exception as error:  # noqa: BLE001 - the message must be clear even for a defect of ours
        _LOG.debug("failed", exc_info=True)
        hint = " Run again with -vv to see where." if is_defect(error) and verbose <= 1 else ""
        show_error(messages, f"{message_of(error)}{hint}")
    return status


def _no_reader() -> int:
    """Whoever read what is printed has gone, as ``head`` does: the rest is not printed, and Python must not try it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


def _plan(config: Config, kind: Kind, output: Console) -> int:
    from engine.pipeline import plan_job  # a command that only prints its help must not wait for pyarrow

    for line in plan_job(config, kind).lines():
        output.print(line, markup=False, highlight=False, soft_wrap=True)
    return OK


def _run(config: Config, kind: Kind, output: Console, messages: Console) -> int:
    from engine.pipeline import run_job

    result = run_job(config, kind, messages)
    show_result(output, result)
    return VIOLATIONS if result.violations and config.fail_on_violation else OK


def set_up_logs(verbose: int, console: Console) -> None:
    """Send the engine's logs to the console: warnings, with -v what is done, with -vv everything."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    handler = RichHandler(console=console, show_path=verbose > 1, markup=False, rich_tracebacks=False)
    handler.setFormatter(RedactedFormatter())
    for name in ("engine", "plugins", "jobs"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
