"""Lists of class scores: as columns, one an element, or as texts in cells, such as ``[0.2, 0.8]``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView

FloatArray = npt.NDArray[np.float64]

ROUNDING = 0.005
"""By how much a score may be off that was rounded to two digits."""


def list_around(batch: BatchView, name: str) -> list[str]:
    """Return the columns of all elements of the list that a column is an element of, in order; only itself if it is none."""
    sources = {column: source for column, source in zip(batch.names, batch.layout.sources, strict=True) if source}
    if name not in sources or not sources[name].element:
        return [name]
    part, above = sources[name].part, sources[name].local.rpartition(".")[0]
    return [
        column for column, source in sources.items()
        if source.element and source.part == part and source.local.rpartition(".")[0] == above
    ]  # fmt: skip


def are_class_scores(batch: BatchView, columns: Sequence[str]) -> bool:
    """Whether numbers are shares of a whole in every row that has them all; they may be rounded to two digits."""
    table = np.vstack([batch.numbers(name) for name in columns])
    table = table[:, ~np.isnan(table).any(axis=0)]
    return bool(table.size and (table >= 0).all() and (np.abs(table.sum(axis=0) - 1) <= ROUNDING * len(table)).all())


def hold_lists(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Return which cells begin with a bracket."""
    lists = pc.fill_null(pc.starts_with(pc.utf8_ltrim_whitespace(texts), "["), False)
    flags: npt.NDArray[np.bool_] = lists.to_numpy(zero_copy_only=False)
    return flags


def read_elements(texts: pa.Array, element: int | None) -> FloatArray:
    """Return an element of lists written as text, ``[0.2, 0.8]``, NaN where there is none.

    >>> read_elements(pa.array(["[0.2, 0.8]", "[1]", "0.5"]), 1).tolist()
    [0.8, nan, nan]
    >>> read_elements(pa.array(["[0.2, 0.8]", "[1]"]), None).tolist()  # the last
    [0.8, 1.0]
    """
    before = "" if element is None else rf"^\s*(?:\[\s*)+(?:[^,]*,){{{element}}}\s*"
    after = r"\s*(?:\]\s*)*$" if element is None else r"\s*(?:[,\]]|$)"
    elements = pc.struct_field(pc.extract_regex(texts, rf"{before}(?P<x>[^,\[\]\s]+){after}"), "x")
    return BatchView(pa.RecordBatch.from_arrays([elements], ["x"])).numbers("x")
