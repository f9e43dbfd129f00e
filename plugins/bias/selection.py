"""Which rows a list of values or a threshold selects.

Whether a given value is a category or a threshold is known only when all data has been seen. A pass therefore counts rows by
*cell*: what can matter of a value under either reading. Cells are short texts:

* ``t0``: the first listed value, in whatever spelling; ``n0``: of another type, but the same number (``true`` and 1);
* ``>``: above the only listed number; ``-``: anything else; ``=text``: the value itself, where nothing is listed;
* ``?``: missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import canonical_label
from plugins.bias.column_kinds import ColumnKind

FloatArray = npt.NDArray[np.float64]
MISSING, ABOVE, OTHER = "?", ">", "-"


@dataclass(frozen=True)
class Cells:
    """Cells of the rows: indexes into their distinct names."""

    codes: npt.NDArray[np.int64]
    names: list[str]


def threshold_of(listed: Sequence[Any]) -> float | None:
    """The only listed value as a number; None where there are several, or it is none.

    >>> threshold_of(["0.5"]), threshold_of([1, 2]), threshold_of(["a"])
    (0.5, None, None)
    """
    return _number(listed[0]) if len(listed) == 1 else None


def cells_of(labels: pa.Array, numbers: FloatArray, listed: Sequence[Any]) -> Cells:
    """The cells of a column.

    Args:
        labels: Its values as labels in their canonical spelling; null where one is missing.
        numbers: Its values as numbers.
        listed: The values that the settings list.
    """
    if not listed:
        return values_of(labels)
    names = [MISSING, OTHER, ABOVE]
    codes = np.where(pc.is_valid(labels).to_numpy(zero_copy_only=False), 1, 0)
    threshold = threshold_of(listed)
    if threshold is not None:
        codes[numbers > threshold] = 2
    numbers = _with_flags(labels, numbers)
    for index, value in reversed(list(enumerate(listed))):
        names += [f"n{index}", f"t{index}"]
        number = _number(value)
        if number is not None:
            codes[numbers == number] = len(names) - 2
        same = pc.equal(labels, pa.scalar(_readable(value), pa.string()))
        codes[same.fill_null(fill_value=False).to_numpy(zero_copy_only=False)] = len(names) - 1
    return Cells(codes.astype(np.int64), names)


def _readable(value: Any) -> str | None:
    """A listed value as a label. What is no Unicode text equals none."""
    label = canonical_label(value)
    return None if label is None else label.encode("utf-8", "replace").decode()


def _with_flags(labels: pa.Array, numbers: FloatArray) -> FloatArray:
    """Numbers in which true is 1 and false 0, as they are equal to pandas."""
    flags = pc.index_in(labels, pa.array(["false", "true"])).cast(pa.float64()).fill_null(np.nan)
    return np.where(np.isnan(numbers), flags.to_numpy(zero_copy_only=False), numbers)


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


def select(kind: ColumnKind, listed: Sequence[Any], rule: str, what: str) -> Selection:
    """The cells that listed values stand for.

    Args:
        kind: What the column holds.
        listed: The values, or one threshold.
        rule: ``clarify`` or ``values``.
        what: What the values are of, for messages.

    Raises:
        ValueError: A continuous column has no numeric threshold.
    """
    if not kind.is_continuous(len(listed), rule):
        return Selection(_categories(kind, listed), ",".join(str(value) for value in listed))
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


def _categories(kind: ColumnKind, listed: Sequence[Any]) -> frozenset[str]:
    """The cells of the listed values, in every spelling; in columns of numbers and flags also those of the same number."""
    prefixes = "t" if kind.storage == "text" else "tn"
    return frozenset(f"{prefix}{index}" for index in range(len(listed)) for prefix in prefixes)


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except (ValueError, OverflowError):  # an integer beyond doubles equals no number of the data
        return None
    return found if math.isfinite(found) else None
