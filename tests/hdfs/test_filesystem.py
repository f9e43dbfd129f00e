from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from pyarrow import fs

from engine.errors import ConfigurationError, StoreError
from engine.filesystems import resolve, scheme_of
from engine.hdfs import filesystem
from engine.hdfs.failures import os_errors

Libhdfs = Callable[[Any], None]


@pytest.fixture
def libhdfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Libhdfs]:
    """Puts something in the place of Hadoop's library, which is a part of an installation of Hadoop; there is nothing else."""
    monkeypatch.setitem(sys.modules, "engine.hdfs.native", None)
    monkeypatch.setenv("CLASSPATH", "/hadoop/*")
    monkeypatch.setenv("LIBHDFS_OPTS", "-Xmx256m")

    def put(found: Any) -> None:
        def from_uri(_: str) -> Any:
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr(fs, "HadoopFileSystem", type("HadoopFileSystem", (), {"from_uri": staticmethod(from_uri)}))

    yield put
    filesystem._connected.cache_clear()


def test_without_a_client_both_are_named(libhdfs: Libhdfs, monkeypatch: pytest.MonkeyPatch) -> None:
    both = r"hdfs://host:8020: there is no client.*libhdfs, with JAVA_HOME, and CLASSPATH.*pip install 'open-model-monitor\[hdfs\]'"
    libhdfs(OSError("Unable to load libhdfs"))
    with pytest.raises(ConfigurationError, match=both):
        resolve("hdfs://host:8020/data")
    monkeypatch.delenv("CLASSPATH")
    with pytest.raises(ConfigurationError, match=both):
        resolve("hdfs://host:8020/data")


def test_libhdfs_is_taken_where_it_starts_and_leaves_signals_alone(libhdfs: Libhdfs) -> None:
    system = fs.LocalFileSystem()
    libhdfs(system)
    assert resolve("hdfs://host:8020//data/") == (system, "/data")
    assert os.environ["LIBHDFS_OPTS"] == "-Xmx256m -Xrs"


def test_a_root_that_libhdfs_does_not_find_is_a_name_node_that_is_away(libhdfs: Libhdfs) -> None:
    libhdfs(fs.SubTreeFileSystem("/nowhere/at/all", fs.LocalFileSystem()))
    with pytest.raises(StoreError, match="hdfs://host:8020: HDFS cannot be reached"):
        resolve("hdfs://host:8020/data")


def test_a_name_node_that_stays_silent(libhdfs: Libhdfs, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(fs.LocalFileSystem):  # type: ignore[misc]
        def get_file_info(self, paths: Any) -> Any:
            waiting.wait()

    waiting = Event()
    libhdfs(Silent())
    monkeypatch.setattr(filesystem, "PATIENCE", 0)
    with pytest.raises(StoreError, match="no answer within 0 seconds"):
        resolve("hdfs://host:8020/data")
    waiting.set()


def test_a_forked_process_waits_once_for_inherited_connections_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(filesystem, "_processes", {-1})
    for _ in range(2):
        filesystem._outlive_connections()
    assert slept == [3.5]


@pytest.mark.parametrize(
    ("uri", "scheme"),
    [
        ("hdfs://host:8020/data", "hdfs://host:8020"),
        ("hdfs:///data", "hdfs://"),
        ("viewfs://mounts/data", "viewfs://mounts"),
        ("s3://bucket/data", "s3://"),
        ("file:///data", ""),
        ("hdfs", ""),
    ],
)
def test_listed_files_keep_their_host(uri: str, scheme: str) -> None:
    assert scheme_of(uri) == scheme


DENIED = r'RPCError("org.apache.hadoop.security.AccessControlException", "Permission denied: inode=\"/a\"\n\tat org.apache.X")'


@pytest.mark.parametrize(
    ("raised", "kind", "text"),
    [
        (RuntimeError(DENIED), PermissionError, '[Errno 13] Permission denied: inode="/a"'),
        (RuntimeError('RPCError("a.QuotaException", "The quota is exceeded")'), OSError, "QuotaException: The quota is exceeded"),
        (RuntimeError('DataTransferError("All failed")'), OSError, "All failed"),
        (FileNotFoundError("/a"), FileNotFoundError, "[Errno 2] No such file or folder: '/a'"),
        (FileExistsError("/a exists\n\tat org.apache.X"), FileExistsError, "[Errno 17] /a exists: '/a'"),
        (OSError("refused"), OSError, "refused"),
    ],
)  # fmt: skip
def test_failures_are_errors_of_the_system(raised: Exception, kind: type[OSError], text: str) -> None:
    with pytest.raises(kind) as found, os_errors("/a"):
        raise raised
    assert str(found.value) == text
