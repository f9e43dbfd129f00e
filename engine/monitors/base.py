"""What a monitor is: the analyzers it needs, and how their metrics become documents, violations and emissions.

The pipeline knows monitors by this class only; those that come with the engine use nothing that others cannot use.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel

from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer
from engine.documents.baseline import Baseline
from engine.documents.constraints import Constraints
from engine.documents.document import Document
from engine.documents.statistics import Statistics
from engine.documents.violations import Violation, Violations
from engine.measurements.measurement import Measurement
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
        dimensions: Further dimensions, for example the slice.
    """

    name: str
    value: float | None = None
    statistic_values: Mapping[str, float] | None = None
    unit: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_finite(self) -> bool:
        """Whether CloudWatch takes it: it refuses NaN and infinities."""
        values = [self.value] if self.value is not None else list((self.statistic_values or {}).values())
        return bool(values) and all(math.isfinite(value) for value in values)


@dataclass(frozen=True)
class DocumentKinds:
    """The documents of a monitor: models and file names. Statistics and constraints may be one file, then of one model."""

    statistics: type[Document] = Statistics
    constraints: type[Document] = Constraints
    violations: type[Violations] = Violations
    statistics_file: str = "statistics.json"
    constraints_file: str = "constraints.json"


class Monitor(ABC):
    """A monitor with its settings. What a third party writes to add one.

    Attributes:
        name: Key in the configuration, for example ``data_quality``.
        Settings: Pydantic model of the settings; the class is called with an instance as its only argument.
        documents: The documents that it writes and reads.
        metrics_group: End of the namespace of its metrics in CloudWatch; empty stands for the name and ``-metrics``.
        reads_explanations: Whether attributions in captured responses shall be columns of the data.
        reads_labels: Whether labels that were merged into captures shall be columns of the data.
        compares_slices: Whether the slices of the baseline are wanted as ``baseline.slices``.
    """

    name: ClassVar[str]
    Settings: ClassVar[type[BaseModel]]
    documents: ClassVar[DocumentKinds] = DocumentKinds()
    metrics_group: ClassVar[str] = ""
    reads_explanations: ClassVar[bool] = False
    reads_labels: ClassVar[bool] = False
    compares_slices: ClassVar[bool] = False

    def namespace(self, endpoint: str | None) -> str:
        """Where its metrics appear in CloudWatch, by whether they are an endpoint's."""
        group = self.metrics_group or f"{self.name.replace('_', '-')}-metrics"
        return f"aws/sagemaker/{'Endpoints' if endpoint else 'ModelMonitoring'}/{group}"

    def column_names(self, baseline: AnyBaseline) -> list[str] | None:
        """Names of the columns of the baseline in order, for data that has none of its own; None if not known."""
        return None

    def analyzers(self, column: str, baseline: AnyBaseline | None) -> list[ColumnAnalyzer]:
        """Analyzers of a column, without state; ``baseline`` is None in a baseline job."""
        return []

    def dataset_analyzers(self, baseline: AnyBaseline | None) -> list[DatasetAnalyzer]:
        """Analyzers of whole records, without state."""
        return []

    @abstractmethod
    def statistics(self, metrics: DatasetMetrics) -> Document:
        """The statistics document."""

    @abstractmethod
    def suggest(self, metrics: DatasetMetrics, statistics: Any) -> Document:
        """The constraints document that a baseline job writes."""

    @abstractmethod
    def verify(self, metrics: DatasetMetrics, statistics: Any, baseline: AnyBaseline) -> list[Violation]:
        """Constraints of the baseline that the data does not meet."""

    def notes(self, metrics: DatasetMetrics) -> Mapping[str, int]:
        """Things worth saying at the end of the job, and how many records each concerns: what was left out, what was decided."""
        return {}

    def files(self, metrics: DatasetMetrics) -> Mapping[str, str | bytes | None]:
        """Further files by their names below the output folder, written with the documents."""
        return {}

    def emissions(self, metrics: DatasetMetrics, statistics: Any, baseline: AnyBaseline | None) -> list[MetricDatum]:
        """Metrics to publish; the baseline's switches are honoured."""
        return []

    def measurements(self, metrics: DatasetMetrics, statistics: Any, baseline: AnyBaseline | None) -> list[Measurement]:
        """Rows of the table ``metrics.parquet``, those of the slices in ``metrics`` included.

        Every constraint that was verified is a row whose ``check`` names it; as many rows have the status ``violation`` as
        :meth:`verify` finds violations.
        """
        return []
