"""Runs a job for a person at a terminal: logs, progress, the result or one clear error, and the exit status."""

from __future__ import annotations

import logging

from rich.console import Console
from rich.logging import RichHandler

from engine import pipeline
from engine.config import Config
from engine.errors import MonitorError
from jobs.display import show_error, show_result
from jobs.options import Given

OK, FAILED, USAGE, VIOLATIONS = 0, 1, 2, 3
"""Exit statuses."""

_LOG = logging.getLogger(__name__)


def execute(kind: pipeline.Kind, given: Given, *, dry_run: bool = False, verbose: int = 0) -> int:
    """Run or plan a job.

    Returns:
        The exit status.
    """
    output, messages = Console(), Console(stderr=True)
    set_up_logs(verbose, messages)
    try:
        config = given.configuration()
        if kind == "monitor" and config.baseline is None:
            show_error(
                messages, "A monitoring run needs a baseline: give --baseline DIR, or baseline in the configuration."
            )
            return USAGE
        return _plan(config, kind, output) if dry_run else _run(config, kind, output, messages)
    except MonitorError as error:
        show_error(messages, str(error))
    except Exception as error:  # noqa: BLE001 - the message must be clear even for a defect of ours
        _LOG.debug("unexpected", exc_info=True)
        hint = "" if verbose > 1 else " Run again with -vv to see where."
        show_error(messages, f"Unexpected {type(error).__name__}: {error}. This is a defect of model-monitor.{hint}")
    return FAILED


def _plan(config: Config, kind: pipeline.Kind, output: Console) -> int:
    for line in pipeline.plan_job(config, kind).lines():
        output.print(line, markup=False, highlight=False, soft_wrap=True)
    return OK


def _run(config: Config, kind: pipeline.Kind, output: Console, messages: Console) -> int:
    result = pipeline.run_job(config, kind, messages)
    show_result(output, result)
    return VIOLATIONS if result.violations and config.fail_on_violation else OK


def set_up_logs(verbose: int, console: Console) -> None:
    """Send the engine's logs to the console: warnings, with -v what is done, with -vv everything."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    handler = RichHandler(console=console, show_path=verbose > 1, markup=False, rich_tracebacks=False)
    for name in ("engine", "plugins", "jobs"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
