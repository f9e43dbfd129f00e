"""The columns of Parquet files: flat names and types, from their footers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

from engine.datasets.base import Fragment
from engine.datasets.column_types import type_name, widest
from engine.datasets.plain_arrays import plain_type
from engine.errors import DataFormatError
from engine.filesystems import open_file

Path = tuple[str, ...]
"""Where a column is: its name, below those of the structs that hold it."""


@dataclass(frozen=True)
class ParquetLayout:
    """The columns of a file.

    Attributes:
        types: Their types by flat name, in order; None for a column of nulls.
        first: Of several files, the names of the first one's.
        left_out: Those that are no table columns, with their types.
        rows: Number of rows.
    """

    types: dict[str, str | None] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    rows: int = 0

    @classmethod
    def of(cls, file: pq.ParquetFile, uri: str) -> ParquetLayout:
        """The layout of an open file.

        Raises:
            DataFormatError: Two columns have the same flat name.
        """
        kinds = [leaf for column in file.schema_arrow for leaf in _leaf_types((column.name,), column.type)]
        _refuse_twins([path for path, _ in kinds], uri)
        stored = map(file.schema.column, range(len(file.schema)))
        intervals = {column.path for column in stored if column.converted_type == "INTERVAL"}
        layout = cls(rows=file.metadata.num_rows)
        for path, kind in kinds:
            name, plain = ".".join(path), plain_type(kind)
            if plain is None or name in intervals:
                layout.left_out[name] = "interval" if name in intervals else str(kind)
            else:
                layout.types[name] = type_name(plain)
        return layout


def _leaf_types(path: Path, kind: pa.DataType) -> Iterator[tuple[Path, pa.DataType]]:
    """The columns of a column: itself, or those of a struct's members."""
    storage = kind.storage_type if _is_struct_of_extension(kind) else kind
    if not pa.types.is_struct(storage):
        yield path, kind
    else:
        for member in storage:
            yield from _leaf_types((*path, member.name), member.type)


def leaves(path: Path, array: pa.Array) -> Iterator[tuple[Path, pa.Array]]:
    """The columns of an array, as those of its type."""
    storage = array.storage if _is_struct_of_extension(array.type) else array
    if not pa.types.is_struct(storage.type):
        yield path, array
    else:
        for member, child in zip(storage.type, storage.flatten(), strict=True):
            yield from leaves((*path, member.name), child)


def _is_struct_of_extension(kind: pa.DataType) -> bool:
    """Whether an extension stores structs whose members are columns. Those of variants are encodings."""
    is_extension = isinstance(kind, pa.BaseExtensionType) and not kind.extension_name.endswith("variant")
    return is_extension and bool(pa.types.is_struct(kind.storage_type))


def _refuse_twins(paths: Sequence[Path], uri: str) -> None:
    counts = Counter(".".join(path) for path in paths)
    twins = [path for path in paths if counts[".".join(path)] > 1]
    if twins:
        listed = ", ".join(" in ".join(repr(name) for name in reversed(path)) for path in twins)
        raise DataFormatError(
            f"{uri}: several columns have the same name, in which members of structs stand behind a dot: {listed}. "
            "Give each a name of its own."
        )


def plan_layout(fragments: Sequence[Fragment]) -> ParquetLayout | None:
    """The columns of the first, the middle and the last file that can be read, in their common types; None without one.

    Raises:
        DataFormatError: Two columns have the same name, or no column can be read.
    """
    readable = [layout for index in _sample(len(fragments)) if (layout := _read_layout(fragments[index])) is not None]
    if not readable:
        layout = next((layout for each in fragments if (layout := _read_layout(each)) is not None), None)
        if layout is None:
            return None
        readable = [layout]
    planned = ParquetLayout(first=tuple(readable[0].types))
    for layout in readable:
        for name, kind in layout.types.items():
            planned.types[name] = widest(planned.types.get(name), kind)
        planned.left_out.update(layout.left_out)
    if not planned.types and any(layout.rows for layout in readable):
        columns = ", ".join(f"{name!r} ({kind})" for name, kind in planned.left_out.items()) or "there are none"
        raise DataFormatError(f"{fragments[0].uri}: the file has rows, but no column that can be read: {columns}.")
    return planned


def _sample(files: int) -> list[int]:
    return sorted({0, files // 2, files - 1}) if files else []


def _read_layout(fragment: Fragment) -> ParquetLayout | None:
    try:
        with open_file(fragment.uri) as source, pq.ParquetFile(source) as file:
            return ParquetLayout.of(file, fragment.uri)
    except (pa.ArrowException, OSError):
        return None
