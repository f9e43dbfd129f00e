from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from monitor_benford import BenfordDistance

from engine import ColumnView
from engine.testing import metric_checks


@metric_checks(BenfordDistance, settings={"minimum": 10})
def test_it_keeps_the_rules_of_the_engine(check: Any) -> None:
    check()


def distance(values: list[float]) -> float | None:
    metric: Any = BenfordDistance(minimum=10)
    metric.update(ColumnView("amount", pa.array(values, pa.float64())))
    found: float | None = metric.result().value
    return found


def test_powers_of_two_keep_the_law() -> None:
    assert (distance([2.0**n for n in range(1000)]) or 1) < 0.01


def test_numbers_that_begin_with_nine_do_not() -> None:
    assert distance([9.0 + n / 100 for n in range(100)]) == pytest.approx(1 - np.log10(10 / 9))


def test_few_numbers_are_not_enough() -> None:
    assert distance([1.0, 0.0, 20.0]) is None
