"""The analyzers of a job: the monitor's, those that metrics are derived from, and the metrics of plugins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer
from engine.analyzers.built_in import BUILT_IN
from engine.analyzers.data_types import DataTypes
from engine.analyzers.unmade import UnmadeColumnMetric, UnmadeDatasetMetric
from engine.documents.baseline import Baseline
from engine.execution.analyses import Segment
from engine.foreign_code import ForeignError, call_foreign
from engine.measurements.use import MetricUse, uses_of_column
from engine.monitors.base import Monitor


@dataclass(frozen=True)
class JobAnalyses:
    """See :class:`~engine.execution.analyses.Analyses`. Sent to the tasks."""

    monitor: Monitor
    baseline: Baseline[Any, Any] | None = None
    uses: tuple[MetricUse, ...] = ()
    segments: tuple[Segment, ...] = ()

    def of_column(self, column: str) -> dict[str, ColumnAnalyzer]:
        """The monitor's analyzers first, then what plugins need, then the plugins' own."""
        found = {analyzer.name: analyzer for analyzer in self.monitor.analyzers(column, self.baseline)}
        uses = uses_of_column(self.uses, column)
        if uses:
            found.setdefault(DataTypes.name, DataTypes())  # says whether a column of texts is one of numbers
        for use in uses.values():
            for need in use.needs:
                if need not in found and need in BUILT_IN:
                    found[need] = BUILT_IN[need]()
        return found | {key: _made(use, UnmadeColumnMetric) for key, use in uses.items() if use.of_column}

    def of_dataset(self) -> dict[str, DatasetAnalyzer]:
        """The monitor's, then the plugins'."""
        found = {analyzer.name: analyzer for analyzer in self.monitor.dataset_analyzers(self.baseline)}
        return found | {use.key: _made(use, UnmadeDatasetMetric) for use in self.uses if use.of_dataset}


def _made(use: MetricUse, stand_in: Callable[..., Any]) -> Any:
    """The metric with empty state; if its class raises when it is called, what fails in its place."""
    try:
        return call_foreign(use.new, use.metric.__module__)
    except ForeignError as error:
        return stand_in(reason=str(error))
