"""Local folders of which several hosts hold a part each, as one file system.

SageMaker can give each host of a job a share of the files of an input (``ShardedByS3Key``). The hosts tell each other what they
hold. Every process then sees all files under their own paths: it reads those of its host from disk, and the others over HTTP, in
ranges. So a job has the same files, splits and documents as on one host.
"""

from __future__ import annotations

import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import fs
from pydantic import BaseModel

from engine.ranged_file import RangedFile

VARIABLE = "MODEL_MONITOR_HOST_FILES"
"""Environment variable that names the JSON file with the :class:`HostFiles`."""


class HostFiles(BaseModel):
    """The files of all hosts.

    Attributes:
        sizes: Bytes of each file by its path.
        urls: Where another host serves it, by its path.
    """

    sizes: dict[str, int]
    urls: dict[str, str]


@lru_cache(maxsize=4)
def host_filesystem(listing: str) -> fs.FileSystem:
    """The file system of all hosts.

    Args:
        listing: Path of the JSON file.
    """
    found = HostFiles.model_validate_json(Path(listing).read_text(encoding="utf-8"))
    return fs.PyFileSystem(_Handler(found))


class _Handler(fs.FileSystemHandler):  # type: ignore[misc]
    """The local file system, with the files of other hosts in it."""

    def __init__(self, files: HostFiles) -> None:
        self._files = files
        self._local = fs.LocalFileSystem()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._local, name)

    def get_type_name(self) -> str:
        return "hosts"

    def get_file_info(self, paths: list[str]) -> list[fs.FileInfo]:
        return [self._info(path) for path in paths]

    def _info(self, path: str) -> fs.FileInfo:
        found = self._local.get_file_info(path)
        if found.type != fs.FileType.NotFound:
            return found
        if path in self._files.sizes:
            return fs.FileInfo(path, fs.FileType.File, size=self._files.sizes[path])
        folder = any(other.startswith(path.rstrip("/") + "/") for other in self._files.sizes)
        return fs.FileInfo(path, fs.FileType.Directory) if folder else found

    def get_file_info_selector(self, selector: fs.FileSelector) -> list[fs.FileInfo]:
        base = selector.base_dir.rstrip("/") + "/"
        others = {path for path in self._files.sizes if path.startswith(base)}
        lenient = fs.FileSelector(selector.base_dir, recursive=selector.recursive, allow_not_found=True)
        here = self._local.get_file_info(lenient if others else selector)
        missing = others - {info.path for info in here}
        if not selector.recursive:
            missing = {path for path in missing if "/" not in path.removeprefix(base)}
        return [*here, *(self._info(path) for path in sorted(missing))]

    def open_input_file(self, path: str) -> pa.NativeFile:
        if path not in self._files.urls or self._local.get_file_info(path).type == fs.FileType.File:
            return self._local.open_input_file(path)
        return pa.PythonFile(io.BufferedReader(_Remote(self._files.urls[path], self._files.sizes[path]), 1 << 20), "r")

    def open_input_stream(self, path: str) -> pa.NativeFile:
        return self.open_input_file(path)

    def normalize_path(self, path: str) -> str:
        return str(self._local.normalize_path(path))

    def create_dir(self, path: str, recursive: bool) -> None:
        self._local.create_dir(path, recursive=recursive)

    def delete_dir(self, path: str) -> None:
        self._local.delete_dir(path)

    def delete_dir_contents(self, path: str, missing_dir_ok: bool = False) -> None:
        self._local.delete_dir_contents(path, missing_dir_ok=missing_dir_ok)

    def delete_root_dir_contents(self) -> None:
        raise NotImplementedError

    def delete_file(self, path: str) -> None:
        self._local.delete_file(path)

    def move(self, src: str, dest: str) -> None:
        self._local.move(src, dest)

    def copy_file(self, src: str, dest: str) -> None:
        self._local.copy_file(src, dest)

    def open_output_stream(self, path: str, metadata: Any) -> pa.NativeFile:
        return self._local.open_output_stream(path, metadata=metadata)

    def open_append_stream(self, path: str, metadata: Any) -> pa.NativeFile:
        return self._local.open_append_stream(path, metadata=metadata)


class _Remote(RangedFile):
    """A file of another host."""

    def __init__(self, url: str, size: int) -> None:
        import urllib3

        super().__init__(size)
        retries = urllib3.Retry(total=6, backoff_factor=0.3, status_forcelist=(500, 503))
        self._pool = urllib3.PoolManager(retries=retries, timeout=60)
        self._url = url

    def read_range(self, start: int, stop: int) -> bytes:
        response = self._pool.request("GET", self._url, headers={"Range": f"bytes={start}-{stop - 1}"})
        if response.status != 206 or len(response.data) != stop - start:
            found = f"status {response.status} and {len(response.data)} bytes"
            raise OSError(f"{self._url}: {found} for a range of {stop - start} bytes")
        return response.data


def write_listing(path: Path, sizes: dict[str, int], urls: dict[str, str]) -> None:
    """Write the JSON file that :func:`host_filesystem` reads."""
    path.write_text(json.dumps({"sizes": sizes, "urls": urls}), encoding="utf-8")
