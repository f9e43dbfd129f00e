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

from engine.columns.java_text import java_double

INDENT = "  "


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
