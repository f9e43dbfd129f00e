"""Writes documents to an object store, where each object appears whole when it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from pyarrow import fs

from engine.errors import MonitorError
from engine.filesystems import resolve


def write_objects(prefix: str, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Write objects below a prefix; if one fails, those already written are put back as they were.

    Args:
        prefix: URI, for example ``s3://bucket/reports``.
        contents: Bytes by name.

    Returns:
        URI of each object.

    Raises:
        MonitorError: An object cannot be written.
    """
    system, folder = resolve(prefix)
    before: dict[str, bytes | None] = {}
    name = ""
    try:
        for name, content in contents.items():
            path = f"{folder}/{name}"
            before[path] = _content(system, path)
            _write(system, path, content)
    except OSError as error:
        for path, old in before.items():
            with suppress(OSError):
                _put_back(system, path, old)
        raise MonitorError(
            f"{prefix}: {name} cannot be written: {error}. No document was changed. "
            "Check that the bucket exists and that the credentials may write to it."
        ) from error
    return {name: f"{prefix.rstrip('/')}/{name}" for name in contents}


def _content(system: fs.FileSystem, path: str) -> bytes | None:
    if system.get_file_info(path).type != fs.FileType.File:
        return None
    with system.open_input_stream(path) as stream:
        return bytes(stream.read())


def _write(system: fs.FileSystem, path: str, content: bytes) -> None:
    with system.open_output_stream(path) as stream:
        stream.write(content)


def _put_back(system: fs.FileSystem, path: str, old: bytes | None) -> None:
    if old is not None:
        _write(system, path, old)
    elif system.get_file_info(path).type == fs.FileType.File:
        system.delete_file(path)
