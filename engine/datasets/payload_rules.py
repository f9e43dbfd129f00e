"""Which parts of captured records are used, and how their payloads are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CAPTURED = ("endpointOutput", "endpointInput")
"""Parts that say how many rows a record is, also where a job does not use them."""


@dataclass(frozen=True)
class PayloadRules:
    """Which parts of a record are used, in column order, and how.

    Attributes:
        parts: Parts in column order.
        kinds: ``csv`` or ``json`` for each part, from the first records of the dataset.
        base64_as: What BASE64 payloads hold; None goes by the content type.
        multi_row: ``zip``, ``first`` or ``error``.
        explanations: Whether attributions in explained responses become columns.
        headers: The line of names that each CSV payload of a part begins with.
    """

    parts: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)
    base64_as: str | None = None
    multi_row: str = "zip"
    explanations: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Captured parts that are not used, but may say how many rows a record is."""
        return tuple(part for part in CAPTURED if part not in self.parts)

    def kind(self, part: str) -> str:
        """What the part's payloads are expected to be."""
        return self.kinds.get(part, "csv")
