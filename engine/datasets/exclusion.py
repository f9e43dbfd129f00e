"""Columns that the user leaves out, by name or by 0-based index.

An index counts the features: of captures the columns of the request, not the prediction before them; of other data all columns.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pyarrow as pa

from engine.columns.addresses import indexed_columns, list_names, match_name, resolve
from engine.columns.layout import Layout, tag_place
from engine.datasets.base import Dataset, Reader, ReadReport, Split

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExcludingReader:
    """Reads what another reader reads, without some columns.

    Attributes:
        inner: The other reader.
        excluded: Names of columns.
        unresolved: Names, indices or paths that are looked up in each batch, where columns are not known before reading.
        reserved: Those of ``excluded`` that are never features: no index counts them.
    """

    inner: Reader
    excluded: frozenset[str]
    unresolved: tuple[str, ...] = ()
    reserved: frozenset[str] = frozenset()

    @property
    def format(self) -> str:
        """The format of the other reader."""
        return self.inner.format

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The other reader's batches without the excluded columns."""
        for batch in self.inner.read(split, report, columns):
            for name in self.excluded & report.conflicts.keys():
                del report.conflicts[name]  # nobody needs its type
            dropped = self.excluded.union(
                *(resolve(Layout.from_schema(batch.schema), name) for name in self.unresolved)
            )
            kept = [name for name in batch.schema.names if name not in dropped]
            # Read again for some columns only, their places are not known, and not asked for.
            yield batch.select(kept) if columns is not None or not kept else _placed(batch, kept, self.reserved)

    def retyped(self, types: Mapping[str, str]) -> ExcludingReader:
        """The same with wider types."""
        return replace(self, inner=self.inner.retyped(types))


def _placed(batch: pa.RecordBatch, kept: list[str], reserved: frozenset[str]) -> pa.RecordBatch:
    """The columns that are kept, each with the index that it had among all."""
    places = _places(Layout.from_schema(batch.schema), reserved)
    fields = [tag_place(batch.schema.field(name), places[name]) for name in kept]
    return pa.RecordBatch.from_arrays([batch.column(name) for name in kept], schema=pa.schema(fields))


@lru_cache(maxsize=64)
def _places(layout: Layout, reserved: frozenset[str]) -> dict[str, int]:
    """The index of each column in its part, or in the table."""
    counts: Counter[str] = Counter()
    places = {}
    for name, source in zip(layout.names, layout.sources, strict=True):
        if name not in reserved:
            scope = "" if source is None else source.part
            places[name] = counts[scope]
            counts[scope] += 1
    return places


def exclude(dataset: Dataset, features: Iterable[str], reserved: Iterable[str] = ()) -> Dataset:
    """Leave features out of a dataset.

    Args:
        dataset: The dataset.
        features: Names or indices. Unknown ones are ignored with a warning.
        reserved: Names that are never features, whether they occur or not; no index counts them.
    """
    never = frozenset(reserved)
    known = dataset.columns and tuple(name for name in dataset.columns if name not in never)
    addresses = tuple(feature.strip() for feature in features)
    unresolved = addresses if dataset.columns is None else ()
    chosen = never | chosen_columns(replace(dataset, columns=known), addresses)
    if not chosen:
        return dataset
    columns = None if dataset.columns is None else tuple(name for name in dataset.columns if name not in chosen)
    return replace(dataset, reader=ExcludingReader(dataset.reader, chosen, unresolved, never), columns=columns)


def left_out(dataset: Dataset, features: Sequence[str], known: Iterable[str]) -> frozenset[str]:
    """Return which of the columns that a baseline knows are left out of a dataset, whether the data has them or not.

    Args:
        dataset: The dataset, opened without the features.
        features: Names or indices, as the user gave them.
        known: Columns of the baseline.
    """
    columns = list(known)
    dropped = dataset.reader.excluded if isinstance(dataset.reader, ExcludingReader) else frozenset()
    named = {match_name(columns, feature.strip()) for feature in features}
    if dataset.columns is None:
        # Spark knows the columns of a table only later; those of the baseline are in the same order.
        named |= {name for feature in features for name in resolve(Layout.from_names(columns), feature.strip())}
    return frozenset(name for name in columns if name in dropped or name in named)


def chosen_columns(dataset: Dataset, features: Iterable[str]) -> frozenset[str]:
    """Return the columns that features stand for: names, indices or paths. Unknown ones are ignored with a warning."""
    return frozenset(name for feature in features for name in _resolve(dataset, feature.strip()))


def _resolve(dataset: Dataset, feature: str) -> tuple[str, ...]:
    if dataset.columns is None:
        return (feature,)
    known = dataset.columns
    layout = Layout.from_names(known) if dataset.layout is None else dataset.layout
    columns = tuple(name for name in resolve(layout, feature) if name in known)
    if not columns:
        indexed = [name for name in indexed_columns(layout).values() if name in known]
        _LOG.warning("exclude_features: there is no column %r; the data has %s", feature, list_names(indexed))
    return columns
