"""Files below a local folder, through links. A link to a folder above itself is not followed: it would go round for ever."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import DataFormatError


@dataclass(frozen=True)
class LocalFile:
    """A file.

    Attributes:
        path: Its path by the links that lead to it.
        size: Number of bytes.
        real: Its path without links.
    """

    path: str
    size: int
    real: str


def files_below(folder: str) -> Iterator[LocalFile]:
    """The files below a folder whose names are not hidden, at any depth; none if there is no such folder.

    Raises:
        DataFormatError: The name of a file is not UTF-8.
        OSError: A folder cannot be listed.
    """
    if os.path.isdir(folder):  # noqa: PTH112 - paths of the file system are text
        yield from _below(folder, (os.path.realpath(folder),))


def real_path(path: str) -> str:
    """A path without links."""
    return os.path.realpath(path)


def is_hidden(name: str) -> bool:
    """Whether a file or folder is none of the data, as for Spark: markers, checksums, copies that are being written.

    >>> [is_hidden(name) for name in ("_SUCCESS", ".a.crc", "a.csv._COPYING_", "_year=2024", "a.csv")]
    [True, True, True, False, False]
    """
    return name.startswith(".") or (name.startswith("_") and "=" not in name) or name.endswith("._COPYING_")


def _below(folder: str, parents: tuple[str, ...]) -> Iterator[LocalFile]:
    """The files below a folder; ``parents`` are the real paths of the folders on the way, its own last."""
    with os.scandir(folder) as entries:
        visible = sorted((entry for entry in entries if not is_hidden(entry.name)), key=lambda entry: entry.name)
    for entry in visible:
        linked = entry.is_symlink()
        real = os.path.realpath(entry.path) if linked else f"{parents[-1].rstrip('/')}/{entry.name}"
        if entry.is_dir():
            if real not in parents:
                yield from _below(entry.path, (*parents, real))
        elif entry.is_file():
            yield LocalFile(_checked(entry.path), entry.stat().st_size, real)


def _checked(path: str) -> str:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise DataFormatError(f"{os.fsencode(path)!r}: the name of this file is not UTF-8. Rename the file.") from None
    return path
