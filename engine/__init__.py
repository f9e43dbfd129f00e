"""Open Model Monitor: statistics, constraints and violations of captured inference data, on Spark.

The names below are the public interface; everything else may change. They are imported when first used, so that ``import engine``
needs neither Spark nor boto3.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.cpu import choose_sort

if TYPE_CHECKING:
    from engine.actions.base import Action, ViolationEvent
    from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer, DerivedMetric, setting
    from engine.analyzers.measured import Measured
    from engine.analyzers.metric import metric
    from engine.analyzers.metric_constraint import MetricConstraint
    from engine.analyzers.metric_spec import MetricSpec
    from engine.analyzers.state import Max, Min
    from engine.api import baseline, monitor
    from engine.columns.batch import BatchView
    from engine.columns.java_text import java_double
    from engine.columns.labels import canonical_label, canonical_labels
    from engine.columns.view import ColumnView
    from engine.documents.document import Document
    from engine.documents.violations import Violation
    from engine.errors import DataFormatError, MonitorError, NoDataError
    from engine.measurements.measurement import Measurement
    from engine.metrics import DatasetMetrics
    from engine.monitors.base import DocumentKinds, MetricDatum, Monitor
    from engine.pipeline import JobResult, run_job

choose_sort()

__all__ = [
    "Action",
    "BatchView",
    "ColumnAnalyzer",
    "ColumnView",
    "DataFormatError",
    "DatasetAnalyzer",
    "DatasetMetrics",
    "DerivedMetric",
    "Document",
    "DocumentKinds",
    "JobResult",
    "Max",
    "Measured",
    "Measurement",
    "MetricConstraint",
    "MetricDatum",
    "MetricSpec",
    "Min",
    "Monitor",
    "MonitorError",
    "NoDataError",
    "Violation",
    "ViolationEvent",
    "baseline",
    "canonical_label",
    "canonical_labels",
    "java_double",
    "metric",
    "monitor",
    "run_job",
    "setting",
]

_HOME = {
    "Action": "engine.actions.base",
    "BatchView": "engine.columns.batch",
    "ColumnAnalyzer": "engine.analyzers.base",
    "ColumnView": "engine.columns.view",
    "DataFormatError": "engine.errors",
    "DatasetAnalyzer": "engine.analyzers.base",
    "DatasetMetrics": "engine.metrics",
    "DerivedMetric": "engine.analyzers.base",
    "Document": "engine.documents.document",
    "DocumentKinds": "engine.monitors.base",
    "JobResult": "engine.pipeline",
    "Max": "engine.analyzers.state",
    "Measured": "engine.analyzers.measured",
    "Measurement": "engine.measurements.measurement",
    "MetricConstraint": "engine.analyzers.metric_constraint",
    "MetricDatum": "engine.monitors.base",
    "MetricSpec": "engine.analyzers.metric_spec",
    "Min": "engine.analyzers.state",
    "Monitor": "engine.monitors.base",
    "MonitorError": "engine.errors",
    "NoDataError": "engine.errors",
    "Violation": "engine.documents.violations",
    "ViolationEvent": "engine.actions.base",
    "baseline": "engine.api",
    "canonical_label": "engine.columns.labels",
    "canonical_labels": "engine.columns.labels",
    "java_double": "engine.columns.java_text",
    "metric": "engine.analyzers.metric",
    "monitor": "engine.api",
    "run_job": "engine.pipeline",
    "setting": "engine.analyzers.base",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
