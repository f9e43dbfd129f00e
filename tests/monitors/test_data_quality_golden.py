"""The monitor against documents of the closed container: what it suggested, and what it found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.documents.baseline import Baseline
from engine.documents.constraints import Constraints
from engine.documents.statistics import DatasetSummary, FeatureStatistics, Statistics
from engine.documents.violations import Violation, Violations
from engine.metrics import DatasetMetrics
from engine.monitors.base import Monitor
from engine.monitors.data_quality import DataQualityMonitor, DataQualitySettings
from tests.monitors.document_metrics import metrics_from, types

MONITOR = DataQualityMonitor()


def read(kind: Any, shared: Path, path: str) -> Any:
    return kind.parse((shared / "golden" / path).read_text(), path)


def plain(constraints: Constraints) -> dict[str, Any]:
    body = constraints.model_dump(exclude_none=True)
    for feature in body["features"]:
        if "string_constraints" in feature:
            feature["string_constraints"]["domains"] = set(feature["string_constraints"]["domains"])
    return body


@pytest.mark.parametrize(
    ("statistics", "constraints"),
    [
        ("cardio-aai540-2025/statistics.json", "cardio-aai540-2025/constraints.json"),
        ("sdk-quality-check-data/statistics.json", "sdk-quality-check-data/good_cases/constraints.json"),
        ("cookbook-data-quality/statistics.json", "cookbook-data-quality/constraints.json"),
    ],
)
def test_suggestion_from_their_statistics(shared: Path, statistics: str, constraints: str) -> None:
    document = read(Statistics, shared, statistics)
    ours = plain(MONITOR.suggest(metrics_from(document), document))
    theirs = plain(read(Constraints, shared, constraints))
    # Files of 2021 have neither key for String columns yet.
    theirs["monitoring_config"]["distribution_constraints"] = {
        "categorical_comparison_threshold": 0.1,
        "categorical_drift_method": "LInfinity",
        **theirs["monitoring_config"]["distribution_constraints"],
    }
    assert ours == theirs


def test_statistics_have_the_newer_shape_byte_for_byte(shared: Path) -> None:
    """From the metrics in a real document comes that document; only categories are in our own order."""
    document = read(Statistics, shared, "cardio-aai540-2025/statistics.json")
    for feature in document.features:
        if feature.categories is not None:
            buckets = feature.string_statistics.distribution.categorical.buckets
            buckets.sort(key=lambda bucket: (-bucket.count, bucket.value))
    assert MONITOR.statistics(metrics_from(document)).to_json() == document.to_json()


def cookbook(shared: Path) -> tuple[DatasetMetrics, Statistics, Baseline]:
    """The run of 18 rows: twelve of one request, six of another, in which the integers were sent as fractions."""
    current = read(Statistics, shared, "cookbook-data-quality/current_statistics.json")
    mixed = {"data_type": types(Integral=12, Fractional=6)}
    constraints = read(Constraints, shared, "cookbook-data-quality/constraints.json")
    constraints.by_name()["label"].inferred_type = "Fractional"  # The edit that its author made before scheduling.
    baseline = Baseline(read(Statistics, shared, "cookbook-data-quality/statistics.json"), constraints)
    return metrics_from(current, c=mixed, d=mixed), current, baseline


def test_their_violations_of_a_run_without_drift(shared: Path) -> None:
    found = MONITOR.verify(*cookbook(shared))
    theirs = read(Violations, shared, "cookbook-data-quality/constraint_violations.json").violations
    assert by_feature(found) == by_feature(theirs)


def test_correct_ranks_find_the_drift_that_the_container_overlooks(shared: Path) -> None:
    monitor = DataQualityMonitor(DataQualitySettings(deequ_2_0_ranks=False))
    drifted = {
        v.feature_name for v in monitor.verify(*cookbook(shared)) if v.constraint_check_type == "baseline_drift_check"
    }
    assert {"a", "b"} <= drifted
    assert not drifted & {"c", "d"}


def by_feature(violations: list[Violation]) -> list[Violation]:
    return sorted(violations, key=lambda violation: violation.feature_name or "")


@pytest.mark.parametrize(
    ("path", "current", "baseline"),
    [
        ("fraud-dq-headerless/constraint_violations.json", 1, 8),
        ("emotion-mq-multiclass/DQ_constraint_violations.json", 27, 21),
        ("emotion-mq-multiclass/violations.json", 7, 21),
    ],
)
def test_their_violations_of_the_number_of_columns(shared: Path, path: str, current: int, baseline: int) -> None:
    statistics = unknown_columns(current)
    constraints = MONITOR.suggest(DatasetMetrics(5, {}), unknown_columns(baseline))
    constraints.features = [f.model_copy(update={"completeness": None}) for f in constraints.features]
    found = MONITOR.verify(metrics_from(statistics), statistics, Baseline(None, constraints))
    assert found == read(Violations, shared, path).violations


def unknown_columns(number: int) -> Statistics:
    features = [FeatureStatistics(name=f"_c{i}", inferred_type="Unknown") for i in range(number)]
    return Statistics(dataset=DatasetSummary(item_count=5), features=features)


@pytest.mark.parametrize(("case", "expected"), [("good_cases", []), ("bad_cases", [("_c5", "data_type_check")])])
def test_quality_check_of_the_sdk(shared: Path, case: str, expected: list[tuple[str, str]]) -> None:
    statistics = read(Statistics, shared, "sdk-quality-check-data/statistics.json")
    constraints = read(Constraints, shared, f"sdk-quality-check-data/{case}/constraints.json")
    found = MONITOR.verify(metrics_from(statistics), statistics, Baseline(statistics, constraints))
    assert [(v.feature_name, v.constraint_check_type) for v in found] == expected


def test_their_share_of_a_large_run(shared: Path) -> None:
    """The printed text of the churn run, from counts inferred to give its share."""
    printed = (shared / "golden" / "churn-data-quality" / "printed_outputs_2022-03.txt").read_text()
    (share,) = set(re.findall(r"Only (99\.\d+)% of data is Integral", printed))
    # The rows are not published; 1912 of 1919 is inferred from the share and the seven bad rows of other runs.
    statistics = Statistics.model_validate({"dataset": {"item_count": 1919}, "features": [numeric("State_HI", 1919)]})
    constraints = MONITOR.suggest(metrics_from(statistics), statistics)
    mixed = {"data_type": types(Integral=1912, Fractional=7)}
    (violation,) = MONITOR.verify(metrics_from(statistics, State_HI=mixed), statistics, Baseline(None, constraints))
    assert violation.description in re.sub(r"\s+", " ", printed)
    assert f"Only {share}% of data is Integral." in violation.description


def numeric(name: str, present: int) -> dict[str, Any]:
    common = {"num_present": present, "num_missing": 0}
    return {"name": name, "inferred_type": "Integral", "numerical_statistics": {"common": common, "min": 0.0}}


def test_it_is_a_monitor() -> None:
    monitor: Monitor = MONITOR
    assert monitor.name == "data_quality"
    assert monitor.Settings().model_dump() == DataQualitySettings().model_dump()
