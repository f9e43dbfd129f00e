"""The file system of a name node: Arrow's own, which is Hadoop's libhdfs, or hdfs-native where that is not set up."""

from __future__ import annotations

import logging
import os
import time
from functools import cache
from threading import Thread

from pyarrow import fs

from engine.errors import ConfigurationError, StoreError

_LOG = logging.getLogger(__name__)

PATIENCE = 120
"""Seconds for the first answer of a name node. Hadoop's own client would ask for a quarter of an hour."""

_INHERITED = 3.5
"""Seconds for which hdfs-native uses a connection to a data node again, also in a forked process, where it would hang."""

_WAYS = (
    "It needs Hadoop's library libhdfs, with JAVA_HOME, and CLASSPATH as 'hadoop classpath --glob' prints it; "
    "or the package hdfs-native, which needs no Java: pip install 'open-model-monitor[hdfs]'."
)


def hdfs_filesystem(scheme: str, authority: str) -> fs.FileSystem:
    """The file system of a name node, or of a name service of Hadoop's configuration (``HADOOP_CONF_DIR``).

    Args:
        scheme: ``hdfs`` or ``viewfs``.
        authority: ``host:port``, ``host`` or a name service; empty means the configuration's ``fs.defaultFS``.

    Raises:
        ConfigurationError: There is no client.
        StoreError: The name node does not answer.
    """
    return _connected(f"{scheme}://{authority}", os.getpid())


@cache
def _connected(uri: str, process: int) -> fs.FileSystem:
    """A client has threads and connections, which a forked process must not use: each process makes its own."""
    system = _libhdfs(uri) or _native(uri)
    _LOG.debug("process %d reaches %s through %s", process, uri, system.type_name)
    return system


def _libhdfs(uri: str) -> fs.FileSystem | None:
    """Hadoop's own client, a Java machine inside this process; None where it does not start."""
    if not os.environ.get("CLASSPATH"):
        return None
    options = os.environ.get("LIBHDFS_OPTS", "")
    if "-Xrs" not in options.split():
        os.environ["LIBHDFS_OPTS"] = f"{options} -Xrs".strip()  # Java would take SIGTERM and SIGINT from this process
    try:
        # Its own word "default" would read local files where the configuration has another default.
        system = fs.HadoopFileSystem(f"{uri}/", 0) if uri.endswith("://") else fs.HadoopFileSystem.from_uri(f"{uri}/")
    except (OSError, ImportError, ValueError) as error:
        _LOG.info("libhdfs cannot be used: %s", str(error).partition("\n")[0])
        return None
    # It calls every failure "not found"; but the root is there wherever a name node answers.
    if _first_answer(system, uri).type != fs.FileType.Directory:
        raise _unanswered(uri, "libhdfs printed the reason above")
    return system


def _native(uri: str) -> fs.FileSystem:
    try:
        from engine.hdfs.native import native_filesystem
    except ImportError as error:
        raise ConfigurationError(f"{uri}: there is no client of HDFS. {_WAYS}") from error
    _outlive_connections()
    try:
        _first_answer(native_filesystem(uri, patient=False), uri)
        return native_filesystem(uri)
    except OSError as error:
        raise _unanswered(uri, str(error)) from error


_processes: set[int] = set()
"""Those that made a client: this one, and one that it was forked from."""


def _outlive_connections() -> None:
    """Wait until the connections that this process was forked with are used no more."""
    process = os.getpid()
    if _processes - {process}:
        time.sleep(_INHERITED)
        _processes.clear()
    _processes.add(process)


def _first_answer(system: fs.FileSystem, uri: str) -> fs.FileInfo:
    """What is at the root. Neither client gives a host up that takes connections, or packets, and stays silent."""
    answers: list[fs.FileInfo] = []
    errors: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(system.get_file_info("/"))
        except Exception as error:  # noqa: BLE001 - raised again where it was asked
            errors.append(error)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    if errors:
        raise errors[0]
    if not answers:
        raise _unanswered(uri, f"no answer within {PATIENCE} seconds")
    return answers[0]


def _unanswered(uri: str, reason: str) -> StoreError:
    return StoreError(
        f"{uri}: HDFS cannot be reached: {reason}. Check host and port, for example hdfs://host:8020/path; a name "
        "service, and hdfs:/// without a host, need HADOOP_CONF_DIR, the folder with core-site.xml and hdfs-site.xml."
    )
