"""JSON that people edit by hand: read in bounds, and what is wrong with it is said with line and column."""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 100
"""Objects and arrays within each other."""

_LONGEST_INTEGER = 400
"""Digits; more than any number of 64 bits, or any double, has."""

_TRAILING_COMMA = re.compile(r",\s*$")
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


def parse_json(text: str | bytes) -> Any:
    r"""The value of a JSON text; a byte order mark is no part of it.

    Raises:
        ValueError: It is not JSON, nests too deep, gives a key twice or holds a number of hundreds of digits. The text says where,
            and ends without a full stop.

    >>> parse_json('\ufeff{"a": [1]}')
    {'a': [1]}
    """
    try:
        plain = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
        value = json.loads(plain.removeprefix("\ufeff"), object_pairs_hook=_each_key_once, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise ValueError(_too_deep() if _opens_too_deep(error.doc) else _fault(error)) from None
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1:,} is not {error.encoding.upper()}") from None
    except RecursionError:
        raise ValueError(_too_deep()) from None
    if _is_deep(value):
        raise ValueError(_too_deep())
    return value


def _opens_too_deep(text: str) -> bool:
    """Whether a text nests too deep, whether or not it is JSON: what Python's parser says then depends on its stack."""
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _fault(error: json.JSONDecodeError) -> str:
    place = f"line {error.lineno}, column {error.colno}"
    before = error.doc[: error.pos]
    if _TRAILING_COMMA.search(before) and error.doc[error.pos : error.pos + 1] in ("}", "]"):
        return f"{place}: a comma stands before {error.doc[error.pos]!r}; remove it"
    return f"{place}: {error.msg[:1].lower()}{error.msg[1:]}"


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:80]!r} is given twice in one object; leave one of them out")
    return made


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise ValueError(f"a number has {len(text):,} digits; it begins with {text[:20]}")
    return int(text)


def _is_deep(value: Any) -> bool:
    """Whether what is in it nests too deep for those who walk through it. One level at a time: nothing recurses."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        inner = (part for outer in level for part in (outer.values() if isinstance(outer, dict) else outer))
        level = [part for part in inner if isinstance(part, dict | list)]
        if not level:
            return False
    return True


def _too_deep() -> str:
    return f"objects and arrays are nested more than {DEEPEST} deep"
