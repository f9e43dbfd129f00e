"""The package hdfs-native, a client of HDFS without Java, as a file system of Arrow's.

It brings one of fsspec's. That one takes a name with '#' for another one, raises no ``OSError`` for most failures, panics when
something is read beyond the end of a file, and its rename replaces no file. So the client itself is called here.
"""

from __future__ import annotations

import re
from typing import Any

import hdfs_native
import pyarrow as pa
from pyarrow import fs

from engine.hdfs.failures import os_errors
from engine.hdfs.streams import InputFile, OutputFile

_IMPATIENT = {"dfs.client.failover.max.attempts": "4"}
"""Some 20 seconds of pauses. The default is three minutes: right for a cluster that worked, long for a name that is mistyped."""

_PORT = 8020


def native_filesystem(uri: str, *, patient: bool = True) -> fs.FileSystem:
    """The file system of a name node or name service, which is not asked yet.

    Args:
        uri: ``hdfs://host:port``, a name service, or ``hdfs://`` for ``fs.defaultFS``.
        patient: Ask for minutes when it fails, as a change of the active name node needs.

    Raises:
        OSError: Hadoop's configuration does not know it.
    """
    return fs.PyFileSystem(_Handler(_client(uri, {} if patient else _IMPATIENT)))


def _client(uri: str, settings: dict[str, str]) -> hdfs_native.Client:
    with os_errors(uri):
        try:
            return hdfs_native.Client(uri, settings)
        except RuntimeError as error:
            # It takes a host without a port for a name service; Hadoop does so only where there is one of that name.
            if "No NameNode" not in str(error) or not re.fullmatch("hdfs://.+", uri):
                raise
            return hdfs_native.Client(f"{uri}:{_PORT}", settings)


class _Handler(fs.FileSystemHandler):  # type: ignore[misc]
    """What the engine asks of a file system."""

    def __init__(self, client: hdfs_native.Client) -> None:
        self._client = client

    def get_type_name(self) -> str:
        return "hdfs"

    def normalize_path(self, path: str) -> str:
        return "/" + "/".join(part for part in path.split("/") if part)

    def get_file_info(self, paths: list[str]) -> list[fs.FileInfo]:
        return [self._info(path) for path in paths]

    def _info(self, path: str) -> fs.FileInfo:
        try:
            with os_errors(path):
                return _as_info(path, self._client.get_file_info(self.normalize_path(path)))
        except FileNotFoundError:
            return fs.FileInfo(path, fs.FileType.NotFound)

    def get_file_info_selector(self, selector: fs.FileSelector) -> list[fs.FileInfo]:
        folder = self.normalize_path(selector.base_dir)
        try:
            with os_errors(folder):
                return [_as_info(one.path, one) for one in self._client.list_status(folder, selector.recursive)]
        except FileNotFoundError:
            if selector.allow_not_found:
                return []
            raise

    def open_input_file(self, path: str) -> pa.NativeFile:
        with os_errors(path):
            return pa.PythonFile(InputFile(self._client.read(self.normalize_path(path)), path), "r")

    def open_input_stream(self, path: str) -> pa.NativeFile:
        return self.open_input_file(path)

    def open_output_stream(self, path: str, metadata: Any) -> pa.NativeFile:
        with os_errors(path):
            options = hdfs_native.WriteOptions(overwrite=True, create_parent=True)
            return pa.PythonFile(OutputFile(self._client.create(self.normalize_path(path), options), path), "w")

    def move(self, src: str, dest: str) -> None:
        with os_errors(src):
            self._client.rename(self.normalize_path(src), self.normalize_path(dest), overwrite=True)

    def create_dir(self, path: str, recursive: bool) -> None:
        with os_errors(path):
            self._client.mkdirs(self.normalize_path(path), 0o755, recursive)

    def delete_dir(self, path: str) -> None:
        with os_errors(path):
            self._client.delete(self.normalize_path(path), recursive=True)

    def delete_file(self, path: str) -> None:
        with os_errors(path):
            self._client.delete(self.normalize_path(path), recursive=False)

    def _unused(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError

    delete_dir_contents = delete_root_dir_contents = copy_file = open_append_stream = _unused


def _as_info(path: str, found: hdfs_native.FileStatus) -> fs.FileInfo:
    if found.isdir:
        return fs.FileInfo(path, fs.FileType.Directory)
    return fs.FileInfo(path, fs.FileType.File, size=found.length)
