"""Domains of typed numbers: a number is in the domain however it is written there."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from engine.analyzers.domain import DomainMatch, DomainResult
from engine.columns.java_text import as_text
from engine.columns.view import ColumnView

LARGE = 2**53 + 1


@pytest.mark.parametrize(
    ("values", "domain", "matched"),
    [
        (pa.array([1e7, 2e7, 0.5]), ("10000000", "0.50"), 2),
        (pa.array([LARGE, LARGE - 1]), (str(LARGE),), 1),
        (pa.array([LARGE, LARGE - 1], pa.uint64()), (str(LARGE), "7"), 1),
        (pa.array([Decimal("0.10"), Decimal("1E+3")], pa.decimal128(10, 2)), ("0.1", "1000"), 2),
        (pa.array([0.1, 0.2], pa.float32()), ("0.1",), 1),
        (pa.array([-0.0, None, float("nan")]), ("0",), 1),
        (pa.array(["1.0", "1"]), ("1",), 1),  # texts are what they say
    ],
)
@pytest.mark.parametrize("times", [1, 100])
def test_domain_match_numbers_are_compared_as_numbers(
    values: Any, domain: tuple[str, ...], matched: int, times: int
) -> None:
    metric = DomainMatch(domain=domain)
    metric.update(ColumnView("x", pa.concat_arrays([values] * times)))
    present = sum(
        value is not None and not (isinstance(value, float) and math.isnan(value)) for value in values.to_pylist()
    )
    assert metric.result() == DomainResult(matched * times, present * times)


def test_as_text_floats_have_the_digits_of_their_width() -> None:
    found = as_text(pa.array([0.1, 1e7, 1e-4, 3.4e38, 16777216.0, None], pa.float32())).to_pylist()
    assert found == ["0.1", "1.0E7", "1.0E-4", "3.4E38", "1.6777216E7", None]  # Float.toString of Java
    assert as_text(pa.array([0.1], pa.float16())).to_pylist() == ["0.1"]
