"""What stands in for a metric of a plugin whose class cannot be called: it fails where the metric would be used, alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer, setting
from engine.analyzers.metric_spec import MetricSpec
from engine.columns.batch import BatchView
from engine.columns.view import ColumnView
from engine.foreign_code import ForeignError


@dataclass
class UnmadeColumnMetric(ColumnAnalyzer):
    """A metric of a column that could not be made."""

    spec: ClassVar[MetricSpec | None] = MetricSpec()
    reason: str = setting(default="")

    def update(self, column: ColumnView) -> None:
        """Fail."""
        raise ForeignError(self.reason)

    def result(self) -> None:
        """Fail."""
        raise ForeignError(self.reason)


@dataclass
class UnmadeDatasetMetric(DatasetAnalyzer):
    """A metric of whole records that could not be made."""

    spec: ClassVar[MetricSpec | None] = MetricSpec()
    reason: str = setting(default="")

    def update(self, batch: BatchView) -> None:
        """Fail."""
        raise ForeignError(self.reason)

    def result(self) -> None:
        """Fail."""
        raise ForeignError(self.reason)
