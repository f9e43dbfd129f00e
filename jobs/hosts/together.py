"""Runs a processing job on several hosts: the primary runs the job, the others lend it their cores and files until it is over."""

from __future__ import annotations

import logging
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from engine.errors import RunnerError
from engine.host_files import VARIABLE, write_listing
from jobs.hosts.resources import Hosts
from jobs.hosts.servers import Status, file_server, file_url, status_server
from jobs.hosts.spark_processes import await_master, executor_mib, spark_master, spark_worker

_LOG = logging.getLogger(__name__)
_PAUSE = 1.0
"""Seconds between two questions to the primary."""
_MISSED = 30
"""Questions without an answer after which the primary is taken for dead."""
_FAREWELL = 15
"""Seconds that the primary waits for the others to hear that the job is over."""


@contextmanager
def leading(hosts: Hosts, files: Mapping[str, int], *, cluster: bool) -> Iterator[Callable[[int], None]]:
    """Make a cluster of all hosts, and let the others go at the end.

    Args:
        hosts: The hosts; this one is the primary.
        files: What this host holds of sharded inputs, sizes by path.
        cluster: Whether the job shall run on all hosts; otherwise they lend only their files.

    Yields:
        What to call with the job's exit status.

    Raises:
        RunnerError: A host does not report in time.
    """
    address, status, outcome = _address(hosts), Status(), [1]
    with ExitStack() as stack:
        stack.enter_context(status_server(address, hosts.port, status))
        stack.enter_context(file_server(address, hosts.port + 1, files))
        try:
            status.join(hosts.current, dict(files))
            master = stack.enter_context(spark_master(address, hosts.primary, hosts.port + 2)) if cluster else None
            _await_hosts(hosts, status)
            status.set("ready")
            variables = _shared(hosts, status.joined)
            # Spark must not look for the machine's own name, which may have no address.
            os.environ.update({**variables, "SPARK_LOCAL_IP": address})
            if master is not None:
                stack.enter_context(spark_worker(address, hosts.current, hosts.master, variables))
                os.environ |= _driver(hosts, address)
                await_master(master, hosts.primary, hosts.port + 2)
            yield lambda code: outcome.__setitem__(0, code)
        finally:
            status.set("done" if outcome[0] in {0, 3} else "failed")
            _await(status, lambda: status.told >= set(status.joined) - {hosts.current}, _FAREWELL)


def following(hosts: Hosts, files: Mapping[str, int], *, cluster: bool) -> int:
    """Lend cores and files to the primary until the job is over.

    Returns:
        Exit status: 0 when the job is done, 1 when it failed or the primary is gone.
    """
    address = _address(hosts)
    with ExitStack() as stack:
        stack.enter_context(file_server(address, hosts.port + 1, files))
        _report(hosts, files)
        found = _poll(hosts, "waiting")
        if found["state"] == "ready":
            if cluster:
                stack.enter_context(spark_worker(address, hosts.current, hosts.master, _shared(hosts, found["files"])))
            found = _poll(hosts, "ready")
    _LOG.info("the primary says: %s", found["state"])
    return 0 if found["state"] == "done" else 1


def _address(hosts: Hosts) -> str:
    """This host's own address; the name may become known late."""
    deadline = time.monotonic() + hosts.seconds
    while True:
        try:
            return socket.gethostbyname(hosts.current)
        except OSError as error:
            if time.monotonic() > deadline:
                raise RunnerError(f"The name {hosts.current} of this host has no address: {error}.") from error
            time.sleep(_PAUSE)


def _await_hosts(hosts: Hosts, status: Status) -> None:
    if not _await(status, lambda: set(hosts.names) <= status.joined.keys(), hosts.seconds):
        missing = ", ".join(sorted(set(hosts.names) - status.joined.keys()))
        raise RunnerError(
            f"Hosts that did not report within {hosts.seconds} s: {missing}. See their logs; MONITOR_HOSTS_SECONDS waits longer."
        )


def _await(status: Status, reached: Callable[[], bool], seconds: float) -> bool:
    with status.changed:
        return status.changed.wait_for(reached, seconds)


def _shared(hosts: Hosts, joined: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """The variable that makes the files of all hosts one file system; none when nothing is shared out."""
    sizes = {path: size for files in joined.values() for path, size in files.items()}
    if not sizes:
        return {}
    urls = {
        path: file_url(hosts.url(host, 1), path)
        for host, files in joined.items()
        if host != hosts.current
        for path in files
    }
    listing = Path(tempfile.mkdtemp(prefix="model-monitor-")) / "hosts.json"
    write_listing(listing, sizes, urls)
    return {VARIABLE: str(listing)}


def _driver(hosts: Hosts, address: str) -> dict[str, str]:
    """What the job's own Spark must know, for every kind of job."""
    conf = {
        "spark.driver.host": hosts.primary,
        "spark.driver.bindAddress": address,
        "spark.executor.memory": f"{executor_mib()}m",
    }
    options = " ".join(f"--conf {key}={value}" for key, value in conf.items())
    return {"PYSPARK_SUBMIT_ARGS": f"{options} pyspark-shell", "MONITOR_MASTER": hosts.master}


def _report(hosts: Hosts, files: Mapping[str, int]) -> None:
    import urllib3

    deadline = time.monotonic() + hosts.seconds
    url = f"{hosts.url(hosts.primary)}/{hosts.current}"
    reported = False
    while not reported:
        try:
            urllib3.request("POST", url, json=dict(files), timeout=10, retries=False)
            reported = True
        except urllib3.exceptions.HTTPError as error:
            if time.monotonic() > deadline:
                told = f"The primary {hosts.primary} did not answer within {hosts.seconds} s: {error}"
                raise RunnerError(told) from error
            time.sleep(_PAUSE)


def _poll(hosts: Hosts, state: str) -> dict[str, Any]:
    """Ask the primary until it is in another state; one that answers no more has failed."""
    import urllib3

    missed = 0
    while missed < _MISSED:
        try:
            url = f"{hosts.url(hosts.primary)}/{hosts.current}"
            found: dict[str, Any] = urllib3.request("GET", url, timeout=10, retries=False).json()
            missed = 0
            if found["state"] != state:
                return found
        except (urllib3.exceptions.HTTPError, ValueError):
            missed += 1
        time.sleep(_PAUSE)
    return {"state": "failed: it does not answer"}
