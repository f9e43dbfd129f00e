"""The variable ``dataset_format``: JSON text in every shape that SageMaker, its SDK and its documentation write."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import ConfigurationError
from engine.json_text import parse_json
from engine.validation import shown_value

_EXAMPLES = '{"sagemakerCaptureJson": {}}, {"csv": {"header": true}}, {"json": {"lines": true}}, {"parquet": {}}'
_PARTS = {part.lower(): part for part in ("endpointInput", "endpointOutput", "batchTransformOutput", "groundTruthData")}
_HINTS = (
    (("\u201c", "\u201d", "\u201e"), " It has curly quotes: use straight ones."),
    (("'",), " It has single quotes: JSON needs double ones."),
)

_LOG = logging.getLogger(__name__)


def input_keys(text: str) -> dict[str, Any]:
    """Read the variable as keys of the configuration's section ``input``.

    Keys and words may have any case, booleans may be text; without a key, the service's default holds. Keys that mean nothing are
    named in a warning, as the original ignores them.

    Raises:
        ConfigurationError: It is not JSON, names no known format or several, or a value is none of those that are allowed.

    >>> input_keys('{"Csv": {"Header": "True"}}')
    {'format': 'csv', 'csv': {'header': True}}
    """
    if not text.strip():
        return {}
    raw = _parsed(text)
    named = [(key, value) for key, value in raw.items() if key.strip().lower() in _READERS]
    if len(named) != 1:
        number = "no known format" if not named else f"{len(named)} formats"
        raise ConfigurationError(
            f"dataset_format names {number}: found {shown_value(text)}. Allowed are, for example: {_EXAMPLES}."
        )
    key, value = named[0]
    _warn([other for other in raw if other != key])
    read, known = _READERS[key.strip().lower()]
    inner = _inner(key, value)
    _warn([f"{key.strip()}.{name}" for name in inner if name not in known])
    return read(inner, key.strip())


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        raw = parse_json(text.strip())
        raw = parse_json(raw) if isinstance(raw, str) else raw  # JSON that was written as a JSON text once more
    except ValueError as error:
        hint = next((hint for quotes, hint in _HINTS if any(quote in text for quote in quotes)), "")
        raise ConfigurationError(
            f"dataset_format is not JSON ({error}): found {shown_value(text)}.{hint} Allowed are, for example: {_EXAMPLES}."
        ) from None
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    if not isinstance(raw, Mapping):
        raise ConfigurationError(
            f"dataset_format must be a JSON object: found {shown_value(text)}. Allowed are, for example: {_EXAMPLES}."
        )
    return raw


def _inner(key: str, value: Any) -> dict[str, Any]:
    """The settings of a format by their names in small letters."""
    if value is None or value in ([], "", True):  # "the default" in the words of several tools
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(key, value, "an object with its settings, or {}")
    return {str(name).strip().lower(): setting for name, setting in value.items()}


def _capture(inner: Mapping[str, Any], key: str) -> dict[str, Any]:
    parts = _parts(inner.get("captureindexnames"), f"{key}.captureIndexNames")
    return {"format": "capture"} | ({"capture": {"parts": parts}} if parts else {})


def _parts(value: Any, name: str) -> list[str]:
    """Parts of a capture, each once."""
    names = [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value or []
    if not isinstance(names, list):
        raise _wrong(name, value, f"a list of {', '.join(_PARTS.values())}")
    plain = [str(part).strip().lower() for part in names]
    unknown = [part for part, word in zip(names, plain, strict=True) if word not in _PARTS]
    if unknown:
        raise _wrong(name, unknown[0], f"{', '.join(_PARTS.values())}")
    return list(dict.fromkeys(_PARTS[word] for word in plain))


def _merged(inner: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Captures with labels: as captures, and the label after them. The output alone, unless more is named."""
    parts = _capture(inner, key).get("capture", {"parts": ["endpointOutput"]})["parts"]
    return {"format": "capture", "capture": {"parts": list(dict.fromkeys([*parts, "groundTruthData"]))}}


def _csv(inner: Mapping[str, Any], key: str) -> dict[str, Any]:
    keys: dict[str, Any] = {
        "format": "csv",
        "csv": {"header": _flag(inner.get("header"), f"{key}.header", default=False)},
    }
    given = inner.get("output_columns_position")
    position = str(given or "").strip().upper()
    if position not in ("", "START", "END"):
        raise _wrong(f"{key}.output_columns_position", given, "START and END")
    return keys | ({"capture": {"output_columns_position": position}} if position else {})


def _json(inner: Mapping[str, Any], key: str) -> dict[str, Any]:
    # Where Line is left out, the API's form, {"Json": {}}, means one document a file; the SDK's, {"json": {}}, lines.
    lines = _flag(inner.get("lines", inner.get("line")), f"{key}.line", default=key != "Json")
    return {"format": "jsonl", "json_lines": lines}


def _parquet(_: Mapping[str, Any], __: str) -> dict[str, Any]:
    return {"format": "parquet"}


def _flag(value: Any, name: str, *, default: bool) -> bool:
    """A boolean, or its word. A list of both words is how the documentation prints the choice; it chooses nothing."""
    if value is None or isinstance(value, list):
        return default
    words = {"true": True, "false": False, "1": True, "0": False, "": default}
    word = str(value).strip().lower()
    if word not in words:
        raise _wrong(name, value, "true and false")
    return words[word]


def _warn(names: list[str]) -> None:
    if names:
        _LOG.warning("dataset_format: %s means nothing here and is not used", ", ".join(names))


def _wrong(name: str, value: Any, allowed: str) -> ConfigurationError:
    return ConfigurationError(f"dataset_format: {name} is {shown_value(value)}; allowed: {allowed}.")


_READERS: dict[str, tuple[Callable[[Mapping[str, Any], str], dict[str, Any]], tuple[str, ...]]] = {
    "sagemakercapturejson": (_capture, ("captureindexnames",)),
    "sagemakermergejson": (_merged, ("captureindexnames",)),
    "csv": (_csv, ("header", "output_columns_position")),
    "json": (_json, ("lines", "line")),
    "parquet": (_parquet, ()),
}
"""How each format is read, and the settings that it has."""
