"""CloudWatch metrics as JSON Lines, in the form that SageMaker collects from a container."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol

from engine.config_sections import CloudWatchConfig
from engine.sinks.files import write_documents

FILE_NAME = "cloudwatch_metrics.jsonl"
LONGEST_NAME = 255


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


def publish(config: CloudWatchConfig, data: Iterable[Datum]) -> Path | str | None:
    """Write the metrics of a job where the configuration wants them; None when it does not want them."""
    if not config.enabled or config.metrics_dir is None:
        return None
    given = {"Endpoint": config.endpoint, "MonitoringSchedule": config.schedule}
    dimensions = {name: value for name, value in given.items() if value}
    return write_metric_lines(config.metrics_dir, data, config.metric_time or datetime.now(timezone.utc), dimensions)


def write_metric_lines(
    directory: str | Path, data: Iterable[Datum], timestamp: datetime, dimensions: Mapping[str, str]
) -> Path | str:
    """Write one metric a line to ``cloudwatch_metrics.jsonl``, appearing whole or not at all.

    CloudWatch refuses NaN and infinities, so such metrics are left out.
    """
    when = timestamp.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    pairs = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    lines = [_line(datum, when, pairs) for datum in data if _is_finite(datum)]
    return write_documents(directory, {FILE_NAME: "".join(lines)})[FILE_NAME]


def _line(datum: Datum, when: str, dimensions: list[dict[str, str]]) -> str:
    own = [{"Name": name, "Value": value} for name, value in datum.dimensions.items()]
    line: dict[str, Any] = {"MetricName": datum.name[:LONGEST_NAME], "Timestamp": when, "Dimensions": dimensions + own}
    if datum.value is not None:
        line["Value"] = float(datum.value)
    else:
        line["StatisticValues"] = {key: float(value) for key, value in (datum.statistic_values or {}).items()}
    if datum.unit:
        line["Unit"] = datum.unit
    text = json.dumps(line, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _is_finite(datum: Datum) -> bool:
    values = [datum.value] if datum.value is not None else list((datum.statistic_values or {}).values())
    return bool(values) and all(math.isfinite(value) for value in values)
