"""Writes documents to an object store or to HDFS, where each appears whole when it is complete.

On an object store that is how objects are. On HDFS a file is there, empty or short, while it is written: so all are written into a
hidden folder first, and moved into their places when all are complete, each in one step.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from uuid import uuid4

from pyarrow import fs

from engine.errors import MonitorError, StoreError
from engine.filesystems import has_folders, make_folder, resolve


def write_objects(prefix: str, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Write objects below a prefix; if one fails, those already written are put back as they were.

    Args:
        prefix: URI, for example ``s3://bucket/reports`` or ``hdfs://host:8020/reports``.
        contents: Bytes by name.

    Returns:
        URI of each object.

    Raises:
        MonitorError: An object cannot be written.
    """
    place = _Place(*resolve(prefix))
    name = ""
    try:
        for name, content in contents.items():
            place.prepare(name, content)
        for name, content in contents.items():
            place.put(name, content)
    except (OSError, StoreError) as error:
        place.undo()
        raise MonitorError(
            f"{prefix}: {name} cannot be written: {error}. No document was changed. "
            "Check that the bucket or host exists, and that the credentials or user may write there."
        ) from error
    finally:
        place.clean()
    return {name: f"{prefix.rstrip('/')}/{name}" for name in contents}


class _Place:
    """A folder or prefix, and what was there before."""

    def __init__(self, system: fs.FileSystem, folder: str) -> None:
        self._system, self._folder = system, folder
        self._hidden = f"{folder}/.documents-{uuid4().hex}" if has_folders(system) else None
        self._before: dict[str, bytes | None] = {}

    def prepare(self, name: str, content: bytes) -> None:
        """Write what will be moved; nothing, where it will be written in place."""
        if self._hidden:
            _write(self._system, f"{self._hidden}/{name}", content)

    def put(self, name: str, content: bytes) -> None:
        """Let it appear."""
        path = f"{self._folder}/{name}"
        self._before.setdefault(name, _content(self._system, path))
        if self._hidden:
            make_folder(self._system, path.rpartition("/")[0])
            self._system.move(f"{self._hidden}/{name}", path)
        else:
            _write(self._system, path, content)

    def undo(self) -> None:
        for name, old in self._before.items():
            with suppress(OSError):
                if old is not None:
                    self.prepare(name, old)
                    self.put(name, old)
                elif _is_file(self._system, path := f"{self._folder}/{name}"):
                    self._system.delete_file(path)

    def clean(self) -> None:
        if self._hidden:
            with suppress(OSError):
                self._system.delete_dir(self._hidden)


def _is_file(system: fs.FileSystem, path: str) -> bool:
    return bool(system.get_file_info(path).type == fs.FileType.File)


def _content(system: fs.FileSystem, path: str) -> bytes | None:
    if not _is_file(system, path):
        return None
    with system.open_input_stream(path) as stream:
        return bytes(stream.read())


def _write(system: fs.FileSystem, path: str, content: bytes) -> None:
    make_folder(system, path.rpartition("/")[0])
    with system.open_output_stream(path) as stream:
        stream.write(content)
