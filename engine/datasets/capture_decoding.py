"""What a payload is: text out of BASE64, and CSV or JSON by what it holds, whatever the record declares.

Encodings are chosen by content types, so that a handler that answers JSON under ``text/csv`` is captured as CSV.
"""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.datasets.capture_csv import is_list_of_lists, is_list_of_scalars, only_lists, scalars_line
from engine.datasets.capture_parts import GROUND_TRUTH
from engine.datasets.json_depth import MOST_LEVELS, TOO_DEEP, is_too_deep
from engine.datasets.json_values import decode_json
from engine.datasets.row_counts import MalformedPayloadError


@dataclass(frozen=True)
class Payload:
    """The payload of one part as text, with its kind ``csv`` or ``json``."""

    part: str
    text: str
    kind: str

    @property
    def is_too_deep(self) -> bool:
        """Whether it is nested more deeply than a parser should be asked to follow."""
        return len(self.text) > MOST_LEVELS and is_too_deep(self.text.encode("utf-8", "replace"))

    @cached_property
    def documents(self) -> list[Any]:
        """The parsed JSON: one document, or those of JSON Lines.

        Raises:
            MalformedPayloadError: It is no JSON, or nested too deeply.
        """
        if not self._is_list and not self.is_too_deep:
            with suppress(ValueError):
                return [json.loads(self.text)]  # the quickest parser; what it does not take, another looks at
        return self._parse_exactly()

    @property
    def exact_documents(self) -> list[Any]:
        """The same with numbers that keep their text, which takes longer to parse."""
        return self.documents if self._is_list else self._parse_exactly()

    @property
    def _is_list(self) -> bool:
        """Whether it begins as a list does, which is written anew in any case."""
        return self.text.startswith("[")

    def _parse_exactly(self) -> list[Any]:
        if self.is_too_deep:
            raise MalformedPayloadError(f"bad JSON in {self.part}: {TOO_DEEP}")
        try:
            return [decode_json(self.text)]
        except ValueError as error:
            lines = [line for line in self.text.splitlines() if line.strip()]
            with suppress(ValueError):
                if len(lines) > 1:
                    return [decode_json(line) for line in lines]
            raise MalformedPayloadError(f"bad JSON in {self.part}: {error}") from error

    def as_kind(self, kind: str) -> Payload:
        """Return the payload as the kind that other records have.

        Raises:
            MalformedPayloadError: It cannot be read so.
        """
        if self.kind == kind:
            return self
        text = self._as_csv() if kind == "csv" else None
        if text is None and kind == "json" and only_lists(self.text) and _is_json(self):
            text = self.text
        if text is None:
            expected = f"{self.part} holds {self.kind.upper()}, that of other records {kind.upper()}"
            raise MalformedPayloadError(expected)
        return Payload(self.part, text, kind)

    @property
    def is_flat(self) -> bool:
        """Whether JSON says no more than a record of CSV could: scalars and lists of them; of a label, also under one name."""
        return None not in _flat_rows(self.documents, named=self.part == GROUND_TRUTH)

    def _as_csv(self) -> str | None:
        rows = _flat_rows(self.exact_documents, named=self.part == GROUND_TRUTH)
        return None if None in rows else "\n".join(scalars_line(row) for row in rows if row is not None)


def _flat_rows(documents: list[Any], *, named: bool) -> list[list[Any] | None]:
    """The scalars of each row of some documents; None for what is more than a list of scalars.

    Args:
        documents: Parsed documents.
        named: Whether an object with one scalar stands for it, as in labels.
    """
    return [row for document in documents for row in _flat_rows_of_one(document, named=named)]


def _flat_rows_of_one(document: Any, *, named: bool) -> list[list[Any] | None]:
    if is_list_of_lists(document):
        return list(document)
    if isinstance(document, list) and document and all(isinstance(item, dict) for item in document):
        return [_only_scalar(item) if named else None for item in document]
    if isinstance(document, dict):
        return [_only_scalar(document) if named else None]
    if isinstance(document, list):
        return [document if is_list_of_scalars(document) else None]
    return [[document]]


def _only_scalar(document: dict[str, Any]) -> list[Any] | None:
    values = list(document.values())
    return values if len(values) == 1 and is_list_of_scalars(values) else None


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
        if start == "{" or _is_json(payload):
            return payload
        is_broken = start == "[" and not only_lists(payload.text)
        return payload if is_broken else Payload(payload.part, payload.text, "csv")
    if start not in ("{", "["):
        return payload
    as_json = Payload(payload.part, payload.text, "json")
    return as_json if as_json.is_too_deep or _holds_objects(as_json) else payload


def _holds_objects(payload: Payload) -> bool:
    """Whether a payload is JSON that is more than lists of scalars."""
    return _is_json(payload) and None in _flat_rows(payload.documents, named=False)


def _unwrapped(payload: Payload) -> Payload:
    """JSON that was written twice, so that it is a text in JSON, as JSON."""
    try:
        text = json.loads(payload.text)
    except ValueError:
        return payload
    inner = Payload(payload.part, text.strip(), "json") if isinstance(text, str) else payload
    return inner if inner.text.startswith(("{", "[")) and _holds_objects(inner) else payload


def _is_json(payload: Payload) -> bool:
    try:
        return bool(payload.documents)
    except MalformedPayloadError:
        return False
