"""spark-submit on YARN: Hadoop's own mini cluster (its real daemons, in one process), from Maven Central."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyspark
import pytest
from py4j.java_gateway import GatewayParameters, JavaGateway

import engine
from engine.execution.java import ensure_java
from engine.testing.captures import write_captures
from jobs.packing import ZIP, pack

HADOOP = "org.apache.hadoop:hadoop-minicluster:3.3.4,org.mockito:mockito-core:2.28.2,junit:junit:4.13.2"
DOWNLOAD = """
from pyspark.sql import SparkSession
SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.jars.ivy", {ivy!r}).config(
    "spark.jars.packages", {packages!r}).getOrCreate().stop()
"""
SETTINGS = {
    "yarn.nodemanager.resource.memory-mb": "8192", "yarn.nodemanager.resource.cpu-vcores": "8",
    "yarn.scheduler.minimum-allocation-mb": "64", "yarn.scheduler.capacity.maximum-am-resource-percent": "1",
    "yarn.nodemanager.vmem-check-enabled": "false", "yarn.nodemanager.pmem-check-enabled": "false",
    "yarn.nodemanager.disk-health-checker.enable": "false",
}  # fmt: skip

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


def java() -> str:
    ensure_java()
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin/java") if home else "java"


def jars() -> Path:
    """Hadoop's mini cluster, downloaded once, as Deequ's jars are."""
    ivy = Path.home() / ".ivy2-hadoop-minicluster"
    done = ivy / "complete"
    if not done.exists():
        code = DOWNLOAD.format(ivy=str(ivy), packages=HADOOP)
        got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=400)
        if got.returncode:
            pytest.skip("Hadoop's mini cluster cannot be downloaded from Maven Central: " + got.stderr[-300:])
        done.touch()
    return ivy / "jars"


@pytest.fixture(scope="module")
def hadoop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running YARN; gives the folder of its configuration."""
    folder = tmp_path_factory.mktemp("hadoop")
    bridge = next((Path(pyspark.__file__).parent / "jars").glob("py4j-*.jar"))
    command = [
        java(),
        "-Xmx1g",
        "--add-opens",
        "java.base/java.lang=ALL-UNNAMED",
        "-cp",
        f"{jars()}/*:{bridge}",
        "py4j.GatewayServer",
        "0",
    ]
    with (
        (folder / "log").open("w") as log,
        (folder / "port").open("w") as told,
    ):  # a pipe that is not read would fill up
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=told, stderr=log, start_new_session=True
        )
        try:
            _start_yarn(_port(folder / "port"), folder)
            yield folder
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _port(told: Path) -> int:
    deadline = time.monotonic() + 30
    while "\n" not in told.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    return int(told.read_text().partition("\n")[0])


def _start_yarn(port: int, folder: Path) -> None:
    gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port))
    apache = gateway.jvm.org.apache.hadoop
    settings = apache.yarn.conf.YarnConfiguration()
    for key, value in SETTINGS.items():
        settings.set(key, value)
    cluster = apache.yarn.server.MiniYARNCluster("monitor", 1, 1, 1)
    cluster.init(settings)
    cluster.start()
    for name in ("core-site.xml", "yarn-site.xml"):
        target = gateway.jvm.java.io.FileOutputStream(str(folder / name))
        cluster.getConfig().writeXml(target)
        target.close()
    gateway.close()


def environment_archive(folder: Path) -> Path:
    """An archive as ``make dist`` makes one, as far as Spark knows: its Python is this one, by a link that works elsewhere."""
    script = f'#!/bin/sh\nexec {sys.executable} "$@"\n'.encode()
    target = folder / "environment.tar.gz"
    with tarfile.open(target, "w:gz") as archive:
        entry = tarfile.TarInfo("bin/python")
        entry.size, entry.mode = len(script), 0o755
        archive.addfile(entry, io.BytesIO(script))
    return target


@pytest.mark.parametrize("mode", ["client", "cluster"])
def test_yarn_gives_the_documents_of_one_process(hadoop: Path, tmp_path: Path, mode: str) -> None:
    write_captures(tmp_path / "captures", 1500, seed=6, hours=3)
    engine.baseline(tmp_path / "captures", output=tmp_path / "own", runner="inline")
    pack(tmp_path / "dist")
    command = [
        str(Path(pyspark.__file__).parent / "bin/spark-submit"), "--master", "yarn", "--deploy-mode", mode,
        "--py-files", str(tmp_path / "dist" / ZIP), "--archives", f"{environment_archive(tmp_path)}#environment",
        "--conf", "spark.yarn.appMasterEnv.PYSPARK_PYTHON=./environment/bin/python",
        "--conf", "spark.executorEnv.PYSPARK_PYTHON=./environment/bin/python",
        "--num-executors", "1", "--executor-memory", "512m", "--driver-memory", "512m",
        str(tmp_path / "dist/baseline.py"), f"file://{tmp_path}/captures", "--output", f"file://{tmp_path}/report",
    ]  # fmt: skip
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {
        "HADOOP_CONF_DIR": str(hadoop), "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_DRIVER_PYTHON": sys.executable if mode == "client" else "", "PYSPARK_PYTHON": "./environment/bin/python",
    }  # fmt: skip
    if mode == "cluster":
        del environment["PYSPARK_DRIVER_PYTHON"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=300
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    for name in ("statistics.json", "constraints.json"):
        assert (tmp_path / "report" / name).read_bytes() == (tmp_path / "own" / name).read_bytes()
