"""What a payload is: text out of BASE64, and CSV or JSON by what it holds, whatever the record declares.

Encodings are chosen by content types, so that a handler that answers JSON under ``text/csv`` is captured as CSV.
"""

from __future__ import annotations

import base64
import binascii
import json

from engine.datasets.capture_csv import only_lists
from engine.datasets.payload import Payload
from engine.datasets.row_counts import MalformedPayloadError


def decode(part: str, data: str, encoding: str | None, content_type: str | None, base64_as: str | None) -> Payload:
    """Return the payload of a part.

    Args:
        part: Name of the part.
        data: Its text in the record.
        encoding: ``CSV``, ``JSON`` or ``BASE64``; anything else goes by the content type.
        content_type: MIME type.
        base64_as: What BASE64 holds, ``csv`` or ``json``; ``auto`` looks at the text, None at the content type first.

    Raises:
        MalformedPayloadError: It is not base64, or not text.
    """
    name = (encoding or "").upper()
    if name == "BASE64":
        data = _from_base64(part, data, content_type)
        is_set = base64_as in ("csv", "json")
        declared = str(base64_as) if is_set else _declared(data, content_type if base64_as is None else None)
    else:
        declared = name.lower() if name in ("CSV", "JSON") else _declared(data, content_type)
    return _actual(Payload(part, data.removeprefix("\ufeff").rstrip("\r\n"), declared))


def _from_base64(part: str, data: str, content_type: str | None) -> str:
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedPayloadError(f"bad base64 in {part}: {error}") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        described = f"content type {content_type}" if content_type else "no content type"
        other = "endpointOutput" if part == "endpointInput" else "endpointInput"
        raise MalformedPayloadError(
            f"base64 of {part} is no text in UTF-8 ({described}); a record preprocessor can read it, and "
            f"input.capture.parts: [{other}] leaves it out"
        ) from error


def _declared(text: str, content_type: str | None) -> str:
    for kind in ("csv", "json"):
        if kind in (content_type or "").lower():
            return kind
    return "json" if text.lstrip().startswith(("{", "[")) else "csv"


def _actual(payload: Payload) -> Payload:
    """The payload with the kind that its text is of."""
    start = payload.text.lstrip()[:1]
    if start == '"':
        payload = _unwrapped(payload)
        start = payload.text.lstrip()[:1]
    if payload.kind == "json":
        if start == "{" or payload.is_json:
            return payload
        is_broken = start == "[" and not only_lists(payload.text)
        return payload if is_broken else Payload(payload.part, payload.text, "csv")
    if start not in ("{", "["):
        return payload
    as_json = Payload(payload.part, payload.text, "json")
    return as_json if as_json.is_too_deep or as_json.holds_objects else payload


def _unwrapped(payload: Payload) -> Payload:
    """JSON that was written twice, so that it is a text in JSON, as JSON."""
    try:
        text = json.loads(payload.text)
    except ValueError:
        return payload
    inner = Payload(payload.part, text.strip(), "json") if isinstance(text, str) else payload
    return inner if inner.text.startswith(("{", "[")) and inner.holds_objects else payload
