"""Missing cells of text columns are the category NullValue, as in real files of 2020, and never a drift of their own making."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine.documents.baseline import Baseline
from engine.documents.constraints import Constraints
from engine.documents.statistics import Statistics
from engine.metrics import DatasetMetrics
from tests.monitors.text_dataset import MONITOR, baseline_of, dataset, verify

GAPS = ["a"] * 60 + ["b"] * 30 + [None] * 60
WHOLE = ["a"] * 80 + ["b"] * 40


def buckets(document: Statistics) -> dict[str, int] | None:
    return document.features[0].categories


def without_null_value(baseline: Baseline) -> Baseline:
    """The baseline as files were before: missing cells are not among the values."""
    assert baseline.statistics is not None
    assert baseline.constraints is not None
    statistics = Statistics.model_validate(baseline.statistics.model_dump(exclude_none=True))
    part = statistics.features[0].string_statistics
    assert part is not None
    assert part.distribution is not None
    assert part.distribution.categorical is not None
    part.distribution.categorical.buckets = [b for b in part.distribution.categorical.buckets if b.value != "NullValue"]
    constraints = Constraints.model_validate(baseline.constraints.model_dump(exclude_none=True))
    assert constraints.features[0].string_constraints is not None
    constraints.features[0].string_constraints.domains = ["a", "b"]
    return Baseline(statistics, constraints)


def test_missing_cells_are_a_bucket_and_in_the_domain_but_not_counted_as_values() -> None:
    document = MONITOR.statistics(dataset(t=GAPS))
    assert buckets(document) == {"NullValue": 60, "a": 60, "b": 30}
    part = document.features[0].string_statistics
    assert part is not None
    assert (part.distinct_count, part.common.num_present, part.common.num_missing) == (2.0, 90, 60)
    assert MONITOR.suggest(DatasetMetrics(150, {}), document).features[0].domains == ["NullValue", "a", "b"]


def test_a_column_without_missing_cells_has_no_such_value() -> None:
    assert buckets(MONITOR.statistics(dataset(t=WHOLE))) == {"a": 80, "b": 40}


def test_a_text_that_says_null_value_is_counted_with_the_missing_cells_as_deequ_does() -> None:
    document = MONITOR.statistics(dataset(t=[*GAPS, "NullValue"]))
    assert buckets(document) == {"NullValue": 61, "a": 60, "b": 30}
    assert document.features[0].present_categories == {"NullValue": 1, "a": 60, "b": 30}


@pytest.mark.parametrize("method", ["LInfinity", "ChiSquared"])
def test_the_same_data_never_violates_its_own_baseline(method: str) -> None:
    baseline = baseline_of(dataset(t=GAPS), distribution_constraints={"categorical_drift_method": method})
    assert verify(dataset(t=GAPS), baseline) == []
    assert verify(dataset(t=GAPS), without_null_value(baseline)) == []


def test_more_missing_cells_than_before_are_a_drift() -> None:
    now = dataset(t=["a"] * 20 + ["b"] * 10 + [None] * 300)
    assert verify(now, baseline_of(dataset(t=GAPS))) == [("t", "completeness_check"), ("t", "baseline_drift_check")]
    assert verify(now, without_null_value(baseline_of(dataset(t=GAPS)))) == [("t", "completeness_check")]


def test_the_drift_plugin_compares_present_values(tmp_path: Any) -> None:
    for name in ("before", "now"):
        (tmp_path / f"{name}.csv").write_text("t,n\n" + "".join(f"{v or ''},1\n" for v in GAPS))
    engine.baseline(tmp_path / "before.csv", output=tmp_path / "b", runner="inline")
    result = engine.monitor(
        tmp_path / "now.csv", baseline=tmp_path / "b", output=tmp_path / "o", runner="inline", metrics=["drift"]
    )
    assert result.violations == []
