"""JSON values as Python objects: how they are parsed, and how they are written where text is needed."""

from __future__ import annotations

import json
import math
from typing import Any

from typing_extensions import Self

from engine.datasets.json_depth import TOO_DEEP, is_too_deep

_LONGEST = 20
"""Characters of the longest integer of 64 bits."""


class JsonNumber(float):
    """A number with its text, for columns that hold text elsewhere."""

    text: str

    def __new__(cls, text: str) -> Self:
        """The number that ``text`` writes."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def _integer(text: str) -> int | JsonNumber:
    """An integer of 64 bits; a larger one is a double, as it is in a column of text and to Spark."""
    number = int(text) if len(text) <= _LONGEST else 2**63
    return number if -(2**63) <= number < 2**63 else JsonNumber(text)


_DECODER = json.JSONDecoder(parse_float=JsonNumber, parse_int=_integer, parse_constant=float)


def decode_json(text: str) -> Any:
    """The value of a JSON text. Numbers beyond 64-bit integers are doubles, those beyond doubles infinite.

    >>> decode_json('{"a": [1, 2.50, 9223372036854775808]}')
    {'a': [1, 2.5, 9.223372036854776e+18]}

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deep; :func:`engine.datasets.json_depth.is_too_deep` tells before.
    """
    return _DECODER.decode(text)


def parse_json(text: bytes) -> Any:
    """The value of a JSON text in bytes; see :func:`decode_json`.

    Raises:
        ValueError: It is no JSON, nested too deep, or not UTF-8; the text says which.
    """
    if is_too_deep(text):
        raise ValueError(TOO_DEEP)
    try:
        return decode_json(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("invalid UTF-8") from None
    except ValueError as error:
        raise ValueError(f"bad JSON: {error}") from error


def kind_name(value: Any) -> str:
    """What a parsed value is, in the words of JSON.

    >>> [kind_name(value) for value in (None, True, 1, 1.5, "x", [], {})]
    ['null', 'boolean', 'number', 'number', 'text', 'list', 'object']
    """
    kinds = {bool: "boolean", int: "number", str: "text", list: "list", dict: "object"}
    if isinstance(value, float):
        return "number"
    return kinds.get(type(value), "null")


def json_text(cell: Any) -> str:
    """The text of a JSON value in a column of text."""
    if isinstance(cell, str):
        return clean_text(cell)
    if isinstance(cell, JsonNumber):
        return cell.text
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return json.dumps(cell)


def clean_text(text: str) -> str:
    r"""A text without lone surrogates, which UTF-8 cannot hold: each is a question mark, as Java writes it.

    >>> clean_text("a\ud800"), clean_text("é")
    ('a?', 'é')
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
