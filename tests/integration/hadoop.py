"""Hadoop's mini clusters: its real daemons, in one process, from Maven Central."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyspark
from py4j.java_gateway import GatewayParameters, JavaGateway

from engine.execution.java import ensure_java
from tests.integration.maven import jars

PACKAGES = "org.apache.hadoop:hadoop-minicluster:3.3.4,org.mockito:mockito-core:2.28.2,junit:junit:4.13.2"


@contextmanager
def hadoop_process(folder: Path) -> Iterator[JavaGateway]:
    """A Java process that holds Hadoop's classes, until the block ends; what it prints goes to ``log`` in the folder."""
    bridge = next((Path(pyspark.__file__).parent / "jars").glob("py4j-*.jar"))
    classes = ":".join(map(str, [*jars("hadoop-minicluster", PACKAGES), bridge]))
    options = ["-Xmx1g", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", classes]
    command = [_java(), *options, "py4j.GatewayServer", "0"]
    # A pipe that is not read would fill up.
    with (folder / "log").open("w") as log, (folder / "port").open("w") as told:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=told, stderr=log, start_new_session=True
        )
        try:
            gateway = JavaGateway(gateway_parameters=GatewayParameters(port=_port(folder / "port")))
            yield gateway
            gateway.close()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def with_settings(configuration: Any, settings: Mapping[str, str]) -> Any:
    """A configuration of Hadoop's, with settings."""
    for key, value in settings.items():
        configuration.set(key, value)
    return configuration


def write_configuration(gateway: JavaGateway, configuration: Any, *files: Path) -> None:
    """Write a configuration as programs of Hadoop read it from ``HADOOP_CONF_DIR``."""
    for file in files:
        target = gateway.jvm.java.io.FileOutputStream(str(file))
        configuration.writeXml(target)
        target.close()


def _java() -> str:
    ensure_java()
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin/java") if home else "java"


def _port(told: Path) -> int:
    deadline = time.monotonic() + 60
    while "\n" not in told.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    return int(told.read_text().partition("\n")[0])


@dataclass(frozen=True)
class MiniHdfs:
    """A name node and a data node. Files go there and come back through Hadoop's own client.

    Attributes:
        uri: Of the root, without the last slash.
        environment: With its configuration, of which it is the default.
    """

    gateway: JavaGateway
    cluster: Any
    uri: str
    environment: dict[str, str]

    def put(self, local: Path, path: str) -> str:
        """Copy a file or folder there; gives its URI."""
        self._client().copyFromLocalFile(False, True, self._path(local), self._path(path))
        return self.uri + path

    def get(self, path: str, local: Path) -> Path:
        """Copy a file or folder from there."""
        self._client().copyToLocalFile(False, self._path(path), self._path(local), True)
        return local

    def _client(self) -> Any:
        return self.cluster.getFileSystem()

    def _path(self, path: str | Path) -> Any:
        return self.gateway.jvm.org.apache.hadoop.fs.Path(str(path))


@contextmanager
def mini_hdfs(folder: Path) -> Iterator[MiniHdfs]:
    """HDFS of small blocks, with its configuration in the folder, until the block ends."""
    with hadoop_process(folder) as gateway:
        apache = gateway.jvm.org.apache.hadoop
        small = {"dfs.blocksize": "65536", "dfs.namenode.fs-limits.min-block-size": "65536"}
        settings = {"hdfs.minidfs.basedir": str(folder / "data"), **small}
        cluster = apache.hdfs.MiniDFSCluster.Builder(with_settings(apache.hdfs.HdfsConfiguration(), settings)).build()
        cluster.waitActive()
        write_configuration(gateway, cluster.getConfiguration(0), folder / "core-site.xml", folder / "hdfs-site.xml")
        yield MiniHdfs(gateway, cluster, cluster.getURI().toString(), {"HADOOP_CONF_DIR": str(folder)})
