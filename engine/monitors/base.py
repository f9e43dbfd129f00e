"""What a monitor is: the analyzers it needs, and how their metrics become documents, violations and emissions.

The pipeline knows monitors by this protocol only; those that come with the engine use nothing that others cannot use.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from engine.analyzers.base import ColumnAnalyzer
from engine.documents.baseline import Baseline
from engine.documents.document import Document
from engine.documents.violations import Violation
from engine.metrics import DatasetMetrics

AnyBaseline = Baseline[Any, Any]


@dataclass(frozen=True)
class MetricDatum:
    """One metric for CloudWatch: a value, or a set of statistics.

    Attributes:
        name: Name of the metric.
        value: A finite number, or None if ``statistic_values`` is given.
        statistic_values: SampleCount, Sum, Minimum and Maximum.
        unit: CloudWatch unit; None leaves it out.
    """

    name: str
    value: float | None = None
    statistic_values: Mapping[str, float] | None = None
    unit: str | None = None

    @property
    def is_finite(self) -> bool:
        """Whether CloudWatch takes it: it refuses NaN and infinities."""
        values = [self.value] if self.value is not None else list((self.statistic_values or {}).values())
        return bool(values) and all(math.isfinite(value) for value in values)


class Monitor(Protocol):
    """A monitor with its settings.

    Attributes:
        name: Key in the configuration, for example ``data_quality``.
        Settings: Pydantic model of the settings; the class is called with an instance as its only argument.
    """

    @property
    def name(self) -> str:
        """Key in the configuration."""

    @property
    def Settings(self) -> type[BaseModel]:  # noqa: N802 - a class held as attribute
        """Model of the settings."""

    def column_names(self, baseline: AnyBaseline) -> list[str] | None:
        """Names of the columns of the baseline in order, for data that has none of its own; None if not known."""

    def analyzers(self, column: str, baseline: AnyBaseline | None) -> list[ColumnAnalyzer]:
        """Analyzers of a column, without state; ``baseline`` is None in a baseline job."""

    def statistics(self, metrics: DatasetMetrics) -> Document:
        """The statistics document."""

    def suggest(self, metrics: DatasetMetrics, statistics: Any) -> Document:
        """The constraints document that a baseline job writes."""

    def verify(self, metrics: DatasetMetrics, statistics: Any, baseline: AnyBaseline) -> list[Violation]:
        """Constraints of the baseline that the data does not meet."""

    def emissions(self, metrics: DatasetMetrics, statistics: Any, baseline: AnyBaseline | None) -> list[MetricDatum]:
        """Metrics to publish; the baseline's switches are honoured."""
