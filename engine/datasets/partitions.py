"""Columns that stand in the names of folders, as Hive and Spark write tables: ``region=eu/dt=2024-01-01/part.parquet``."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

import pyarrow as pa

from engine.datasets.base import Dataset, Reader, ReadReport, Split
from engine.datasets.csv_fields import is_number
from engine.datasets.globs import WILDCARD
from engine.datasets.listing import fixed_part
from engine.filesystems import resolve, scheme_of

_LOG = logging.getLogger(__name__)

_NULL = "__HIVE_DEFAULT_PARTITION__"
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_TYPES: Mapping[str, pa.DataType] = {"integer": pa.int64(), "double": pa.float64(), "text": pa.string()}

OWN_COLUMN = "files with a column of their own that is in the names of their folders, too: their own was taken"


@dataclass(frozen=True)
class Partitions:
    """The columns in the names of folders.

    Attributes:
        roots: The folders of the input; what stands in their own names is no column.
        kinds: Name and kind of each column: ``integer``, ``double`` or ``text``.
    """

    roots: tuple[str, ...]
    kinds: Mapping[str, str]

    def values(self, uri: str) -> dict[str, int | float | str | None]:
        """The values of all columns for a file."""
        texts = _texts(uri, self.roots)
        return {name: _value(texts.get(name), kind) for name, kind in self.kinds.items()}

    def without_last(self, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """A baseline's names by position, without these columns, which are its last ones."""
        kept = names
        while kept and kept[-1] in self.kinds:
            kept = kept[:-1]
        return kept

    def without(self, names: Iterable[str]) -> Partitions:
        """The columns that have other names than these."""
        taken = {name.lower() for name in names}
        return replace(self, kinds={name: kind for name, kind in self.kinds.items() if name.lower() not in taken})


@dataclass(frozen=True)
class PartitionedReader:
    """Reads what another reader reads, with the columns in the names of folders behind the files' own."""

    inner: Reader
    partitions: Partitions

    @property
    def format(self) -> str:
        """The format of the other reader."""
        return self.inner.format

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The other reader's batches with further columns."""
        own = columns and tuple(name for name in columns if name not in self.partitions.kinds)
        for position, fragment in enumerate(split.fragments):
            values = self.partitions.values(fragment.uri)
            part = Split(split.index + position, (fragment,))  # what is noted once a job, the first split notes
            for batch in self.inner.read(part, report, own or None):
                whole = self._with_values(batch, values, report)
                yield whole if columns is None else whole.select(list(columns))

    def retyped(self, types: Mapping[str, str]) -> PartitionedReader:
        """The same with wider types."""
        return replace(self, inner=self.inner.retyped(types))

    def _with_values(
        self, batch: pa.RecordBatch, values: Mapping[str, int | float | str | None], report: ReadReport
    ) -> pa.RecordBatch:
        further = {name: value for name, value in values.items() if name not in batch.schema.names}
        if len(further) < len(values):
            report.note(OWN_COLUMN)
        arrays = [_repeated(value, self.partitions.kinds[name], batch.num_rows) for name, value in further.items()]
        return pa.RecordBatch.from_arrays([*batch.columns, *arrays], names=[*batch.schema.names, *further])


def find_partitions(paths: Iterable[str], uris: Sequence[str]) -> Partitions:
    """Say which columns stand in the names of the folders between the input and its files.

    Args:
        paths: The input: folders, globs, files. Of a glob, what is before its first wildcard is the folder.
        uris: The files.
    """
    if not any("=" in uri for uri in uris):
        return Partitions((), {})
    roots = tuple(sorted({_root(path) for path in paths}))
    folders = {uri.rpartition("/")[0]: uri for uri in uris}
    texts = [_texts(uri, roots) for uri in folders.values()]
    names = dict.fromkeys(name for values in texts for name in values)
    if any(values.keys() != names.keys() for values in texts):
        _LOG.warning("not all folders name the columns %s: files without a name have no value in it", ", ".join(names))
    return Partitions(roots, {name: _common_kind([values.get(name) for values in texts]) for name in names})


def with_partitions(dataset: Dataset, partitions: Partitions) -> Dataset:
    """Add the columns in the names of folders to a dataset; one that the files have themselves stays theirs, with a warning."""
    added = partitions.without(dataset.columns or ())
    own = partitions.kinds.keys() - added.kinds.keys()
    if own:
        _LOG.warning(
            "the files have columns that their folders name, too, and their own are taken: %s", ", ".join(sorted(own))
        )
    if not added.kinds:
        return dataset
    further = tuple(added.kinds)
    columns = None if dataset.columns is None else (*dataset.columns, *further)
    return replace(dataset, reader=PartitionedReader(dataset.reader, added), columns=columns, last_columns=further)


def _root(path: str) -> str:
    folder = fixed_part(path)[0] if WILDCARD.search(path) else resolve(path)[1]
    return scheme_of(path) + folder.rstrip("/")


def _texts(uri: str, roots: Sequence[str]) -> dict[str, str | None]:
    """The texts in the names of the folders of a file, below the nearest folder of the input."""
    inner = min((uri[len(root) + 1 :] for root in roots if uri.startswith(root + "/")), key=len, default="")
    pairs = (part.partition("=") for part in inner.split("/")[:-1])
    decoded = {unquote(name): unquote(value) for name, equals, value in pairs if name and equals}
    return {name: None if value in (_NULL, "") else value for name, value in decoded.items()}


def _common_kind(texts: Iterable[str | None]) -> str:
    """The narrowest kind that all values have, as Spark infers it; dates are text, as in all data."""
    kinds = {_kind(text) for text in texts if text is not None}
    return "text" if "text" in kinds or not kinds else ("double" if "double" in kinds else "integer")


def _kind(text: str) -> str:
    if _INTEGER.fullmatch(text):
        return "integer"
    return "double" if is_number(text) and text == text.strip() and not text.lstrip("+-").isdigit() else "text"


def _value(text: str | None, kind: str) -> int | float | str | None:
    if text is None or kind == "text":
        return text
    return int(text) if kind == "integer" else float(text)


def _repeated(value: float | str | None, kind: str, count: int) -> pa.Array:
    return pa.nulls(count, _TYPES[kind]) if value is None else pa.repeat(pa.scalar(value, _TYPES[kind]), count)
