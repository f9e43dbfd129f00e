"""Sends metrics to CloudWatch (PutMetricData), for jobs that no platform collects metric files from."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.aws import called, client
from engine.errors import RefusedError

MOST_DATA = 1000
MOST_BYTES = 500_000
"""Of a request: the service takes 1,000 metrics and 1 MB."""

_LOG = logging.getLogger(__name__)


SMALLEST, LARGEST = 8.515920e-109, 1.174271e108
"""Absolute values that the service takes, beside zero."""


def _in_range(value: float) -> float:
    """The nearest value that the service takes: what stands for an infinity stays at the end of the scale."""
    return 0.0 if abs(value) < SMALLEST else max(-LARGEST, min(LARGEST, value))


def put_metrics(namespace: str, data: Sequence[Mapping[str, Any]]) -> None:
    """Send metrics, in as few requests as the service allows.

    Namespaces that begin with ``aws/`` may be refused: then one that begins with ``ModelMonitor/`` is taken.

    Args:
        namespace: Where they appear.
        data: Entries of ``MetricData``.

    Raises:
        DeliveryError: CloudWatch did not take them; requests before this one stay.
    """
    cloudwatch = client("cloudwatch")
    for batch in _batches([_taken(datum) for datum in data]):
        try:
            _put(cloudwatch, namespace, batch)
        except RefusedError as error:
            if not (namespace.startswith("aws/") and "namespace" in str(error).lower()):
                raise
            namespace = "ModelMonitor/" + namespace.removeprefix("aws/").removeprefix("sagemaker/")
            _LOG.warning("CloudWatch refuses the namespace, the metrics go to %s: %s", namespace, error)
            _put(cloudwatch, namespace, batch)
    _LOG.info("sent %d metrics to CloudWatch, namespace %s", len(data), namespace)


def _taken(datum: Mapping[str, Any]) -> Mapping[str, Any]:
    if "Value" in datum:
        return {**datum, "Value": _in_range(datum["Value"])}
    return {**datum, "StatisticValues": {name: _in_range(value) for name, value in datum["StatisticValues"].items()}}


def _put(cloudwatch: Any, namespace: str, batch: list[Mapping[str, Any]]) -> None:
    request = {"Namespace": namespace, "MetricData": batch}
    called(f"CloudWatch namespace {namespace}", lambda: cloudwatch.put_metric_data(**request))


def _batches(data: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    size = 0
    for datum in data:
        more = len(json.dumps(datum))
        if batch and (len(batch) == MOST_DATA or size + more > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(datum)
        size += more
    if batch:
        yield batch
