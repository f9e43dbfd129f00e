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


class Violations(Document):
    """The file.

    Attributes:
        written_when_empty: Whether it is written with an empty list, too: pipelines expect it to exist.
    """

    written_when_empty: ClassVar[bool] = True

    violations: list[Violation] = Field(default_factory=list)
