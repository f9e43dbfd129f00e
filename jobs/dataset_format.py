"""The variable ``dataset_format``: JSON text in every shape that SageMaker, its SDK and its documentation write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import ConfigurationError

_LEGAL = '{"sagemakerCaptureJson": {}}, {"csv": {"header": true}}, {"json": {"lines": true}}, {"parquet": {}}'
_PARTS = {part.lower(): part for part in ("endpointInput", "endpointOutput", "batchTransformOutput", "groundTruthData")}
_CURLY_QUOTES = ("\u201c", "\u201d", "\u201e")


def input_keys(text: str) -> dict[str, Any]:
    """Read the variable as keys of the configuration's section ``input``.

    Keys and words may have any case, booleans may be text; without a key, the service's default holds.

    Raises:
        ConfigurationError: It is not JSON, or names no known format.

    >>> input_keys('{"Csv": {"Header": "True"}}')
    {'format': 'csv', 'csv': {'header': True}}
    """
    if not text.strip():
        return {}
    raw = _parsed(text)
    formats = {str(key).lower(): (str(key), value) for key, value in raw.items()}
    for name, read in _READERS.items():
        if name in formats:
            key, value = formats[name]
            inner = {str(k).lower(): v for k, v in value.items()} if isinstance(value, Mapping) else {}
            return read(inner, key)
    raise ConfigurationError(f"dataset_format names no known format: found {text!r}. Legal are, for example: {_LEGAL}.")


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        hint = " It has curly quotes: use straight ones." if any(quote in text for quote in _CURLY_QUOTES) else ""
        raise ConfigurationError(
            f"dataset_format is not JSON ({error.msg} at character {error.pos}): found {text!r}.{hint} "
            f"Legal are, for example: {_LEGAL}."
        ) from None
    if not isinstance(raw, Mapping):
        raise ConfigurationError(f"dataset_format must be a JSON object: found {text!r}. Legal are: {_LEGAL}.")
    return raw


def _capture(inner: Mapping[str, Any], _: str) -> dict[str, Any]:
    found = inner.get("captureindexnames")
    parts = [_PARTS.get(str(part).lower(), str(part)) for part in (found if isinstance(found, list) else [])]
    return {"format": "capture"} | ({"capture": {"parts": parts}} if parts else {})


def _merged(inner: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Captures with labels: as captures, and the label after them. The output alone, unless more is named."""
    parts = _capture(inner, key).get("capture", {"parts": ["endpointOutput"]})["parts"]
    return {"format": "capture", "capture": {"parts": list(dict.fromkeys([*parts, "groundTruthData"]))}}


def _csv(inner: Mapping[str, Any], _: str) -> dict[str, Any]:
    keys: dict[str, Any] = {"format": "csv", "csv": {"header": _flag(inner.get("header"), default=False)}}
    position = str(inner.get("output_columns_position") or "").upper()
    return keys | ({"capture": {"output_columns_position": position}} if position in ("START", "END") else {})


def _json(inner: Mapping[str, Any], key: str) -> dict[str, Any]:
    # Where Line is left out, the API's form, {"Json": {}}, means one document a file; the SDK's, {"json": {}}, lines.
    default = key != "Json"
    return {"format": "jsonl", "json_lines": _flag(inner.get("lines", inner.get("line")), default=default)}


def _parquet(_: Mapping[str, Any], __: str) -> dict[str, Any]:
    return {"format": "parquet"}


def _flag(value: Any, *, default: bool) -> bool:
    """A boolean, or its word. A list of both words is how the documentation prints the choice; it chooses nothing."""
    if isinstance(value, bool):
        return value
    words = {"true": True, "false": False}
    return words.get(str(value).strip().lower(), default)


_READERS = {
    "sagemakercapturejson": _capture,
    "sagemakermergejson": _merged,
    "csv": _csv,
    "json": _json,
    "parquet": _parquet,
}
