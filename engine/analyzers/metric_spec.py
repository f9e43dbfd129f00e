"""What a metric says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.columns.kinds import ValueKind

Takes = Literal["number", "text", "boolean", "time", "any"]
Worse = Literal["higher", "lower", "either"]


@dataclass(frozen=True)
class MetricSpec:
    """What a metric says about itself.

    Attributes:
        takes: Kinds of columns that it is reported for.
        unit: CloudWatch unit (``Percent``, ``Count``, ``Seconds`` ...); None for none.
        worse: Which direction is worse; None where no constraint is suggested.
        threshold: Default threshold of the suggested constraint.
        tolerance: Share of the baseline's value that it may differ by where there is no threshold.
        label: Words for people.
        cloudwatch: Name in CloudWatch; ``{column}`` and ``{metric}`` are filled in.
    """

    takes: tuple[Takes, ...] = ("any",)
    unit: str | None = None
    worse: Worse | None = None
    threshold: float | None = None
    tolerance: float = 0.1
    label: str = ""
    cloudwatch: str = "feature_{metric}_{column}"

    def accepts(self, kind: ValueKind) -> bool:
        """Whether a column of this kind is taken."""
        return "any" in self.takes or kind in self.takes
