"""``analysis.json`` and the violations of the bias and attribution monitors, as Clarify writes them."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from engine.documents.analysis_form import BiasMetrics, Explanations
from engine.documents.document import Document
from engine.documents.violations import Violations


class Analysis(Document):
    """The file: metrics of the data, and as a baseline the bounds of later ones. Blocks that were not asked for are absent."""

    extensible: ClassVar[bool] = False

    version: str = "1.0"
    post_training_bias_metrics: BiasMetrics | None = None
    pre_training_bias_metrics: BiasMetrics | None = None
    explanations: Explanations | None = None

    def to_json(self) -> str:
        """The text, in Clarify's style."""
        blocks = {name: getattr(self, name) for name in type(self).model_fields}
        return _clarify_text(
            {key: value for key, value in blocks.items() if value is not None} | (self.model_extra or {})
        )


class ClarifyViolations(Violations):
    """``constraint_violations.json`` of these monitors: absent when there are none."""

    written_when_empty: ClassVar[bool] = False

    version: str = "1.0"

    def to_json(self) -> str:
        """The text, in Clarify's style."""
        found = [violation.model_dump(exclude_none=True) for violation in self.violations]
        return _clarify_text({"version": self.version, "violations": found})


def _clarify_text(value: Any) -> str:
    return json.dumps(value, indent=4, allow_nan=False)
