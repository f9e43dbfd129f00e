"""Segments: the ways in which the user wants the data cut into slices, by columns and by conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.batch import BatchView
from engine.config_sections import SegmentsConfig
from engine.errors import ConfigurationError
from engine.execution.analyses import Segment

_COLUMN = re.compile(r"[\w.\-]+|`[^`]+`")
MISSING = "(missing)"


@dataclass(frozen=True)
class ValueSegment:
    """Slices by the values of one or several columns, or of SQL conditions.

    Attributes:
        terms: Names of columns, or conditions.
    """

    terms: tuple[str, ...]

    @property
    def name(self) -> str:
        """The terms, as the user wrote them."""
        return " x ".join(self.terms)

    def slices(self, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
        """The rows of each combination of values; a missing value is one of its own."""
        view = BatchView(batch)
        texts = [_texts(view, term).fill_null(MISSING).dictionary_encode() for term in self.terms]
        codes = np.zeros(batch.num_rows, np.int64)
        for text in texts:
            codes = codes * len(text.dictionary) + text.indices.to_numpy()
        values, first = np.unique(codes, return_index=True)
        for value, row in zip(values.tolist(), first.tolist(), strict=True):
            pairs = zip(self.terms, texts, strict=True)
            label = ", ".join(f"{term}={text[row].as_py()}" for term, text in pairs)
            yield label, batch.filter(pa.array(codes == value))


def segments_of(config: SegmentsConfig) -> tuple[Segment, ...]:
    """The segments of a configuration.

    Raises:
        ConfigurationError: A condition is not legal, or a segment is named twice.
    """
    found = [ValueSegment(tuple(_checked([term] if isinstance(term, str) else term))) for term in config.by]
    names = [segment.name for segment in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigurationError(f"segments: {twice!r} is named twice. Leave one out.")
    return tuple(found)


def _checked(terms: Sequence[str]) -> Iterator[str]:
    for term in terms:
        if not _COLUMN.fullmatch(term):
            from engine.analyzers.sql_expression import check_condition

            check_condition(term, f"segment {term!r}")
        yield term


def _texts(view: BatchView, term: str) -> pa.Array:
    if _COLUMN.fullmatch(term):
        name = term.strip("`")
        if name not in view:
            raise LookupError(f"the data has no column {name!r}; it has {', '.join(view.names)}")
        return view.texts(name)
    from engine.analyzers.sql_expression import evaluate_condition

    return pc.cast(evaluate_condition(view, term), pa.string())
