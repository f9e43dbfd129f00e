"""The processes of a Spark standalone cluster: a master on the primary, a worker on every host."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from engine.errors import RunnerError
from engine.execution.java import ensure_java

_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_SECONDS = 20
_MASTER_SECONDS = 120
"""How long a master may take to start."""
_PAUSE = 0.2
MIB = 1024 * 1024


def executor_mib() -> int:
    """Memory of an executor's JVM: a quarter of the host's, for the rows live in Python beside it."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = Path(limit).read_text(encoding="ascii").strip() if Path(limit).exists() else ""
        total = min(total, int(text)) if text.isdigit() else total
    return max(total // 4 // MIB, 1024)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def spark_master(address: str, name: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the cluster's master."""
    with _running([_MASTER, "--host", name, "--port", str(port), "--webui-port", "0"], address, {}) as process:
        yield process


def await_master(process: subprocess.Popen[bytes], name: str, port: int) -> None:
    """Wait until the master takes connections.

    Raises:
        RunnerError: It has ended, or does not start in time.
    """
    deadline = time.monotonic() + _MASTER_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((name, port), 1).close()
        except OSError:
            time.sleep(_PAUSE)
        else:
            return
    state = "is still starting" if process.poll() is None else f"ended with status {process.returncode}"
    raise RunnerError(
        f"The Spark master of this job, {name}:{port}, {state} after at most {_MASTER_SECONDS} s. See that the port is free on the "
        "first host (MONITOR_HOSTS_PORT names the first of three), and that it has memory for Java."
    )


@contextmanager
def spark_worker(
    address: str, name: str, master: str, variables: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker, whose executors have the variables in their environment."""
    size = ["--cores", str(cores()), "--memory", f"{executor_mib()}m"]
    with _running([_WORKER, "--host", name, "--webui-port", "0", *size, master], address, variables) as process:
        yield process


@contextmanager
def _running(command: list[str], address: str, variables: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    ensure_java()
    import pyspark

    home = Path(os.environ.get("SPARK_HOME") or Path(pyspark.__file__).parent)
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": address,
        "PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON") or sys.executable,
        **variables,
    }
    process = subprocess.Popen(  # noqa: S603 - Spark's own launcher
        [str(home / "bin" / "spark-class"), *command],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
