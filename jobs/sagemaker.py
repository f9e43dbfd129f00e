"""``python -m jobs.sagemaker``: the interface of the Model Monitor containers, all of it environment variables."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from collections.abc import Mapping

from engine.errors import MonitorError, StoppedError
from engine.interruption import terminable
from engine.pipeline import run_job
from engine.sinks.exit_message import write_message
from jobs.bundled import bundle_plugins
from jobs.container_environment import Container, container
from jobs.merge_environment import is_merge, merge_settings

VIOLATIONS = 3
"""Exit status with violations, where MONITOR_FAIL_ON_VIOLATIONS asks for it."""


STOPPED = 128 + signal.SIGTERM
"""Exit status of a job that was asked to stop."""


def run(found: Container) -> int:
    """Run the job of a container, and leave its exit message.

    Returns:
        The exit status: 0 also with violations, as the service expects; 1 on failure.
    """
    try:
        if is_merge(found):
            return _merge(found)
        config = found.configuration()
        result = run_job(config, found.kind)
    except (StoppedError, KeyboardInterrupt) as error:
        _failed(found, str(error) or "Stopped before anything was written.")
        return STOPPED
    except MonitorError as error:
        return _failed(found, str(error))
    except MemoryError:
        return _failed(found, "Out of memory: use a larger instance type or more instances.")
    except Exception as error:  # noqa: BLE001 - the service shows only the message file, so there must always be one
        traceback.print_exc()
        return _failed(found, f"Unexpected {type(error).__name__}: {error}")
    print(result.message, flush=True)  # noqa: T201 - log scrapers look for this line
    return VIOLATIONS if result.violations and config.fail_on_violation else 0


def _merge(found: Container) -> int:
    """Join ground truth to captures, as the merger's container does."""
    from engine.ground_truth.merging import merge_ground_truth

    result = merge_ground_truth(merge_settings(found))
    print("\n".join([*result.lines(), result.message]), flush=True)  # noqa: T201 - the job's log
    write_message(found.message_file, result.message)
    return 0


def cause(text: str) -> str:
    """What of an error may leave the container: its first line. Those after it may quote a script and its data."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "The job failed; see its log.")


def _failed(found: Container, text: str) -> int:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the job's log
    try:
        write_message(found.message_file, cause(text))
    except OSError as error:
        print(f"The exit message cannot be written: {error}", file=sys.stderr)  # noqa: T201 - the job's log
    return 1


def main(environ: Mapping[str, str] | None = None) -> int:
    """Run the job that the environment describes."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    bundle_plugins()
    found = container(os.environ if environ is None else environ)
    os.environ.update(found.variables)  # users' scripts read the variables themselves
    with terminable():
        return run(found)


if __name__ == "__main__":
    sys.exit(main())
