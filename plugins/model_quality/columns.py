"""Which column an attribute names, and its values as labels or scores (contract 4.1)."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView, DataFormatError

FloatArray = npt.NDArray[np.float64]

_ELEMENT = re.compile(r"(.+)\[(\d+)\]")


def column_of(batch: BatchView, attribute: str) -> str:
    """The column that an attribute names: by name, by index from 0, or by a JSONPath such as ``$.predictions[0].score``.

    Raises:
        DataFormatError: There is none.
    """
    found = _found(batch, attribute)
    if found is None:
        raise DataFormatError(
            f"the data has no column {attribute!r}; it has {', '.join(batch.names)}. Name the columns of label and prediction with "
            "ground_truth_attribute, inference_attribute and probability_attribute, or give their index from 0."
        )
    return found


def labels_of(batch: BatchView, attribute: str) -> pa.Array:
    """Labels as texts, one a row: trimmed, whole numbers without a fraction (``1.0`` is ``1``), blank ones null."""
    texts = pc.utf8_trim_whitespace(batch.texts(column_of(batch, attribute)))
    plain = pc.replace_substring_regex(texts, r"^([+-]?[0-9]+)\.0+$", r"\1")
    return pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), plain)


def scores_of(batch: BatchView, attribute: str) -> FloatArray:
    """Scores of the positive class, one a row; NaN where there is none.

    The attribute names a column of numbers; several columns (``p0,p1``) or a list, of which the last is that of the positive class;
    or one element of a list (``scores[1]``). A list may be one in JSON, or its text in a cell of CSV.
    """
    names = [name.strip() for name in attribute.split(",")]
    if len(names) > 1 and attribute not in batch:
        return scores_of(batch, [name for name in names if column_of(batch, name)][-1])
    element = _ELEMENT.fullmatch(attribute)
    if _found(batch, attribute) is None and element is not None and _found(batch, element[1]) is not None:
        return _of_lists(batch.texts(column_of(batch, element[1])), int(element[2]))
    elements = _elements(batch, attribute)
    name = elements[-1] if elements and _found(batch, attribute) is None else column_of(batch, attribute)
    values = batch.numbers(name)
    if np.isnan(values).all() and batch.rows:
        return _of_lists(batch.texts(name), None)
    return values


def _found(batch: BatchView, attribute: str) -> str | None:
    if attribute in batch:
        return attribute
    if attribute.isdigit():
        return batch.names[int(attribute)] if int(attribute) < len(batch.names) else None
    path = _path(attribute)
    return path if path in batch else None


def _path(attribute: str) -> str:
    """A JSONPath as the name of a flattened column.

    >>> _path("$.predictions[0].score")
    'predictions.0.score'
    """
    return re.sub(r"\[(\d+)\]", r".\1", attribute.removeprefix("$")).strip(".")


def _elements(batch: BatchView, attribute: str) -> list[str]:
    """The columns of the elements of a JSON list, in order."""
    found: list[str] = []
    while (name := f"{_path(attribute)}.{len(found)}") in batch:
        found.append(name)
    return found


def _of_lists(texts: pa.Array, element: int | None) -> FloatArray:
    """An element of lists written as text, ``[0.2, 0.8]``; None for the last."""
    before = "" if element is None else rf"^\s*\[?(?:[^,]*,){{{element}}}\s*"
    after = r"\s*\]?\s*$" if element is None else ""
    chosen = pc.struct_field(pc.extract_regex(texts, rf"{before}(?P<x>[^,\[\]\s]+){after}"), "x")
    return BatchView(pa.RecordBatch.from_arrays([chosen], ["x"])).numbers("x")
