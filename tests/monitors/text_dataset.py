"""Small columns of text, their metrics, and the baseline that the monitor makes of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from engine.documents.baseline import Baseline
from engine.documents.constraints import Constraints
from engine.metrics import DatasetMetrics
from engine.monitors.data_quality import DataQualityMonitor, DataQualitySettings
from tests.constraints.text_metrics import metrics_of

MONITOR = DataQualityMonitor()


def dataset(**columns: list[Any]) -> DatasetMetrics:
    """Metrics of columns of text; numbers get a sketch that holds them all."""
    metrics = {name: metrics_of(values) for name, values in columns.items()}
    for name, values in columns.items():
        if metrics[name]["moments"] is not None:
            numbers = [float(value) for value in values if value is not None]
            metrics[name]["kll"] = SimpleNamespace(buckets=[(0.0, 1.0, 1)], parameters=(2048, 0.64), data=[numbers])
    return DatasetMetrics(rows=len(next(iter(columns.values()))), columns=metrics)


def baseline_of(metrics: DatasetMetrics, monitor: DataQualityMonitor = MONITOR, **config: Any) -> Baseline:
    statistics = monitor.statistics(metrics)
    constraints = monitor.suggest(metrics, statistics).model_dump(exclude_none=True)
    distribution = config.pop("distribution_constraints", {})
    constraints["monitoring_config"].update(config)
    constraints["monitoring_config"]["distribution_constraints"].update(distribution)
    return Baseline(statistics, Constraints.model_validate(constraints))


def verify(metrics: DatasetMetrics, baseline: Baseline, **settings: Any) -> list[tuple[str, str]]:
    return [(v.feature_name, v.constraint_check_type) for v in violations(metrics, baseline, **settings)]


def violations(metrics: DatasetMetrics, baseline: Baseline, **settings: Any) -> list[Any]:
    monitor = DataQualityMonitor(DataQualitySettings(**settings))
    return monitor.verify(metrics, monitor.statistics(metrics), baseline)


LETTERS = ["a"] * 60 + ["b"] * 40
LOW = [str(i) for i in range(200)]
HIGH = [str(i) for i in range(150, 350)]
