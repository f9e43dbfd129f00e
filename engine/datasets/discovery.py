"""Which files an input names: files, folders (at any depth), globs, or several of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pyarrow import fs

from engine.errors import NoDataError
from engine.filesystems import resolve, scheme_of

_LOG = logging.getLogger(__name__)

_HOUR = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/(\d{2})/[^/]*$")
_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file of the input: its path or URI, and its size in bytes."""

    uri: str
    size: int


def discover(
    paths: Iterable[str], start: datetime | None = None, end: datetime | None = None, window_filter: str = "folder"
) -> tuple[SourceFile, ...]:
    """List the files of an input in the order of their paths; empty files are listed too, so that they are counted.

    Args:
        paths: Files, folders, globs.
        start: First moment of the window; folders ``yyyy/mm/dd/hh`` (UTC) that end before it are left out. Files in no such folder
            are taken, and a warning says so.
        end: Moment after the window.
        window_filter: ``none`` takes every folder.

    Returns:
        The files, sorted, without repetitions.

    Raises:
        NoDataError: An input does not exist or holds no data.
    """
    wanted = tuple(paths)
    found = sorted({file for path in wanted for file in _files(path)})
    kept = [file for file in found if window_filter == "none" or _overlaps(file.uri, start, end)]
    if not any(file.size for file in kept):
        raise NoDataError(_nothing(wanted, found, kept, start, end))
    if window_filter == "folder" and (start or end):
        _warn_of_files_without_hours(kept)
    return tuple(kept)


def _warn_of_files_without_hours(files: list[SourceFile]) -> None:
    """A window that leaves nothing out must not look as if it had."""
    others = [file.uri for file in files if hour_of(file.uri) is None]
    if others:
        _LOG.warning(
            "the analysis window was not applied to %d of %d files, which lie in no folder yyyy/mm/dd/hh, such as %s "
            "(input.window_filter: record goes by the time of each captured record)",
            len(others), len(files), others[0],
        )  # fmt: skip


def _files(path: str) -> Iterator[SourceFile]:
    if _WILDCARD.search(path) and not _is_there(path):
        return _glob(path)
    return _listed(path)


def _is_there(path: str) -> bool:
    """A path may hold brackets and be no glob."""
    system, inner = resolve(path)
    return bool(system.get_file_info(inner).type != fs.FileType.NotFound)


def _listed(path: str) -> Iterator[SourceFile]:
    system, inner = resolve(path)
    info = system.get_file_info(inner)
    if info.type == fs.FileType.NotFound:
        raise NoDataError(
            f"{path}: there is no such file or folder. Name a file, a folder, or a glob such as 'data/*.csv'."
        )
    if info.type == fs.FileType.File:
        yield SourceFile(scheme_of(path) + info.path, info.size)
        return
    yield from _below(path, inner, re.compile(""))


def _below(path: str, folder: str, pattern: re.Pattern[str]) -> Iterator[SourceFile]:
    system, _ = resolve(path)
    prefix = folder.rstrip("/") + "/"
    for info in system.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True)):
        inner = info.path.removeprefix(prefix)
        hidden = any(part.startswith((".", "_")) for part in inner.split("/"))
        if info.type == fs.FileType.File and not hidden and pattern.match(inner):
            yield SourceFile(scheme_of(path) + info.path, info.size)


def _glob(path: str) -> Iterator[SourceFile]:
    """Expand a glob. ``**`` crosses folders; a pattern that names a folder takes what is below it."""
    _, inner = resolve(path)
    parts = inner.split("/")
    first = next(i for i, part in enumerate(parts) if _WILDCARD.search(part))
    pattern = re.compile(_expression("/".join(parts[first:])) + r"(?:/.*)?$", re.DOTALL)
    return _below(path, "/".join(parts[:first]) or "/", pattern)


def _expression(glob: str) -> str:
    """The regular expression of a glob."""
    tokens = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|.", glob, re.DOTALL)
    return "".join(
        tokens.get(part) or (part.replace("[!", "[^") if len(part) > 1 else re.escape(part)) for part in parts
    )


def _overlaps(uri: str, start: datetime | None, end: datetime | None) -> bool:
    hour = hour_of(uri)
    if hour is None:
        return True
    after = end is None or hour < utc(end)
    return after and (start is None or hour + timedelta(hours=1) > utc(start))


def hour_of(uri: str) -> datetime | None:
    """The hour of the folder ``yyyy/mm/dd/hh`` that a file lies in; None if it lies in no such folder.

    >>> hour_of("captures/endpoint/AllTraffic/2026/01/31/10/a.jsonl").isoformat()
    '2026-01-31T10:00:00+00:00'
    """
    folder = _HOUR.search(uri)
    try:
        return datetime(*map(int, folder.groups()), tzinfo=timezone.utc) if folder else None  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def utc(moment: datetime) -> datetime:
    """A moment in UTC; one without a zone is in UTC already."""
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


def _nothing(
    paths: tuple[str, ...],
    found: list[SourceFile],
    kept: list[SourceFile],
    start: datetime | None,
    end: datetime | None,
) -> str:
    where = ", ".join(paths)
    if found and not kept:
        return (
            f"No data found in {where} for the analysis window {_window(start, end)}: "
            f"what is there ({_files_counted(found)}) lies in the folders of other hours. Check the window (UTC)."
        )
    if kept:
        return f"No data found in {where}: what is there ({_files_counted(kept)}) is empty."
    return (
        f"No data found in {where}: looked for files at any depth, leaving out names that start with '.' or '_'. "
        "Check the path."
    )


def _files_counted(files: list[SourceFile]) -> str:
    return "1 file" if len(files) == 1 else f"{len(files):,} files"


def _window(start: datetime | None, end: datetime | None) -> str:
    bounds = (("from", start), ("to", end))
    return " ".join(f"{word} {utc(moment):%Y-%m-%dT%H:%M:%SZ}" for word, moment in bounds if moment)
