"""``constraint_violations.json``, the same for all monitors."""

from __future__ import annotations

from pydantic import Field

from engine.documents.document import Document


class Violation(Document):
    """One constraint that is not met. One of a whole model names a metric instead of a feature, as an undeclared key."""

    feature_name: str | None = None
    constraint_check_type: str
    description: str


class Violations(Document):
    """The file. It is written with an empty list, too: pipelines expect it to exist."""

    violations: list[Violation] = Field(default_factory=list)
