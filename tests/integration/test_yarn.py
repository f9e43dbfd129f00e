"""spark-submit on YARN, in Hadoop's own mini cluster."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pyspark
import pytest

import engine
from engine.testing.captures import write_captures
from jobs.packing import ZIP, pack
from tests.integration.hadoop import hadoop_process, with_settings, write_configuration

SETTINGS = {
    "yarn.nodemanager.resource.memory-mb": "8192", "yarn.nodemanager.resource.cpu-vcores": "8",
    "yarn.scheduler.minimum-allocation-mb": "64", "yarn.scheduler.capacity.maximum-am-resource-percent": "1",
    "yarn.nodemanager.vmem-check-enabled": "false", "yarn.nodemanager.pmem-check-enabled": "false",
    "yarn.nodemanager.disk-health-checker.enable": "false",
}  # fmt: skip

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("hadoop")]


@pytest.fixture(scope="module")
def hadoop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running YARN; gives the folder of its configuration."""
    folder = tmp_path_factory.mktemp("yarn")
    with hadoop_process(folder) as gateway:
        apache = gateway.jvm.org.apache.hadoop
        cluster = apache.yarn.server.MiniYARNCluster("monitor", 1, 1, 1)
        cluster.init(with_settings(apache.yarn.conf.YarnConfiguration(), SETTINGS))
        cluster.start()
        write_configuration(gateway, cluster.getConfig(), folder / "core-site.xml", folder / "yarn-site.xml")
        yield folder


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
