"""The files of a merge: captures with the place that their merged records get, and labels in the order of their folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from pyarrow import fs

from engine.datasets.base import Fragment
from engine.datasets.discovery import discover
from engine.errors import NoDataError
from engine.filesystems import resolve, scheme_of
from engine.s3.trying import tried_again


@dataclass(frozen=True)
class CaptureFile:
    """A capture file.

    Attributes:
        uri: Where it is.
        size: In bytes.
        relative: Where its merged records go below the output: the same folders and name, since the analysis looks for them there.
    """

    uri: str
    size: int
    relative: str


@dataclass(frozen=True)
class MergeFiles:
    """All files. Positions in the tuples are the order of records and the rank of labels."""

    captures: tuple[CaptureFile, ...]
    labels: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.captures) + sum(size for _, size in self.labels)


def merge_files(
    captures: Iterable[str], ground_truth: Iterable[str], start: datetime | None = None, end: datetime | None = None
) -> MergeFiles:
    """Find the files.

    Args:
        captures: Files, folders or globs.
        ground_truth: The same; every file below them counts, whatever its folders are called (labels may be late).
        start: First moment of the window, by the hour folders of the captures.
        end: Moment after the window.

    Raises:
        NoDataError: There are no captures, or no labels.
        StoreError: A store refuses, or fails at every try.
    """
    found: dict[str, CaptureFile] = {}
    wanted, labels = list(captures), list(ground_truth)
    for path in wanted:
        for file in _listed([path], start, end, "captured data"):
            found[file[0]] = CaptureFile(*file, _relative(file[0], path))
    kept = tuple(found[uri] for uri in sorted(found))
    return MergeFiles(_apart(kept), tuple(_listed(labels, None, None, "ground truth data")))


def fragment_of(uri: str, size: int) -> Fragment:
    """A whole file."""
    return Fragment(uri, 0, size, size, "gzip" if uri.endswith(".gz") else None)


def _listed(paths: list[str], start: datetime | None, end: datetime | None, what: str) -> list[tuple[str, int]]:
    try:
        found = tried_again(lambda: discover(paths, start, end), ", ".join(paths))
    except NoDataError as error:
        raise NoDataError(f"No {what} found under {', '.join(paths)}. {error}") from None
    return [(file.uri, file.size) for file in found]


def _relative(uri: str, path: str) -> str:
    system, inner = resolve(path)
    if system.get_file_info(inner).type == fs.FileType.Directory:
        name = uri.removeprefix(f"{scheme_of(path)}{inner.rstrip('/')}/")
    else:
        name = PurePosixPath(uri).name
    return f"{name.removesuffix('.gz').removesuffix('.jsonl').removesuffix('.json')}.jsonl"


def _apart(files: tuple[CaptureFile, ...]) -> tuple[CaptureFile, ...]:
    """Files of several inputs may have one name: the later ones get a number."""
    seen: dict[str, int] = {}
    result = []
    for file in files:
        number = seen[file.relative] = seen.get(file.relative, 0) + 1
        relative = file.relative if number == 1 else f"{file.relative.removesuffix('.jsonl')}-{number}.jsonl"
        result.append(CaptureFile(file.uri, file.size, relative))
    return tuple(result)
