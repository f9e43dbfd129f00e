"""Writes joined rows: captures with their labels to one folder, those without a label to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.capture_tables import as_lines
from engine.filesystems import make_folder, resolve
from engine.ground_truth.files import CaptureFile
from engine.ground_truth.records import merged_lines

COUNTED = ("captures", "matched", "malformed", "unused")
COUNTS = pa.schema([("file", pa.int32()), *((name, pa.int64()) for name in COUNTED)])
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
        """Write rows, ordered by file and place; gives the counts by file. A row without a file is a label without a record."""
        counts: dict[int, list[int]] = {}
        with ExitStack() as stack:
            open_files: dict[int, tuple[_Lines, _Lines | None]] = {}
            for batch in batches:
                for index, rows in _by_file(batch):
                    if index not in open_files:
                        stack.close()  # rows come file by file: the one before is complete
                        open_files = {index: self._lines(index, stack)}
                    counted = counts.setdefault(index, [0] * len(COUNTED))
                    found = _write(rows, *open_files[index])
                    counted[:] = [mine + more for mine, more in zip(counted, found, strict=True)]
        rows_of_counts = [{"file": index, **dict(zip(COUNTED, found, strict=True))} for index, found in counts.items()]
        yield from pa.Table.from_pylist(rows_of_counts, COUNTS).to_batches()

    def _lines(self, index: int, stack: ExitStack) -> tuple[_Lines, _Lines | None]:
        relative = self.files[index].relative if index >= 0 else ""
        unmatched = _Lines(f"{self.unmatched}/{relative}", stack) if self.unmatched else None
        return _Lines(f"{self.merged}/{relative}", stack), unmatched


def _by_file(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Runs of rows of one file; -1 for rows without one."""
    files = pc.fill_null(batch.column("file"), -1).to_numpy(zero_copy_only=False)
    starts = [0, *(np.flatnonzero(np.diff(files)) + 1).tolist()] if len(files) else []
    for start, end in zip(starts, [*starts[1:], len(files)], strict=True):
        yield int(files[start]), batch.slice(start, end - start)


def _write(rows: pa.RecordBatch, merged: _Lines, unmatched: _Lines | None) -> tuple[int, int, int, int]:
    """Write rows of one file; how many captures, matched, malformed, and labels without a record they are."""
    if rows.column("file").null_count:
        return 0, 0, 0, len(rows)
    usable = pc.is_valid(rows.column("line"))
    labelled = pc.and_(usable, pc.is_valid(rows.column("truth")))
    found = rows.filter(labelled)
    merged.write(merged_lines(found.column("line"), found.column("truth")))
    if unmatched is not None:
        unmatched.write(rows.filter(pc.and_(usable, pc.invert(labelled))).column("line"))
    return len(rows), len(found), len(rows) - int(pc.sum(usable).as_py() or 0), 0


@dataclass
class _Lines:
    """A file that is opened with its first line."""

    uri: str
    stack: ExitStack
    stream: Any = field(default=None)

    def write(self, lines: pa.Array) -> None:
        if not len(lines):
            return
        if self.stream is None:
            system, path = resolve(self.uri)
            make_folder(system, path.rpartition("/")[0])
            self.stream = self.stack.enter_context(system.open_output_stream(path))
        self.stream.write(as_lines(lines))
