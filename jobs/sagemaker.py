"""``python -m jobs.sagemaker``: the interface of the Model Monitor containers, all of it environment variables."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace

from engine.errors import BaselineError, MonitorError, StoppedError
from engine.failures import is_defect, message_of
from engine.interruption import terminable
from engine.pipeline import run_job
from engine.redaction import RedactedFormatter
from engine.s3.reaching import check_stores
from engine.sinks.exit_message import cause, leave_message
from jobs.bundled import bundle_plugins
from jobs.container_environment import Container, container
from jobs.hosts.resources import Hosts, hosts_of, sharded_folders, shares_of_this_host
from jobs.hosts.together import following, leading
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
    except BaselineError as error:
        return _failed(found, _with_variable(found, str(error)))
    except MonitorError as error:
        return _failed(found, str(error))
    except MemoryError:
        return _failed(found, "Out of memory: use a larger instance type or more instances.")
    except Exception as error:  # noqa: BLE001 - the service shows only the message file, so there must always be one
        if is_defect(error):
            traceback.print_exc()
        return _failed(found, message_of(error))
    print(result.message, flush=True)  # noqa: T201 - log scrapers look for this line
    return VIOLATIONS if result.violations and config.fail_on_violation else 0


def _merge(found: Container) -> int:
    """Join ground truth to captures, as the merger's container does."""
    from engine.ground_truth.merging import merge_ground_truth

    settings = merge_settings(found)
    check_stores([settings.captures, settings.ground_truth, settings.output])
    result = merge_ground_truth(settings)
    print("\n".join([*result.lines(), result.message]), flush=True)  # noqa: T201 - the job's log
    if reason := leave_message(found.message_file, result.message):
        print(reason, file=sys.stderr, flush=True)  # noqa: T201 - the job's log
    return 0


def _with_variable(found: Container, text: str) -> str:
    """An error of a baseline document, after the variable that names the document."""
    names = ("baseline_constraints", "baseline_statistics")
    named = (name for name in names if text.startswith(f"{found.variables.get(name)}"))
    return next((f"{name}: {text}" for name in named), text)


def _failed(found: Container, text: str) -> int:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the job's log
    if reason := leave_message(found.message_file, cause(text)):
        print(reason, file=sys.stderr, flush=True)  # noqa: T201 - the job's log
    return 1


def run_together(found: Container, hosts: Hosts) -> int:
    """Run the job of a container that is one of several: the primary runs it, the others help and write nothing.

    A merge runs on the primary alone, because its tasks write records, and only the primary's output counts.
    """
    files = shares_of_this_host(sharded_folders(found.root))
    cluster = not is_merge(found) and found.variables.get("MONITOR_RUNNER") != "inline"
    if not hosts.is_primary:
        try:
            return following(hosts, files, cluster=cluster)
        except MonitorError as error:
            print(error, file=sys.stderr, flush=True)  # noqa: T201 - the job's log
            return 1
        except KeyboardInterrupt:
            return STOPPED
    try:
        with leading(hosts, files, cluster=cluster) as ended:
            status = run(replace(found, variables={**found.variables, **_led(cluster)}))
            ended(status)
    except MonitorError as error:
        return _failed(found, str(error))
    except KeyboardInterrupt:
        _failed(found, "Stopped before the documents were written: none was changed.")
        return STOPPED
    return status


def _led(cluster: bool) -> dict[str, str]:
    return {"MONITOR_MASTER": os.environ["MONITOR_MASTER"]} if cluster else {}


def main(environ: Mapping[str, str] | None = None) -> int:
    """Run the job that the environment describes."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(RedactedFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    bundle_plugins()
    found = container(os.environ if environ is None else environ)
    os.environ.update(found.variables)  # users' scripts read the variables themselves
    with terminable():
        try:
            hosts = hosts_of(found.root, found.variables)
        except MonitorError as error:
            return _failed(found, str(error))
        return run(found) if hosts is None else run_together(found, hosts)


if __name__ == "__main__":
    sys.exit(main())
