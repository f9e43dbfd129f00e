"""Which rows a list of values or a threshold selects (contract 7.3).

Whether a given value is a category or a threshold is known only when all data has been seen. A pass therefore counts rows by
*cell*: what can matter of a value under either reading. Cells are short texts:

* ``t0``: written exactly as the first listed value; ``n0``: another text of the same number;
* ``>``: above the only listed number; ``-``: anything else; ``=text``: the value itself, where nothing is listed;
* ``?``: missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plugins.bias.column_kinds import ColumnKind

FloatArray = npt.NDArray[np.float64]
MISSING, ABOVE, OTHER = "?", ">", "-"


@dataclass(frozen=True)
class Cells:
    """Cells of the rows: indexes into their distinct names."""

    codes: npt.NDArray[np.int64]
    names: list[str]


def text_of(value: Any) -> str:
    """A listed value as a cell of CSV would have it.

    >>> text_of(1), text_of(1.0), text_of(True), text_of("a")
    ('1', '1.0', 'True', 'a')
    """
    return str(value)


def threshold_of(listed: Sequence[Any]) -> float | None:
    """The only listed value as a number; None where there are several, or it is none.

    >>> threshold_of(["0.5"]), threshold_of([1, 2]), threshold_of(["a"])
    (0.5, None, None)
    """
    return _number(listed[0]) if len(listed) == 1 else None


def cells_of(texts: pa.Array, numbers: FloatArray, listed: Sequence[Any]) -> Cells:
    """The cells of a column."""
    trimmed = pc.utf8_trim_whitespace(texts)
    if not listed:
        return values_of(trimmed)
    names = [MISSING, OTHER, ABOVE]
    codes = np.where(pc.is_valid(texts).to_numpy(zero_copy_only=False), 1, 0)
    threshold = threshold_of(listed)
    if threshold is not None:
        codes[numbers > threshold] = 2
    for index, value in reversed(list(enumerate(listed))):
        names += [f"n{index}", f"t{index}"]
        number = _number(value)
        if number is not None:
            codes[numbers == number] = len(names) - 2
        wanted = text_of(value)
        same = (
            pc.equal(trimmed, wanted)
            if not isinstance(value, bool)
            else pc.equal(pc.utf8_lower(trimmed), wanted.lower())
        )
        codes[same.fill_null(fill_value=False).to_numpy(zero_copy_only=False)] = len(names) - 1
    return Cells(codes.astype(np.int64), names)


def values_of(texts: pa.Array) -> Cells:
    """The values themselves as cells."""
    encoded = texts.dictionary_encode()
    names = [MISSING, *(f"={text}" for text in encoded.dictionary.to_pylist())]
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    return Cells(codes, names)


@dataclass(frozen=True)
class Selection:
    """The rows of one entry of the report: their cells, and the text that names it."""

    cells: frozenset[str]
    shown: str


def select(kind: ColumnKind, listed: Sequence[Any], rows: Mapping[str, int], rule: str, what: str) -> Selection:
    """The cells that listed values stand for.

    Args:
        kind: What the column holds.
        listed: The values, or one threshold.
        rows: Rows by cell.
        rule: ``clarify`` or ``values``.
        what: What the values are of, for messages.

    Raises:
        ValueError: A continuous column has no numeric threshold.
    """
    if not kind.is_continuous(len(listed), rule):
        return Selection(_categories(kind, listed, rows), ",".join(str(value) for value in listed))
    threshold = threshold_of(listed)
    if threshold is None:
        raise ValueError(f"{what}: {list(listed)!r} must be a single numeric threshold for continuous data.")
    return Selection(frozenset({ABOVE}), interval_text(threshold, kind.largest, kind.storage == "integer", listed[0]))


def interval_text(threshold: float, largest: float, whole: bool, listed: Any) -> str:
    """The rows above a threshold as pandas writes an interval.

    >>> [interval_text(t, 7, True, t) for t in (0, 0.5, 9, 7)]
    ['(0, 7]', '(0.5, 7.0]', '(7, 9]', '']
    """
    if abs(largest) == threshold:
        return ""
    low, high = sorted((threshold, largest))
    plain = whole and not isinstance(listed, float)
    return f"({int(low)}, {int(high)}]" if plain else f"({float(low)!r}, {float(high)!r}]"


def _categories(kind: ColumnKind, listed: Sequence[Any], rows: Mapping[str, int]) -> frozenset[str]:
    """The cells of the listed values: of those of the column's own type, or else of all after a conversion to it."""
    numeric = kind.storage != "text"

    def cells(converted: bool) -> frozenset[str]:
        found = set()
        for index, value in enumerate(listed):
            if converted or isinstance(value, str) != numeric:
                found |= {f"t{index}"} | ({f"n{index}"} if numeric else set())
        return frozenset(found)

    direct = cells(converted=False)
    return direct if any(rows.get(cell) for cell in direct) else cells(converted=True)


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
