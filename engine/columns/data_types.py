"""Deequ's class of each cell: null, Fractional, Integral, Boolean or String, by the text of the cell (deequ.md section 2).

The three expressions are Deequ's. A look at the bytes settles most columns without them: cells of digits, signs and points only
need to be asked whether and where they hold a point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.cells import cells_of
from engine.kernels.compilation import compiled

CLASSES = ("Unknown", "Fractional", "Integral", "Boolean", "String")
UNKNOWN, FRACTIONAL, INTEGRAL, BOOLEAN, STRING = range(5)

# RE2's \d is ASCII only and \A, \z match the whole text, as Java's matcher does.
_FRACTIONAL = r"\A(-|\+)? ?\d+((\.\d+)|((?:\.\d+)?[Ee][-+]?\d+))\z"
_INTEGRAL = r"\A(-|\+)? ?\d+\z"
_NUMBER_START = r"\A[-+]? ?\d"

ClassArray = npt.NDArray[np.uint8]


def text_classes(cells: pa.Array) -> ClassArray:
    """The class of every cell of a text array without nulls.

    >>> [CLASSES[c] for c in text_classes(pa.array(["7", "7.5", "1e5", "true", "5.", "- 5", ""]))]
    ['Integral', 'Fractional', 'Fractional', 'Boolean', 'String', 'Integral', 'String']
    """
    if not len(cells):
        return np.empty(0, np.uint8)
    loops = compiled("texts", len(cells))
    if loops is not None:
        classes = np.empty(len(cells), np.uint8)
        loops.text_classes(*cells_of(cells), classes)
        return classes
    if _only_plain_numbers(cells):
        found = _plain_classes(cells)
        if found is not None:
            return found
    return _classes_by_expression(cells)


def _only_plain_numbers(cells: pa.Array) -> bool:
    """Whether the bytes of all cells are digits, minus signs and points."""
    data, offsets = cells_of(cells)
    return not data[offsets[0] : offsets[-1]].tobytes().translate(None, b"0123456789-.")


def _plain_classes(cells: pa.Array) -> ClassArray | None:
    """Classes of cells of digits, minus signs and points; None when some cell is no number (``1-2``, an empty cell)."""
    try:
        cells.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    point = _mask(pc.match_substring(cells, "."))
    classes: ClassArray = np.where(point, np.uint8(FRACTIONAL), np.uint8(INTEGRAL))
    if point.any():
        bare = _mask(pc.or_(pc.starts_with(cells, "."), pc.starts_with(cells, "-."))) | _mask(pc.ends_with(cells, "."))
        classes[bare] = STRING
    return classes


def _classes_by_expression(cells: pa.Array) -> ClassArray:
    classes = np.full(len(cells), STRING, np.uint8)
    candidates = np.flatnonzero(_mask(pc.match_substring_regex(cells, _NUMBER_START)))
    if len(candidates):
        texts = cells.take(pa.array(candidates))
        classes[candidates[_mask(pc.match_substring_regex(texts, _FRACTIONAL))]] = FRACTIONAL
        classes[candidates[_mask(pc.match_substring_regex(texts, _INTEGRAL))]] = INTEGRAL
    classes[_mask(pc.is_in(cells, pa.array(["true", "false"], cells.type)))] = BOOLEAN
    return classes


def typed_class(kind: pa.DataType) -> int:
    """The class of the values of a column that has a type: what the text of such a value would be."""
    if pa.types.is_boolean(kind):
        return BOOLEAN
    if pa.types.is_integer(kind):
        return INTEGRAL
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return FRACTIONAL
    return STRING


def _mask(flags: pa.Array) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = flags.to_numpy(zero_copy_only=False)
    return mask.astype(bool, copy=False)
