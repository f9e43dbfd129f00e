"""Cut files into splits. The plan follows from data and settings alone, so every cluster reads the same splits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow.parquet as pq

from engine.datasets.base import Fragment, Split
from engine.datasets.listing import SourceFile
from engine.datasets.planned_files import open_planned, read_planned
from engine.datasets.quotes import QuoteRules
from engine.datasets.text_blocks import BLOCK_BYTES, GZIP_MAGIC
from engine.filesystems import open_file

GZIP_RATIO = 8
"""Bytes of text behind a byte of gzip, as a rule."""

Cutter = Callable[[SourceFile, int], Iterable[Fragment]]
"""Cuts one large file into fragments of about so many bytes."""


def plan(files: Sequence[SourceFile], split_bytes: int, cutter: Cutter) -> tuple[Split, ...]:
    """Pack small files together in path order, and cut large ones.

    Args:
        files: The files in order.
        split_bytes: Data of a split (gzip counts eight times).
        cutter: How files of the format are cut; gzip files never are.

    Returns:
        Splits in the order of the data.
    """
    splits: list[Split] = []
    packed: list[Fragment] = []
    weight = 0
    for fragment in _fragments(files, split_bytes, cutter):
        if packed and weight + _weight(fragment) > split_bytes:
            splits.append(Split(len(splits), tuple(packed)))
            packed, weight = [], 0
        packed.append(fragment)
        weight += _weight(fragment)
    return (*splits, Split(len(splits), tuple(packed))) if packed else tuple(splits)


def whole(file: SourceFile, _split_bytes: int = 0) -> tuple[Fragment, ...]:
    """The file as one fragment; also the cutter of files that cannot be cut."""
    return (Fragment(file.uri, 0, file.size, file.size, "gzip" if file.uri.endswith(".gz") else None),)


def lines(file: SourceFile, split_bytes: int) -> Iterator[Fragment]:
    """Byte ranges of equal length; tasks align them to line ends."""
    return _ranges(file, range(0, file.size, split_bytes))


def csv_records(rules: QuoteRules) -> Cutter:
    """A cutter for CSV whose quoted fields may hold line ends: one scan finds boundaries between records."""

    def cut(file: SourceFile, split_bytes: int) -> Iterator[Fragment]:
        return _ranges(file, _record_starts(file, split_bytes, rules))

    return cut


def row_groups(file: SourceFile, split_bytes: int) -> Iterator[Fragment]:
    """Runs of Parquet row groups of about ``split_bytes``. A file whose metadata cannot be read stays whole."""
    try:
        with open_file(file.uri) as source:
            metadata = pq.ParquetFile(source).metadata
            sizes = [_stored(metadata.row_group(i)) for i in range(metadata.num_row_groups)]
    except Exception:  # noqa: BLE001 - the task that reads the file reports what is wrong with it
        yield from whole(file)
        return
    run: list[int] = []
    start = length = 0
    for group, size in enumerate(sizes):
        if run and length + size > split_bytes:
            yield Fragment(file.uri, start, length, file.size, None, tuple(run))
            run, start, length = [], start + length, 0
        run.append(group)
        length += size
    if run:
        yield Fragment(file.uri, start, length, file.size, None, tuple(run))


def _stored(group: pq.RowGroupMetaData) -> int:
    return sum(group.column(i).total_compressed_size for i in range(group.num_columns))


def _weight(fragment: Fragment) -> int:
    return fragment.length * GZIP_RATIO if fragment.compression else fragment.length


def _fragments(files: Sequence[SourceFile], split_bytes: int, cutter: Cutter) -> Iterator[Fragment]:
    for file in files:
        if file.size <= split_bytes or file.uri.endswith(".gz") or _is_gzip(file):
            yield from whole(file)
        else:
            yield from cutter(file, split_bytes)


def _is_gzip(file: SourceFile) -> bool:
    with open_file(file.uri) as source:
        return bool(source.read_at(2, 0) == GZIP_MAGIC)


def _ranges(file: SourceFile, starts: Iterable[int]) -> Iterator[Fragment]:
    before: int | None = None
    for start in (*starts, file.size):
        if before is not None and start > before:
            yield Fragment(file.uri, before, start - before, file.size)
        before = start


def _record_starts(file: SourceFile, split_bytes: int, rules: QuoteRules) -> list[int]:
    """The first record start at or after every multiple of ``split_bytes``."""
    starts, position, want = [0], 0, BLOCK_BYTES
    with open_planned(file.uri, file.size) as source:
        while position < file.size:
            data = read_planned(source, file.uri, min(want, file.size - position), position)
            ends, _ = rules.record_ends(data)
            if not len(ends):
                if position + len(data) >= file.size:
                    break
                want *= 2
                continue
            while len(later := ends[ends + position >= starts[-1] + split_bytes]):
                starts.append(int(later[0]) + position)
            position, want = position + int(ends[-1]), BLOCK_BYTES
    return starts
