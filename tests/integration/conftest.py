"""Real parts for integration tests: a Spark standalone cluster of real processes, and jobs run as processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from engine.execution.java import ensure_java

REPOSITORY = Path(__file__).resolve().parents[2]


def run_job(
    *arguments: str, environment: dict[str, str] | None = None, cwd: Path = REPOSITORY
) -> subprocess.CompletedProcess[str]:
    """Run ``model-monitor`` as a user would, in a process of its own."""
    command = [sys.executable, "-m", "jobs.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, timeout=300, check=False,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)} | (environment or {}),
    )  # fmt: skip


def run_of_page(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a page: the run on Spark, and what only prepares it in one process."""
    return run_job(command, *arguments, *(["--master", "local[1]"] if command == "run" else ["--runner", "inline"]))


def documents(folder: Path) -> dict[str, bytes]:
    """All files that a job wrote, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A standalone master and two workers on loopback; gives the master's URL."""
    import pyspark

    ensure_java()
    port = _free_port()
    home = Path(pyspark.__file__).parent
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_WORKER_DIR": str(tmp_path_factory.mktemp("work")),
    }
    launcher = [str(home / "bin" / "spark-class")]
    master = [*launcher, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port)]
    worker = [
        *launcher,
        "org.apache.spark.deploy.worker.Worker",
        "--cores",
        "1",
        "--memory",
        "1g",
        "--host",
        "127.0.0.1",
    ]
    started = [_start([*master, "--webui-port", "0"], environment)]
    try:
        _wait_for(port)
        started += [_start([*worker, "--webui-port", "0", f"spark://127.0.0.1:{port}"], environment) for _ in range(2)]
        yield f"spark://127.0.0.1:{port}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server on loopback that speaks AWS's protocols (moto); gives a client of S3 with the bucket ``bucket``."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    silent = tmp_path_factory.mktemp("sdk") / "config.yaml"
    silent.write_text("SchemaVersion: '1.0'\nSageMaker: {PythonSDK: {Modules: {TelemetryOptOut: true}}}\n")
    for key, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(silent),
    }.items():
        monkeypatch.setenv(key, value)
    # Servers of one process share what they hold: without this a test would find the objects of others.
    urlopen(f"http://{host}:{port}/moto-api/reset", data=b"").close()
    client = boto3.client("s3")
    client.create_bucket(Bucket="bucket")
    yield client
    server.stop()


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"the Spark master does not listen on port {port}")
