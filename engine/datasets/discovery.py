"""Which files an input names: files, folders (at any depth), globs, or several of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import datetime, timezone

from engine.datasets.listing import SourceFile, list_files
from engine.errors import NoDataError

_LOG = logging.getLogger(__name__)

_HOUR = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/(\d{2})/[^/]*$")


def discover(
    paths: Iterable[str], start: datetime | None = None, end: datetime | None = None, window_filter: str = "folder"
) -> tuple[SourceFile, ...]:
    """List the files of an input in the order of their paths; empty files are listed too, so that they are counted.

    A file that several paths, globs or links lead to is one file.

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
    found = _each_once(file for path in wanted for file in list_files(path))
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


def _each_once(files: Iterable[tuple[SourceFile, str]]) -> list[SourceFile]:
    """The files in the order of their paths; of several paths to one file the one without links, else the first."""
    paths: dict[str, set[SourceFile]] = {}
    for file, real in files:
        paths.setdefault(real, set()).add(file)
    kept = {real: min(several, key=lambda file: (file.uri != real, file)) for real, several in paths.items()}
    linked = [real for real, several in paths.items() if len(several) > 1 and "://" not in kept[real].uri]
    if linked:
        _LOG.warning(
            "%d files are there under several paths, by links, and are read once, such as %s", len(linked), linked[0]
        )
    return sorted(kept.values())


def _overlaps(uri: str, start: datetime | None, end: datetime | None) -> bool:
    hour = hour_of(uri)
    if hour is None:
        return True
    after = end is None or hour < utc(end)
    # No hour is added: after the last of the calendar there is none.
    return after and (start is None or hour >= utc(start).replace(minute=0, second=0, microsecond=0))


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
