"""Segments: the ways in which the user wants the data cut into slices, by columns and by conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.addresses import list_names, match_name, resolve
from engine.columns.batch import BatchView
from engine.columns.layout import Layout
from engine.config_sections import SegmentsConfig
from engine.errors import ConfigurationError
from engine.execution.analyses import Segment

_EXPRESSION = re.compile(r"[<>=!+*/|,;()'\"]")
"""Marks of a condition. Without one a term may be the name of a column that is known only when the records are read."""
_QUOTED = re.compile(r"`(?:[^`]|``)+`")
MISSING = "(missing)"


@dataclass(frozen=True)
class ValueSegment:
    """Slices by the values of one or several columns, or of SQL conditions.

    Attributes:
        terms: Columns (a name, an index or a path into JSON), or conditions.
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


def segments_of(config: SegmentsConfig, columns: Sequence[str] | None = None) -> tuple[Segment, ...]:
    """The segments of a configuration.

    Args:
        config: The section.
        columns: Names of the columns of the data, where they are known before reading.

    Raises:
        ConfigurationError: A term is neither a column nor a condition, or a segment is named twice.
    """
    layout = Layout.from_names(columns or ())
    segments = [ValueSegment(tuple(_checked([term] if isinstance(term, str) else term, layout))) for term in config.by]
    names = [segment.name for segment in segments]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigurationError(f"segments: {twice!r} is named twice. Leave one out.")
    return tuple(segments)


def _checked(terms: Sequence[str], layout: Layout) -> Iterator[str]:
    for term in terms:
        if not term.strip():
            raise ConfigurationError(
                "segments: a term is empty. Name a column, or write a condition such as age >= 65."
            )
        if _EXPRESSION.search(term) and not _QUOTED.fullmatch(term.strip()) and _column(layout, term) is None:
            from engine.analyzers.sql_expression import check_condition

            check_condition(term, f"segment {term!r}")
        yield term


def _column(layout: Layout, term: str) -> str | None:
    """The column that a term names, as it is written or without outer blanks; in backticks it is a name and nothing else."""
    plain = term.strip()
    if term in layout.names or plain in layout.names:
        return term if term in layout.names else plain
    if _QUOTED.fullmatch(plain):
        return match_name(layout.names, plain[1:-1].replace("``", "`"))
    columns = () if "`" in plain else resolve(layout, plain)
    return columns[0] if len(columns) == 1 else None


def _texts(view: BatchView, term: str) -> pa.Array:
    """The values of a term, one a row. A column of this name comes before a condition that reads the same."""
    column = _column(view.layout, term)
    if column is not None:
        return view.texts(column)
    from engine.analyzers.sql_expression import evaluate_condition

    try:
        return pc.cast(evaluate_condition(view, term), pa.string())
    except ValueError as error:
        names = list_names(view.names)
        raise LookupError(f"the data has no column {term!r}; it has {names}. As a condition, {error}") from None
