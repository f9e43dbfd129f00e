"""``constraint_violations.json``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.documents.document import Document


class Violation(Document):
    """One constraint that is not met. One of a whole model names a metric instead of a feature, as an undeclared key."""

    feature_name: str | None = None
    constraint_check_type: str
    description: str


def in_slice(violation: Violation, label: str) -> Violation:
    """The violation of a slice: it is named at the end of the description, and as an undeclared key.

    >>> in_slice(Violation(constraint_check_type="x", description="Too low."), "region=EU").description
    'Too low. In slice region=EU'
    """
    text = violation.description
    description = f"{text} In slice {label}" if text.endswith((".", "!")) else f"{text}. In slice {label}"
    return violation.model_copy(update={"description": description, "slice": label})


class Violations(Document):
    """The file.

    Attributes:
        written_when_empty: Whether it is written with an empty list, too: pipelines expect it to exist.
    """

    written_when_empty: ClassVar[bool] = True

    violations: list[Violation] = Field(default_factory=list)
