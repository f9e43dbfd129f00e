"""Where merged records go: written under a hidden folder by the tasks, and moved into place when all are complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa
from pyarrow import fs

from engine.filesystems import resolve
from engine.ground_truth.files import CaptureFile
from engine.ground_truth.records import merged_line

COUNTS = pa.schema([("file", pa.int32()), ("captures", pa.int64()), ("matched", pa.int64()), ("malformed", pa.int64())])
"""What became of the records of a file."""


@dataclass(frozen=True)
class MergeWriter:
    """Writes joined rows, which must come file by file and in order. Sent to the tasks.

    Attributes:
        files: The capture files.
        merged: Folder for merged records.
        unmatched: Folder for captures without a label; None drops them.
    """

    files: tuple[CaptureFile, ...]
    merged: str
    unmatched: str | None = None

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Write rows; gives the counts by file."""
        for index, rows in groupby((row for batch in batches for row in batch.to_pylist()), key=itemgetter("file")):
            counted = {"file": index, "captures": 0, "matched": 0, "malformed": 0}
            self._write(self.files[index], rows, counted)
            yield from pa.Table.from_pylist([counted], COUNTS).to_batches()

    def _write(self, file: CaptureFile, rows: Iterator[dict[str, Any]], counted: dict[str, int]) -> None:
        with ExitStack() as stack:
            merged = _Lines(f"{self.merged}/{file.relative}", stack)
            unmatched = _Lines(f"{self.unmatched}/{file.relative}", stack) if self.unmatched else None
            for row in rows:
                counted["captures"] += 1
                if row["line"] is None:
                    counted["malformed"] += 1
                elif row["truth"] is not None:
                    counted["matched"] += 1
                    merged.write(merged_line(row["line"], row["truth"]))
                elif unmatched is not None:
                    unmatched.write(row["line"])


@dataclass
class _Lines:
    """A file that is opened with its first line."""

    uri: str
    stack: ExitStack
    stream: Any = field(default=None)

    def write(self, line: str) -> None:
        if self.stream is None:
            system, path = resolve(self.uri)
            system.create_dir(path.rpartition("/")[0], recursive=True)
            self.stream = self.stack.enter_context(system.open_output_stream(path))
        self.stream.write(f"{line}\n".encode())


def publish(hidden: str, folder: str) -> list[str]:
    """Move all files from the hidden folder to their places; gives these."""
    system, source = resolve(hidden)
    _, target = resolve(folder)
    moved = []
    found = system.get_file_info(fs.FileSelector(source, recursive=True, allow_not_found=True))
    for info in sorted(found, key=lambda info: str(info.path)):
        if info.type == fs.FileType.File:
            place = f"{target}/{info.path.removeprefix(source).lstrip('/')}"
            system.create_dir(place.rpartition("/")[0], recursive=True)
            system.move(info.path, place)
            moved.append(place)
    return moved


def discard(hidden: str) -> None:
    """Remove the hidden folder and what is left in it."""
    system, path = resolve(hidden)
    if system.get_file_info(path).type == fs.FileType.Directory:
        system.delete_dir(path)
