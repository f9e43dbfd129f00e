"""What a path means: a file, all files below a folder, or those that a glob names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyarrow import fs

from engine.datasets.globs import WILDCARD, compile_glob
from engine.datasets.local_files import files_below, is_hidden, real_path
from engine.errors import NoDataError
from engine.filesystems import place_of, resolve, scheme_of
from engine.s3.trying import is_store_failure


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file of the input: its path or URI, and its size in bytes."""

    uri: str
    size: int


def list_files(path: str) -> Iterator[tuple[SourceFile, str]]:
    """The files that a path means, each with what it has in common with other paths to it.

    Raises:
        NoDataError: There is no such file or folder, nor can be.
        ConfigurationError: A glob cannot be understood.
        DataFormatError: The name of a file is not UTF-8.
    """
    if WILDCARD.search(path) and _info(path).type == fs.FileType.NotFound:  # a path may hold brackets and be no glob
        return _glob(path)
    return _listed(path)


def _info(path: str) -> fs.FileInfo:
    system, inner = resolve(path)
    try:
        return system.get_file_info(inner)
    except (OSError, ValueError) as error:
        if is_store_failure(error, path):
            raise
        raise NoDataError(f"{path!r}: there can be no such file or folder: {error}") from error


def _listed(path: str) -> Iterator[tuple[SourceFile, str]]:
    info = _info(path)
    if info.type == fs.FileType.NotFound:
        raise NoDataError(
            f"{path}: there is no such file or folder. Name a file, a folder, or a glob such as 'data/*.csv'."
        )
    if info.type == fs.FileType.File:
        uri = scheme_of(path) + info.path
        yield SourceFile(uri, info.size), _identity(uri)
        return
    yield from _below(path, resolve(path)[1], re.compile(""))


def _below(path: str, folder: str, pattern: re.Pattern[str]) -> Iterator[tuple[SourceFile, str]]:
    system, _ = resolve(path)
    prefix = folder.rstrip("/") + "/"
    if isinstance(system, fs.LocalFileSystem):
        for file in files_below(folder):
            if pattern.match(file.path.removeprefix(prefix)):
                yield SourceFile(file.path, file.size), file.real
        return
    for info in system.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True)):
        inner = info.path.removeprefix(prefix)
        hidden = any(map(is_hidden, inner.split("/")))
        if info.type == fs.FileType.File and not hidden and pattern.match(inner):
            uri = scheme_of(path) + info.path
            yield SourceFile(uri, info.size), _identity(uri)


def _identity(uri: str) -> str:
    """What all paths and URIs of one file have in common."""
    return place_of(uri) if "://" in uri else real_path(uri)


def _glob(path: str) -> Iterator[tuple[SourceFile, str]]:
    """Expand a glob. ``**`` crosses folders; a pattern that names a folder takes what is below it."""
    folder, parts = fixed_part(path)
    return _below(path, folder, compile_glob(parts, path))


def fixed_part(path: str) -> tuple[str, str]:
    """The folder before the first wildcard of a glob, on its file system, and the rest."""
    _, inner = resolve(path)
    parts = inner.split("/")
    first = next((i for i, part in enumerate(parts) if WILDCARD.search(part)), len(parts))
    return "/".join(parts[:first]) or "/", "/".join(parts[first:])
