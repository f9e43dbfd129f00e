"""One payload: its text, what it is, and what it holds when it is JSON."""

from __future__ import annotations

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
        if text is None and kind == "json" and only_lists(self.text) and self.is_json:
            text = self.text
        if text is None:
            expected = f"{self.part} holds {self.kind.upper()}, that of other records {kind.upper()}"
            raise MalformedPayloadError(expected)
        return Payload(self.part, text, kind)

    @property
    def is_json(self) -> bool:
        """Whether the text is JSON, whatever the kind says."""
        try:
            return bool(self.documents)
        except MalformedPayloadError:
            return False

    @property
    def holds_objects(self) -> bool:
        """Whether the text is JSON that is more than scalars and lists of them."""
        return self.is_json and None in _flat_rows(self.documents, named=False)

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
