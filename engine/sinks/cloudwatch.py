"""Metrics for CloudWatch: as JSON Lines, in the form that SageMaker collects from a container, or sent by the job itself."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol

from engine.config_sections import CloudWatchConfig
from engine.errors import DeliveryError, MonitorError
from engine.failures import message_of
from engine.sinks.files import write_documents
from engine.sinks.put_metrics import put_metrics

FILE_NAME = "cloudwatch_metrics.jsonl"
LONGEST_NAME = 255
MOST_DIMENSIONS = 30

_LOG = logging.getLogger(__name__)


class Datum(Protocol):
    """A metric: a value, or a set of statistics (SampleCount, Sum, Minimum, Maximum)."""

    @property
    def name(self) -> str:
        """Name of the metric."""

    @property
    def value(self) -> float | None:
        """A number, or None when there are statistics."""

    @property
    def statistic_values(self) -> Mapping[str, float] | None:
        """Statistics by name, or None when there is a value."""

    @property
    def unit(self) -> str | None:
        """CloudWatch's unit; None leaves it out."""

    @property
    def dimensions(self) -> Mapping[str, str]:
        """Dimensions beside those of the job."""


def publish(config: CloudWatchConfig, data: Iterable[Datum], namespace: str) -> Path | str | None:
    """Write the metrics of a job to a file, send them, or both, as the configuration wants.

    Args:
        config: Section ``cloudwatch`` of the configuration.
        data: The metrics.
        namespace: Where they appear when they are sent, unless the configuration names a namespace.

    Returns:
        Where the file is, if one was written.

    Raises:
        DeliveryError: The file cannot be written, or CloudWatch does not take what is sent.
    """
    if not config.enabled:
        return None
    given = {"Endpoint": config.endpoint, "MonitoringSchedule": config.schedule}
    dimensions = {name: value for name, value in given.items() if value}
    entries = metric_entries(data, config.metric_time or datetime.now(timezone.utc), dimensions)
    written = write_metric_lines(config.metrics_dir, entries) if config.metrics_dir else None
    if config.put or (config.put is None and not config.metrics_dir):
        put_metrics(config.namespace or namespace, entries)
    return written


def metric_entries(data: Iterable[Datum], timestamp: datetime, dimensions: Mapping[str, str]) -> list[dict[str, Any]]:
    """The metrics as PutMetricData has them.

    CloudWatch refuses NaN and infinities; such metrics are left out, and a warning says which.
    """
    when = timestamp.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    pairs = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    taken: list[dict[str, Any]] = []
    left_out: list[str] = []
    for datum in data:
        if _is_finite(datum):
            taken.append(_entry(datum, when, pairs))
        else:
            left_out.append(datum.name)
    if left_out:
        _LOG.warning(
            "%d metrics are no numbers that CloudWatch takes, and were left out: %s", len(left_out), _few(left_out)
        )
    return taken


def write_metric_lines(directory: str | Path, entries: Iterable[Mapping[str, Any]]) -> Path | str:
    """Write one metric a line to ``cloudwatch_metrics.jsonl``, appearing whole or not at all.

    Raises:
        DeliveryError: It cannot be written there.
    """
    texts = (json.dumps(entry, ensure_ascii=False) for entry in entries)
    lines = [text.encode("utf-8", "backslashreplace").decode() + "\n" for text in texts]
    try:
        return write_documents(directory, {FILE_NAME: "".join(lines)})[FILE_NAME]
    except MonitorError as error:
        reason = message_of(error.__cause__ or error).rstrip(".")
        raise DeliveryError(f"{directory}: {FILE_NAME} cannot be written: {reason}") from error


def _entry(datum: Datum, when: str, dimensions: list[dict[str, str]]) -> dict[str, Any]:
    own = [{"Name": name, "Value": value} for name, value in datum.dimensions.items()]
    entry: dict[str, Any] = {
        "MetricName": datum.name[:LONGEST_NAME],
        "Timestamp": when,
        "Dimensions": (dimensions + own)[:MOST_DIMENSIONS],
    }
    if datum.value is not None:
        entry["Value"] = float(datum.value)
    else:
        entry["StatisticValues"] = {key: float(value) for key, value in (datum.statistic_values or {}).items()}
    if datum.unit:
        entry["Unit"] = datum.unit
    return entry


def _is_finite(datum: Datum) -> bool:
    values = [datum.value] if datum.value is not None else list((datum.statistic_values or {}).values())
    return bool(values) and all(math.isfinite(value) for value in values)


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
