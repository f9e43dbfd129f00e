"""Parsed JSON as text again, in which numbers stay as they were written."""

from __future__ import annotations

import json
from typing import Any

from engine.datasets.json_values import JsonNumber, clean_text, json_text


def write_json(value: object) -> str:
    """Return compact JSON.

    >>> write_json({"a": [1, True, None]})
    '{"a":[1,true,null]}'
    """
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{write_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write_json, value)) + "]"
    return json_text(value) if isinstance(value, JsonNumber) else json.dumps(value)


def payload_text(value: Any) -> str:
    """Return a JSON value as text, as Spark reads it into a column of text: text as it is, anything else as its JSON.

    >>> payload_text("a"), payload_text(True), payload_text({"a": [1]})
    ('a', 'true', '{"a":[1]}')
    """
    return clean_text(value) if isinstance(value, str) else write_json(value)
