from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config_sections import CloudWatchConfig
from engine.datasets.base import QuarantinedRecord
from engine.sinks.cloudwatch import metric_entries, publish, write_metric_lines
from engine.sinks.exit_message import LIMIT, completed_message, write_message
from engine.sinks.quarantine import quarantine_lines

WHEN = datetime(2026, 1, 31, 11, tzinfo=timezone(timedelta(hours=1)))


@dataclass(frozen=True)
class Datum:
    name: str
    value: float | None = None
    statistic_values: Mapping[str, float] | None = None
    unit: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)


def lines(path: object) -> list[object]:
    return [json.loads(line) for line in Path(str(path)).read_text(encoding="utf-8").splitlines()]


def test_metric_lines(tmp_path: Path) -> None:
    statistics = {"SampleCount": 5.0, "Sum": 9.0, "Minimum": 1.0, "Maximum": 3.0}
    data = [Datum("feature_non_null_ä", 1, unit="Count"), Datum("feature_data_a", statistic_values=statistics)]
    dimensions = {"Endpoint": "e", "MonitoringSchedule": "s"}
    written = write_metric_lines(tmp_path / "new", metric_entries(data, WHEN, dimensions))
    pairs = [{"Name": "Endpoint", "Value": "e"}, {"Name": "MonitoringSchedule", "Value": "s"}]
    common = {"Timestamp": "2026-01-31T10:00:00Z", "Dimensions": pairs}
    assert written == tmp_path / "new" / "cloudwatch_metrics.jsonl"
    assert lines(written) == [
        {"MetricName": "feature_non_null_ä", "Value": 1.0, "Unit": "Count"} | common,
        {"MetricName": "feature_data_a", "StatisticValues": statistics} | common,
    ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_cloudwatch_refuses_is_left_out(tmp_path: Path, bad: float) -> None:
    data = [Datum("a", bad), Datum("b", statistic_values={"Sum": bad}), Datum("c"), Datum("d", 0.5)]
    names = [line["MetricName"] for line in lines(write_metric_lines(tmp_path, metric_entries(data, WHEN, {})))]  # type: ignore[index]
    assert names == ["d"]


def test_publishing_is_off_unless_asked_for(tmp_path: Path) -> None:
    assert publish(CloudWatchConfig(metrics_dir=str(tmp_path / "m")), [Datum("a", 1.0)], "n") is None
    assert not (tmp_path / "m").exists()


def test_dimensions_that_are_not_known_are_left_out(tmp_path: Path) -> None:
    config = CloudWatchConfig(enabled=True, metrics_dir=str(tmp_path), schedule="s", metric_time=WHEN)
    [line] = lines(publish(config, [Datum("a", 1.0)], "n"))
    assert line["Dimensions"] == [{"Name": "MonitoringSchedule", "Value": "s"}]  # type: ignore[index]


@pytest.mark.parametrize(
    ("violations", "text"),
    [
        (0, "Completed: Job completed successfully with no violations."),
        (1, "CompletedWithViolations: Job completed successfully with 1 violations."),
        (60, "CompletedWithViolations: Job completed successfully with 60 violations."),
    ],
)
def test_exit_messages(violations: int, text: str) -> None:
    assert completed_message(violations) == text


@given(st.text(st.characters(codec="utf-8"), min_size=500, max_size=1500))
def test_a_message_is_cut_between_characters(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("message") / "output" / "message"
    write_message(path, text)
    written = path.read_bytes()
    assert len(written) <= LIMIT
    assert text.startswith(written.decode("utf-8"))
    assert written.decode("utf-8") == text or len(written) > LIMIT - 4


def test_quarantine_lines() -> None:
    records = [
        QuarantinedRecord("a.jsonl", {"line": 3}, "not JSON", '{"bröken'),
        QuarantinedRecord("b.gz", {"byte": 12}, "truncated gzip"),
        QuarantinedRecord("c.csv", {"line": 1}, "not UTF-8", "\udcff"),
    ]
    text = quarantine_lines(records, 3)
    text.encode("utf-8")
    first, second, third = (json.loads(line) for line in text.splitlines())
    assert first == {"file": "a.jsonl", "position": {"line": 3}, "reason": "not JSON", "record": '{"bröken'}
    assert second == {"file": "b.gz", "position": {"byte": 12}, "reason": "truncated gzip"}
    assert third["record"] == "\udcff"


def test_records_that_are_not_listed_are_counted() -> None:
    [_, last] = quarantine_lines([QuarantinedRecord("a", {"line": 1}, "x")], 5).splitlines()
    assert json.loads(last)["not_listed"] == 4
