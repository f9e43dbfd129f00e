"""Columns that the user leaves out, by name or by 0-based index.

An index counts the features: of captures the columns of the request, not the prediction before them; of other data all columns
(contract 2.7 and 2.9).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from engine.datasets.base import Dataset, Reader, ReadReport, Split

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExcludingReader:
    """Reads what another reader reads, without some columns."""

    inner: Reader
    excluded: frozenset[str]

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
            kept = [name for name in batch.schema.names if name not in self.excluded]
            yield batch.select(kept)

    def retyped(self, types: Mapping[str, str]) -> ExcludingReader:
        """The same with wider types."""
        return replace(self, inner=self.inner.retyped(types))


def exclude(dataset: Dataset, features: Iterable[str], reserved: Iterable[str] = ()) -> Dataset:
    """Leave features out of a dataset.

    Args:
        dataset: The dataset.
        features: Names or indices. Unknown ones are ignored with a warning.
        reserved: Names that are never features, whether they occur or not; no index counts them.
    """
    never = frozenset(reserved)
    known = dataset.columns and tuple(name for name in dataset.columns if name not in never)
    chosen = never | chosen_columns(replace(dataset, columns=known), features)
    if not chosen:
        return dataset
    columns = None if dataset.columns is None else tuple(name for name in dataset.columns if name not in chosen)
    return replace(dataset, reader=ExcludingReader(dataset.reader, chosen), columns=columns)


def chosen_columns(dataset: Dataset, features: Iterable[str]) -> frozenset[str]:
    """Names of the columns that features stand for: names or indices. Unknown ones are ignored with a warning."""
    return frozenset(filter(None, (_resolve(dataset, feature.strip()) for feature in features)))


def _resolve(dataset: Dataset, feature: str) -> str | None:
    columns = dataset.columns
    if columns is None or feature in columns:
        return feature
    indexed = columns if dataset.indexed is None else dataset.indexed
    if feature.isdigit() and int(feature) < len(indexed):
        return indexed[int(feature)]
    _LOG.warning("excluded feature %r is no column and no index of one; columns are: %s", feature, ", ".join(indexed))
    return None
