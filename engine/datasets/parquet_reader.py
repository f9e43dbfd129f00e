"""Parquet: row groups, with every primitive type as it is stored."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from engine.datasets.base import Fragment, ReadReport, Split
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
    """Reads Parquet. Members of structs become columns with dots in their names; lists and maps are left out."""

    format: str = "parquet"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a split. A file that cannot be read is one malformed entry, a row group all of its rows; reading goes on.

        Raises:
            OSError: A store does not let it be read; nothing is said of its records then.
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
                    yield from _read(file, fragment, report, columns)
            except (pa.ArrowException, OSError) as error:
                if is_store_failure(error, fragment.uri):
                    raise
                report.malformed(fragment.uri, {"byte": fragment.start}, _reason(error))

    def retyped(self, types: Mapping[str, str]) -> ParquetReader:
        """Parquet has types of its own."""
        return self


def column_names(fragments: tuple[Fragment, ...]) -> tuple[str, ...] | None:
    """Flat names of the columns of the first file that can be read."""
    for fragment in fragments:
        try:
            with open_file(fragment.uri) as source:
                schema = pq.read_schema(source)
        except (pa.ArrowException, OSError):
            continue
        empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
        return tuple(name for name, _ in _flat(empty, ReadReport()))
    return None


def _read(
    file: pq.ParquetFile, fragment: Fragment, report: ReadReport, columns: tuple[str, ...] | None
) -> Iterator[pa.RecordBatch]:
    groups = fragment.row_groups if fragment.row_groups is not None else tuple(range(file.metadata.num_row_groups))
    parents = [name for name in file.schema_arrow.names if columns is None or _holds(name, columns)]
    noted = ReadReport()
    for group in groups:
        batches, left = _batches(file, group, parents), file.metadata.row_group(group).num_rows
        while (batch := next(batches)) is not None:
            if isinstance(batch, Exception):
                if is_store_failure(batch, fragment.uri):
                    raise batch
                report.malformed(fragment.uri, {"row_group": group}, _reason(batch), records=max(left, 1))
            else:
                left -= batch.num_rows
                yield _flat_batch(batch, noted, columns)
    for text in noted.notes:
        report.note(text)


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


def _holds(parent: str, columns: tuple[str, ...]) -> bool:
    return any(name == parent or name.startswith(parent + ".") for name in columns)


def _flat_batch(batch: pa.RecordBatch, report: ReadReport, columns: tuple[str, ...] | None) -> pa.RecordBatch:
    flat = dict(_flat(batch, report))
    if columns is not None:
        flat = {name: flat.get(name, pa.nulls(batch.num_rows)) for name in columns}
    return pa.RecordBatch.from_pydict(flat)


def _flat(batch: pa.RecordBatch, report: ReadReport) -> Iterator[tuple[str, pa.Array]]:
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        yield from _flat_array(name, array, report)


def _flat_array(name: str, array: pa.Array, report: ReadReport) -> Iterator[tuple[str, pa.Array]]:
    if pa.types.is_struct(array.type):
        for field, child in zip(array.type, array.flatten(), strict=True):
            yield from _flat_array(f"{name}.{field.name}", child, report)
    elif pa.types.is_nested(array.type):
        report.note(f"column {name!r} is left out: {array.type} is no table column")
    else:
        yield name, array


def _reason(error: Exception) -> str:
    return "Parquet cannot be read: " + (str(error).splitlines() or [type(error).__name__])[0]
