"""Labels in one canonical spelling, so that equal labels are one class however and wherever they are written."""

from __future__ import annotations

import decimal
import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.java_text import as_text

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)
_LARGEST_EXPONENT = 400
"""Beyond the range of a double, digits are not written out: such a label stays text."""
_EXACT = decimal.Context(prec=20_000, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)


def canonical_labels(array: pa.Array) -> pa.Array:
    """Return labels as texts, one a row, in one spelling for all types; missing where a label is null, blank or NaN.

    Numbers are written with as many digits as they need and no exponent, so ``1``, ``1.0``, ``1.``, ``1e0``, ``+1``, ``01``
    and the double 1.0 are all ``1``, and ``-0.0`` is ``0``. Booleans are ``true`` and ``false`` in any case of letters. Other
    texts lose their outer blanks.

    Args:
        array: Labels of any type.

    Returns:
        An array of strings of the same length.

    >>> canonical_labels(pa.array(["1.50", " yes ", "TRUE", "nan", "", None, "-0.0", "1e2"])).to_pylist()
    ['1.5', 'yes', 'true', None, None, None, '0', '100']
    >>> canonical_labels(pa.array([1.0, float("nan"), 0.1], pa.float32())).to_pylist()
    ['1', None, '0.1']
    """
    if pa.types.is_dictionary(array.type):
        labels = canonical_labels(array.dictionary)
        return labels.take(array.indices) if len(labels) else pa.nulls(len(array), pa.string())
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.string())
    if pa.types.is_boolean(array.type) or pa.types.is_integer(array.type):
        return array.cast(pa.string())
    if pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
        array = array.cast(pa.string())
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    encoded = array.dictionary_encode() if not pa.types.is_nested(array.type) else as_text(array).dictionary_encode()
    spellings = pa.array([canonical_label(text) for text in _texts(encoded.dictionary)], pa.string())
    return spellings.take(encoded.indices) if len(spellings) else pa.nulls(len(array), pa.string())


def canonical_label(value: Any) -> str | None:
    """Return one label in the canonical spelling; None where it is missing.

    >>> canonical_label(True), canonical_label(1.0), canonical_label("01"), canonical_label("abc"), canonical_label(None)
    ('true', '1', '1', 'abc', None)
    """
    if value is None:
        return None
    text = str(value).strip()
    lowered = text.lower()
    if lowered in ("true", "false"):
        return lowered
    if lowered in ("", "nan"):
        return None
    return _plain_number(text) if _NUMBER.fullmatch(text) else text


def _plain_number(text: str) -> str:
    number = _EXACT.create_decimal(text)
    if abs(number.adjusted()) > _LARGEST_EXPONENT and number:
        return text.lower()
    plain = format(_EXACT.normalize(number), "f")
    return "0" if plain == "-0" else plain


def _texts(values: pa.Array) -> list[str | None]:
    """Return values as texts that read back: the shortest digits of floats, all digits of decimals."""
    if pa.types.is_floating(values.type):
        numbers = values.to_numpy(zero_copy_only=False)
        return [None if np.isnan(number) else str(number) for number in numbers]
    if pa.types.is_decimal(values.type):
        return [None if number is None else str(number) for number in values.to_pylist()]
    texts: list[str | None] = pc.cast(as_text(values), pa.string()).to_pylist()
    return texts
