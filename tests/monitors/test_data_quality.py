"""Each check on small columns, and what the documents hold."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from engine.documents.baseline import Baseline
from engine.documents.statistics import Statistics
from engine.metrics import DatasetMetrics
from engine.monitors.data_quality import DataQualityMonitor, DataQualitySettings
from tests.monitors.text_dataset import HIGH, LETTERS, LOW, MONITOR, baseline_of, dataset, verify, violations

CATEGORY_VALUE = r"Value: (.+) does not meet the constraint requirement!"
DRIFT_DISTANCE = r"distance: (.+) exceeds"


def test_data_meets_its_own_baseline() -> None:
    metrics = dataset(n=LOW[:100], t=LETTERS, b=["true", "false"] * 50, empty=[None] * 100)
    assert verify(metrics, baseline_of(metrics)) == []


def test_unknown_columns_have_a_name_and_a_type() -> None:
    document = MONITOR.statistics(dataset(empty=[None] * 3))
    assert document.features[0].model_dump(exclude_none=True) == {"name": "empty", "inferred_type": "Unknown"}
    constraints = MONITOR.suggest(DatasetMetrics(3, {}), document)
    assert constraints.features[0].model_dump(exclude_none=True) == {
        "name": "empty", "inferred_type": "Unknown", "completeness": 0.0,
    }  # fmt: skip


def test_many_values_have_no_buckets_and_no_domain() -> None:
    document = MONITOR.statistics(dataset(t=[f"x{i}" for i in range(121)] * 2))
    assert document.features[0].string_statistics is not None
    assert document.features[0].string_statistics.distribution is None
    assert MONITOR.suggest(DatasetMetrics(242, {}), document).features[0].string_constraints is None


def test_types_are_exact_classes() -> None:
    mixed = dataset(n=["1"] * 50 + ["1.5"] * 50)
    assert verify(mixed, baseline_of(mixed)) == [("n", "data_type_check")]
    assert verify(mixed, baseline_of(mixed), fractional_accepts_integral=True) == []
    (found,) = violations(dataset(n=["1"] * 2 + ["x"]), baseline_of(dataset(n=["1", "2"])))
    assert found.description == (
        "Data type match requirement is not met. Expected data type: Integral, Expected match: 100.0%. "
        "Observed: Only 66.66666666666666% of data is Integral."
    )


def test_the_type_threshold_is_honoured() -> None:
    baseline = baseline_of(dataset(n=["1"] * 100), datatype_check_threshold=0.9)
    assert verify(dataset(n=["1"] * 95 + ["1.5"] * 5), baseline) == []
    assert verify(dataset(n=["1"] * 85 + ["1.5"] * 15), baseline) == [("n", "data_type_check")]


def test_missing_cells() -> None:
    baseline = baseline_of(dataset(n=["1", None]))
    assert verify(dataset(n=["1", None]), baseline) == []
    (found,) = violations(dataset(n=["1", None, None, None]), baseline)
    assert found.constraint_check_type == "completeness_check"
    # The words of real outputs of 2020 and 2026; the number is the percentage.
    assert found.description == "Data completeness requirement is not met. Expected: 50.0%. Observed: Only 25.0%."
    # A column without any value is incomplete, not of another type.
    assert verify(dataset(n=[None] * 4), baseline) == [("n", "completeness_check")]


def test_values_outside_the_domain() -> None:
    baseline = baseline_of(dataset(t=LETTERS), distribution_constraints={"perform_comparison": "Disabled"})
    (found,) = violations(dataset(t=["a", "b", "c", "c"]), baseline)
    assert found.constraint_check_type == "categorical_values_check"
    assert float(re.findall(CATEGORY_VALUE, found.description)[0]) == 0.5
    many = dataset(t=["a", "b"])
    many.columns["t"]["domain"] = SimpleNamespace(matched=1, present=4)  # type: ignore[index]
    assert "Value: 0.25 does" in violations(many, baseline)[0].description


def test_numeric_drift() -> None:
    baseline = baseline_of(dataset(n=LOW))
    (found,) = violations(dataset(n=HIGH), baseline)
    assert found.constraint_check_type == "baseline_drift_check"
    distance = float(re.findall(DRIFT_DISTANCE, found.description)[0])
    assert distance == pytest.approx(0.75 - 1.8 * (400 / 40000) ** 0.5)
    assert verify(dataset(n=LOW), baseline) == []


def test_simple_distance_and_threshold() -> None:
    limits = {"comparison_method": "linf_simple", "comparison_threshold": 0.75}
    assert verify(dataset(n=HIGH), baseline_of(dataset(n=LOW), distribution_constraints=limits)) == []
    limits["comparison_threshold"] = 0.74
    (found,) = violations(dataset(n=HIGH), baseline_of(dataset(n=LOW), distribution_constraints=limits))
    assert found.description == "Baseline drift distance: 0.75 exceeds threshold: 0.74"


def test_drift_against_buckets_alone() -> None:
    baseline = baseline_of(dataset(n=LOW))
    assert baseline.statistics
    kll = baseline.statistics.features[0].kll
    assert kll
    kll.sketch, kll.buckets[0].lower_bound, kll.buckets[0].upper_bound, kll.buckets[0].count = None, 0.0, 199.0, 200.0
    assert verify(dataset(n=HIGH), baseline) == [("n", "baseline_drift_check")]
    assert verify(dataset(n=LOW), baseline) == []


def test_categorical_drift() -> None:
    current = dataset(t=["a"] * 10 + ["b"] * 90)
    assert verify(current, baseline_of(dataset(t=LETTERS))) == [("t", "baseline_drift_check")]
    high = {"categorical_comparison_threshold": 0.9}
    assert verify(current, baseline_of(dataset(t=LETTERS), distribution_constraints=high)) == []


def test_chi_squared_is_chosen_and_described() -> None:
    monitor = DataQualityMonitor(DataQualitySettings(categorical_drift_method="ChiSquared"))
    baseline = baseline_of(dataset(t=LETTERS), monitor)
    (found,) = violations(dataset(t=["a"] * 30 + ["b"] * 70), baseline)
    assert float(re.findall(DRIFT_DISTANCE, found.description)[0]) > 0.99
    assert "ChiSquared: p-value" in found.description
    assert verify(dataset(t=LETTERS), baseline) == []


def test_a_column_of_another_type_has_no_drift() -> None:
    found = verify(dataset(n=[f"{value}.5" for value in HIGH]), baseline_of(dataset(n=LOW)))
    assert found == [("n", "data_type_check")]


def test_constraints_alone_are_enough() -> None:
    baseline = Baseline(None, baseline_of(dataset(n=LOW)).constraints)
    assert verify(dataset(n=HIGH), baseline) == []
    assert verify(dataset(n=HIGH), Baseline(baseline_of(dataset(n=LOW)).statistics, None)) == []


def test_negative_numbers_only_on_request() -> None:
    baseline = baseline_of(dataset(n=["0", "1"]))
    assert verify(dataset(n=["-1", "1"]), baseline) == []
    assert verify(dataset(n=["-1", "1"]), baseline, check_non_negative=True) == [("n", "is_non_negative_check")]


def test_numbers_of_columns() -> None:
    two, one = dataset(a=["1"], b=["1"]), dataset(a=["1"])
    (missing,) = violations(one, baseline_of(two))
    assert missing.feature_name == "Missing columns"
    assert missing.description.endswith("dataset: 1, Number of columns in baseline constraints: 2")
    (extra,) = violations(two, baseline_of(one), list_columns=True)
    assert extra.feature_name == "Extra columns"
    assert extra.description.endswith("constraints: 1. Extra columns: b")


def test_as_many_columns_of_other_names() -> None:
    found = violations(dataset(a=["1"], c=["1"]), baseline_of(dataset(a=["1"], b=["1"])))
    assert [v.constraint_check_type for v in found] == ["missing_column_check", "extra_column_check"]
    assert found[0].description.endswith("Missing columns: b")
    assert found[1].description.endswith("Extra columns: c")


def test_column_names_of_the_baseline() -> None:
    baseline = baseline_of(dataset(b=["1"], a=["1"]))
    assert MONITOR.column_names(baseline) == ["b", "a"]
    assert MONITOR.column_names(Baseline(baseline.statistics, None)) == ["b", "a"]
    assert MONITOR.column_names(Baseline(None, None)) is None


def test_statistics_survive_writing_and_reading() -> None:
    document = MONITOR.statistics(dataset(n=LOW[:100], t=LETTERS))
    assert Statistics.parse(document.to_json(), "statistics.json") == document


def test_analyzers_of_a_column_with_a_domain() -> None:
    pytest.importorskip("engine.analyzers.quantiles")
    baseline = baseline_of(dataset(t=LETTERS, n=LETTERS))
    standard = {"completeness", "data_type", "moments", "kll", "distinct", "categories"}
    assert {analyzer.name for analyzer in MONITOR.analyzers("t", None)} == standard
    assert {analyzer.name for analyzer in MONITOR.analyzers("t", baseline)} == standard | {"domain"}
    assert {analyzer.name for analyzer in MONITOR.analyzers("new", baseline)} == standard
