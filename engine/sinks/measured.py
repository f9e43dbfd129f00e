"""The measurements of plugins as metrics for CloudWatch; those of a slice carry it as a dimension."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.measurements.measurement import Measurement
from engine.monitors.base import MetricDatum


def data_of(measurements: Iterable[Measurement]) -> Iterator[MetricDatum]:
    """One datum a measurement that has a value and a name in CloudWatch."""
    for found in measurements:
        if found.cloudwatch and found.value is not None:
            dimensions = {"Slice": found.slice} if found.slice else {}
            yield MetricDatum(found.cloudwatch, found.value, unit=found.unit, dimensions=dimensions)
