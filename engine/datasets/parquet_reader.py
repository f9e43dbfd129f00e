"""Parquet: row groups, with every primitive type as it is stored."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.parquet as pq

from engine.datasets.base import Fragment, ReadReport, Split
from engine.datasets.column_types import as_type, type_note, widest
from engine.datasets.parquet_layout import ParquetLayout, leaves, plan_layout
from engine.datasets.plain_arrays import plain_array, repaired
from engine.filesystems import open_file
from engine.s3.trying import is_store_failure

SMALL_DICTIONARY = 32 * 1024
"""Stored bytes of a dictionary up to which a column of texts is read by reference. Writers give dictionaries up at a megabyte."""

BATCH_ROWS = 262_144
"""Most rows of a batch. What is done once a batch and column then costs little beside the work on its values."""

BATCH_BYTES = 64 * 2**20
"""Most bytes of a batch of rows, as the file tells their size: with many columns or long texts they are fewer."""


@dataclass(frozen=True)
class ParquetReader:
    """Reads Parquet. Members of structs become columns with dots in their names; lists and maps are left out.

    Attributes:
        types: Planned type of each column. A file that stores it in another one is a conflict, or its values are cast.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    format: str = "parquet"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a split. A file that cannot be read is one malformed entry, a row group all of its rows; reading goes on.

        Raises:
            OSError: A store does not let it be read; nothing is said of its records then.
            DataFormatError: Two columns of a file have the same name.
        """
        for fragment in split.fragments:
            if fragment.size == 0:
                report.note("empty files")
                continue
            try:
                with open_file(fragment.uri) as source:
                    metadata = pq.read_metadata(source)
                    stored = _columns_with_dictionary(metadata)
                    file = pq.ParquetFile(source, metadata=metadata, read_dictionary=stored)
                    table = _FlatTable(ParquetLayout.of(file, fragment.uri), self.types, columns, report)
                    yield from _read(file, fragment, report, table)
            except (pa.ArrowException, OSError) as error:
                if is_store_failure(error, fragment.uri):
                    raise
                report.malformed(fragment.uri, {"byte": fragment.start}, _reason(error))

    def retyped(self, types: Mapping[str, str]) -> ParquetReader:
        """The same reader with wider types for some columns."""
        return replace(self, types={**self.types, **types})


def plan_parquet(fragments: Sequence[Fragment]) -> tuple[ParquetReader, tuple[str, ...] | None]:
    """A reader with optimistic types, and the names of the first file's columns where one can be read.

    Raises:
        DataFormatError: Two columns of a file have the same name, or no column can be read.
    """
    layout = plan_layout(fragments)
    if layout is None:
        return ParquetReader(), None
    return ParquetReader({name: kind for name, kind in layout.types.items() if kind}), layout.first


def _read(file: pq.ParquetFile, fragment: Fragment, report: ReadReport, table: _FlatTable) -> Iterator[pa.RecordBatch]:
    groups = fragment.row_groups if fragment.row_groups is not None else tuple(range(file.metadata.num_row_groups))
    parents = [name for name in file.schema_arrow.names if table.needs(name)]
    for group in groups:
        batches, left = _batches(file, group, parents), file.metadata.row_group(group).num_rows
        while (batch := next(batches)) is not None:
            if isinstance(batch, Exception):
                if is_store_failure(batch, fragment.uri):
                    raise batch
                report.malformed(fragment.uri, {"row_group": group}, _reason(batch), records=max(left, 1))
            else:
                left -= batch.num_rows
                yield table.flat(batch)


@dataclass(frozen=True)
class _FlatTable:
    """Makes the batches of a file into batches of flat columns, each in its planned type."""

    layout: ParquetLayout
    types: Mapping[str, str]
    columns: tuple[str, ...] | None
    report: ReadReport

    def __post_init__(self) -> None:
        """Note what is not read as it is stored."""
        for name, kind in self.layout.left_out.items():
            if self._is_wanted(name):
                self.report.note(f"column {name!r} is left out: {kind} is no table column")
        for name, stored in self.layout.types.items():
            planned = self.types.get(name)
            if self._is_wanted(name) and stored and stored != planned == widest(stored, planned):
                self.report.note(type_note(name, stored, str(planned)))

    def needs(self, parent: str) -> bool:
        """Whether a column of the file holds one that is read."""
        known = self.layout.types
        return any((name == parent or name.startswith(parent + ".")) and self._is_wanted(name) for name in known)

    def flat(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of a batch. A file without any of the columns has rows all the same."""
        columns: dict[str, pa.Array] = {}
        for parent, array in zip(batch.schema.names, batch.columns, strict=True):
            for path, leaf in leaves((parent,), array):
                name = ".".join(path)
                if name in self.layout.types and self._is_wanted(name):
                    columns[name] = self._typed(name, plain_array(leaf))
        wanted = self.columns if self.columns is not None else tuple(columns) or tuple(self.types)[:1]
        arrays = [columns[name] if name in columns else pa.nulls(batch.num_rows) for name in wanted]
        return pa.RecordBatch.from_arrays(arrays, names=list(wanted))

    def _is_wanted(self, name: str) -> bool:
        return self.columns is None or name in self.columns

    def _typed(self, name: str, array: pa.Array) -> pa.Array:
        """A column in its planned type; nulls where it must be read again with a wider one."""
        stored, planned = self.layout.types[name], self.types.get(name)
        wider = widest(stored, planned)
        if wider != planned:
            self.report.conflict(name, str(widest(self.report.conflicts.get(name), wider)))
        if name in self.report.conflicts:
            return pa.nulls(len(array))
        array, broken = repaired(array)
        if broken:
            self.report.note(
                f"cells of column {name!r} that are no UTF-8, in which U+FFFD stands for what is broken", broken
            )
        return array if stored == planned or stored is None else as_type(array, str(planned))


def _columns_with_dictionary(metadata: pq.FileMetaData) -> list[str]:
    """Columns of few distinct texts, which are read by reference to the dictionary that the file holds."""
    if not metadata.num_row_groups:
        return []
    group, schema = metadata.row_group(0), metadata.schema
    texts = [i for i in range(group.num_columns) if schema.column(i).logical_type.type == "STRING"]
    chunks = [group.column(i) for i in texts if "." not in schema.column(i).path]
    return [chunk.path_in_schema for chunk in chunks if 0 < _dictionary_bytes(chunk) <= SMALL_DICTIONARY]


def _dictionary_bytes(chunk: pq.ColumnChunkMetaData) -> int:
    """Stored bytes of a chunk's dictionary; 0 when it has none."""
    return chunk.data_page_offset - chunk.dictionary_page_offset if chunk.has_dictionary_page else 0


def _batches(file: pq.ParquetFile, group: int, columns: list[str]) -> Iterator[pa.RecordBatch | Exception | None]:
    """The batches of a row group, then what broke it, then None."""
    try:
        rows = _rows_of_batch(file.metadata.row_group(group))
        yield from file.iter_batches(rows, row_groups=[group], columns=columns, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        yield error
    yield None


def _rows_of_batch(group: pq.RowGroupMetaData) -> int:
    """So many that the row group makes batches of about equal size."""
    rows = max(int(group.num_rows), 1)
    width = max(8 * int(group.num_columns), int(group.total_byte_size) // rows)
    most = max(min(BATCH_ROWS, BATCH_BYTES // max(width, 1)), 1)
    return math.ceil(rows / math.ceil(rows / most))


def _reason(error: Exception) -> str:
    return "Parquet cannot be read: " + (str(error).splitlines() or [type(error).__name__])[0]
