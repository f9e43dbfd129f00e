"""Open Model Monitor: statistics, constraints and violations of captured inference data, on Spark.

The names below are the public interface; everything else may change. They are imported when first used, so that ``import engine``
needs neither Spark nor boto3.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.cpu import choose_sort

if TYPE_CHECKING:
    from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer, DerivedMetric, setting
    from engine.analyzers.measured import Measured
    from engine.analyzers.metric import metric
    from engine.analyzers.metric_constraint import MetricConstraint
    from engine.analyzers.metric_spec import MetricSpec
    from engine.analyzers.state import Max, Min
    from engine.api import baseline, monitor
    from engine.columns.batch import BatchView
    from engine.columns.view import ColumnView
    from engine.errors import MonitorError
    from engine.pipeline import JobResult, run_job

choose_sort()

__all__ = [
    "BatchView",
    "ColumnAnalyzer",
    "ColumnView",
    "DatasetAnalyzer",
    "DerivedMetric",
    "JobResult",
    "Max",
    "Measured",
    "MetricConstraint",
    "MetricSpec",
    "Min",
    "MonitorError",
    "baseline",
    "metric",
    "monitor",
    "run_job",
    "setting",
]

_HOME = {
    "BatchView": "engine.columns.batch",
    "ColumnAnalyzer": "engine.analyzers.base",
    "DatasetAnalyzer": "engine.analyzers.base",
    "DerivedMetric": "engine.analyzers.base",
    "Measured": "engine.analyzers.measured",
    "MetricConstraint": "engine.analyzers.metric_constraint",
    "MetricSpec": "engine.analyzers.metric_spec",
    "metric": "engine.analyzers.metric",
    "ColumnView": "engine.columns.view",
    "JobResult": "engine.pipeline",
    "Max": "engine.analyzers.state",
    "Min": "engine.analyzers.state",
    "MonitorError": "engine.errors",
    "baseline": "engine.api",
    "monitor": "engine.api",
    "run_job": "engine.pipeline",
    "setting": "engine.analyzers.base",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
