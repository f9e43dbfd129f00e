"""Parsed JSON as text again, in which numbers stay as they were written."""

from __future__ import annotations

import json
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from engine.datasets.json_values import JsonNumber, clean_text


def write_json(value: object) -> str:
    """Return compact JSON.

    >>> write_json({"a": [1, True, None]})
    '{"a":[1,true,null]}'
    """
    if isinstance(value, JsonNumber):
        return value.text
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{_quoted(key)}:{write_json(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([write_json(item) for item in value]) + "]"
    return json.dumps(value)


def payload_text(value: Any) -> str:
    """Return a JSON value as text, as Spark reads it into a column of text: text as it is, anything else as its JSON.

    >>> payload_text("a"), payload_text(True), payload_text({"a": [1]})
    ('a', 'true', '{"a":[1]}')
    """
    return clean_text(value) if isinstance(value, str) else write_json(value)
