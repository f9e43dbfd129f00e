"""JSON text as the original containers print it: Jackson's default pretty printer over JVM doubles.

``" : "`` between key and value, two blanks of indent an object, arrays on one line (``[ {``), doubles always with a
decimal point. Readers need only valid JSON; the exact form makes files comparable byte for byte with those written
before.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from pydantic import BaseModel

INDENT = "  "
LARGEST_PLAIN, SMALLEST_PLAIN = 1e7, 1e-3


def java_double(value: float) -> str:
    """A double as ``Double.toString`` of JDK 19 and later prints it: the shortest digits that read back.

    >>> [java_double(x) for x in (1, 0.1, 12345678.0, 4.97e-17, -0.0, float("nan"), float("-inf"))]
    ['1.0', '0.1', '1.2345678E7', '4.97E-17', '-0.0', 'NaN', '-Infinity']
    """
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    if value != 0.0 and not SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        return _scientific(text)
    return text if "e" not in text else format(value, "f")


def _scientific(text: str) -> str:
    """Rewrite Python's shortest digits as ``d.dddEn``."""
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading_zeros = len(whole + fraction) - len(digits)
    power = int(exponent or 0) + len(whole) - 1 - leading_zeros
    digits = digits.rstrip("0") or "0"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{power}"


def dumps(document: Any) -> str:
    """Text of a document.

    Args:
        document: A pydantic model, or plain values, dicts and lists. Declared fields of a model that are None are left
            out; keys it does not declare (``extra``) are written as they were read.

    Raises:
        TypeError: A value has no JSON form.
    """
    return "".join(_pieces(document, 0))


def _pieces(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, BaseModel):
        return _object(_fields(value), depth)
    if isinstance(value, Mapping):
        return _object(value.items(), depth)
    if isinstance(value, (list, tuple)):
        return _array(value, depth)
    return iter((_scalar(value),))


def _fields(model: BaseModel) -> Iterator[tuple[str, Any]]:
    declared = ((name, getattr(model, name)) for name in type(model).model_fields)
    return chain(((key, value) for key, value in declared if value is not None), (model.model_extra or {}).items())


def _object(items: Iterable[tuple[Any, Any]], depth: int) -> Iterator[str]:
    pad = INDENT * (depth + 1)
    separator = "{\n"
    for key, value in items:
        yield f"{separator}{pad}{_text(str(key))} : "
        yield from _pieces(value, depth + 1)
        separator = ",\n"
    yield "{ }" if separator == "{\n" else f"\n{INDENT * depth}}}"


def _array(values: list[Any] | tuple[Any, ...], depth: int) -> Iterator[str]:
    if not values:
        yield "[ ]"
        return
    separator = "[ "
    for value in values:
        yield separator
        yield from _pieces(value, depth)
        separator = ", "
    yield " ]"


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Jackson quotes what JSON has no number for.
        return java_double(value) if math.isfinite(value) else f'"{java_double(value)}"'
    if isinstance(value, str):
        return _text(value)
    raise TypeError(f"a {type(value).__name__} has no JSON form: {value!r}")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
