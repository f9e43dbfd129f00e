"""The share of outliers against numpy, and in jobs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analyzers.completeness import CompletenessResult
from engine.analyzers.data_types import DataTypeResult
from engine.analyzers.quantiles import KllResult
from plugins.outliers import OutlierShare

values = st.lists(st.floats(-50, 50, width=32), min_size=4, max_size=80)


def sketch(sample: list[float]) -> dict[str, Any]:
    return {"kll": KllResult([], (2048, 0.64), [sorted(sample)])}


@given(values, values)
def test_share_beyond_the_fences(before: list[float], now: list[float]) -> None:
    found = OutlierShare(minimum=1).compute(sketch(now), sketch(before))
    low, high = np.quantile(before, [0.25, 0.75], method="inverted_cdf")
    reach = 1.5 * (high - low)
    outside = sum(value < low - reach or value > high + reach for value in now)
    assert found.value == pytest.approx(outside / len(now), abs=1e-12)
    assert found.error == 0


def test_the_baseline_is_measured_by_its_own_fences() -> None:
    metric = OutlierShare(minimum=1)
    sample = [*range(100), 1000, -1000]
    found = metric.compute(sketch([float(x) for x in sample]), None)
    assert found.value == pytest.approx(2 / 102)
    assert metric.suggest("outlier_share", found, []).threshold == pytest.approx(2 / 102 + 0.01)
    assert found.explanation[0].startswith("0.98% lie below")


def test_too_few_values() -> None:
    assert OutlierShare().compute(sketch([1.0]), sketch([1.0] * 200)).status == "not_enough_data"
    assert OutlierShare().compute({"kll": None}, None).status == "not_enough_data"


def test_texts_in_place_of_numbers_are_no_lack_of_data() -> None:
    texts = {"data_type": DataTypeResult("String", {}), "completeness": CompletenessResult(500, 0, 1.0), "kll": None}
    found = OutlierShare().compute(texts, sketch([1.0] * 200))
    assert found.status == "not_computed"
    assert found.detail["reason"] == "the column held numbers in the baseline and holds texts now"


def test_numbers_near_the_largest_have_fences_beyond_all_numbers() -> None:
    found = OutlierShare().compute(sketch([1.7e308] * 200), sketch([-1.7e308] * 100 + [1.7e308] * 100))
    assert (found.value, found.status) == (0.0, "ok")


def test_chance_alone_raises_no_alarm() -> None:
    rng, alarms = np.random.default_rng(0), 0
    for _ in range(60):
        before, now = rng.normal(0, 1, 2000).tolist(), rng.normal(0, 1, 150).tolist()
        metric = OutlierShare()
        constraint = metric.suggest("outlier_share", metric.compute(sketch(before), None), [])
        alarms += metric.verify("outlier_share", metric.compute(sketch(now), sketch(before)), constraint) is not None
    assert alarms <= 3  # what the error lets pass of 60 cases
    shifted = metric.compute(sketch(rng.normal(3, 1, 150).tolist()), sketch(before))
    assert f"Metric outlier_share with {shifted.value} was greater" in str(
        metric.verify("outlier_share", shifted, constraint)
    )
