"""Deequ's own repository: one JSON file of metrics, written and read by Deequ (deequ.md 6.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from engine.deequ.config import RepositoryConfig
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm, milliseconds
from engine.deequ.results import DeequMetric
from engine.deequ.strategies import reason_of


@dataclass(frozen=True)
class KeptMetric:
    """A metric of the repository, with the time and tags that it was kept under."""

    moment: datetime
    tags: dict[str, str]
    metric: DeequMetric


def open_repository(jvm: Jvm, config: RepositoryConfig) -> Any:
    """Deequ's FileSystemMetricsRepository."""
    cls = jvm.deequ.repository.fs.FileSystemMetricsRepository
    return cls(jvm.java_session, config.path)


def result_key(jvm: Jvm, moment: datetime, tags: Mapping[str, str]) -> Any:
    """Deequ's key of the results of a run."""
    return jvm.deequ.repository.ResultKey(milliseconds(moment), jvm.map(tags))


def read_repository(
    jvm: Jvm, config: RepositoryConfig, after: datetime | None = None, before: datetime | None = None
) -> list[KeptMetric]:
    """All metrics with the configured tags, oldest first.

    Args:
        jvm: The JVM.
        config: Where, and which tags.
        after: Earliest time, inclusive.
        before: Latest time, inclusive.

    Raises:
        DeequError: The file is not of Deequ.
    """
    loader = open_repository(jvm, config).load().withTagValues(jvm.map(config.tags))
    loader = loader if after is None else loader.after(milliseconds(after))
    loader = loader if before is None else loader.before(milliseconds(before))
    try:
        entries = json.loads(loader.getSuccessMetricsAsJson(jvm.seq([])))
    except Exception as error:
        raise DeequError(
            f"deequ.repository.path: {config.path} cannot be read as a repository of Deequ: {reason_of(error)} Name another file."
        ) from error
    return sorted((_kept(entry) for entry in entries), key=lambda kept: kept.moment)


def history_of(kept: list[KeptMetric], name: str, instance: str) -> list[tuple[int, float | None]]:
    """One metric as a series of milliseconds and values, ready for :func:`engine.deequ.strategies.detect_anomalies`.

    Args:
        kept: Metrics of a repository.
        name: Deequ's name of the metric, for example ``Mean``.
        instance: The column; ``*`` for the whole dataset.
    """
    return [
        (milliseconds(one.moment), one.metric.value)
        for one in kept
        if (one.metric.name, one.metric.instance) == (name, instance)
    ]


def _kept(entry: dict[str, Any]) -> KeptMetric:
    own = {"entity", "instance", "name", "value", "dataset_date"}
    metric = DeequMetric(entry["entity"], entry["instance"], entry["name"], float(entry["value"]))
    moment = datetime.fromtimestamp(entry["dataset_date"] / 1000, timezone.utc)
    return KeptMetric(moment, {key: str(value) for key, value in entry.items() if key not in own}, metric)
