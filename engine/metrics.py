"""What a pass over a dataset yields: the results of the analyzers, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.analyzers.base import Analyzer
from engine.columns.kinds import ValueKind

ColumnMetrics = Mapping[str, Any]
"""Results by analyzer name."""

WHOLE = ""
"""The place of a dataset's own metrics among those of its columns."""


@dataclass(frozen=True)
class MetricFailure:
    """A metric of a plugin that could not be computed.

    Attributes:
        metric: Its key.
        column: Where it failed; empty for metrics of the whole dataset.
        where: Split, or what the engine was doing.
        error: The exception, in one line.
        origin: Distribution or file that the metric comes from.
    """

    metric: str
    column: str
    where: str
    error: str
    origin: str = ""

    def __str__(self) -> str:
        column = f" of column {self.column!r}" if self.column else ""
        origin = f" [{self.origin}]" if self.origin else ""
        return f"metric {self.metric!r}{column} failed ({self.where}): {self.error}{origin}"


@dataclass(frozen=True)
class DatasetMetrics:
    """Metrics of a dataset, or of one slice or chunk of it.

    Attributes:
        rows: Number of records analysed; malformed ones are not among them.
        columns: Metrics by column name, in the order of the table.
        malformed: Number of records put in quarantine.
        notes: Counts of things worth saying at the end, by text.
        dataset: Results of the monitor's dataset analyzers by name.
        plugged: Analyzers of plugins by column (``WHOLE``: of the dataset) and key; their results are computed when judged.
        kinds: What each column holds.
        slices: The same of each slice, by its label.
        chunks: The same of each chunk of the data, where thresholds are learnt.
        failures: Metrics of plugins that failed during the pass.
    """

    rows: int
    columns: Mapping[str, ColumnMetrics]
    malformed: int = 0
    notes: Mapping[str, int] = field(default_factory=dict)
    dataset: Mapping[str, Any] = field(default_factory=dict)
    plugged: Mapping[str, Mapping[str, Analyzer]] = field(default_factory=dict)
    kinds: Mapping[str, ValueKind] = field(default_factory=dict)
    slices: Mapping[str, DatasetMetrics] = field(default_factory=dict)
    chunks: tuple[DatasetMetrics, ...] = ()
    failures: tuple[MetricFailure, ...] = ()
