"""Equal columns and sums by all digits, beside Python's integers and decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from engine import BatchView
from plugins.relations import EqualColumns, SumHolds

LARGE = 2**53


def equal(left: Any, right: Any) -> float | None:
    metric = EqualColumns(left="l", right="r")
    metric.update(BatchView(pa.record_batch({"l": left, "r": right})))
    return metric.result()


NEXT = {
    "int64": pa.array([LARGE + 1, 2**62 + 1, 3]),
    "uint64": pa.array([LARGE + 1, 2**62 + 1, 3], pa.uint64()),
    "decimal": pa.array([Decimal(LARGE + 1), Decimal(2**62 + 1), Decimal(3)], pa.decimal128(38, 0)),
    "text": pa.array([str(LARGE + 1), str(2**62 + 1), "3.0"]),
    "stored text": pa.array([str(LARGE + 1), f" {2**62 + 1}", "3e0"]).dictionary_encode(),
}


@pytest.mark.parametrize("left", NEXT)
@pytest.mark.parametrize("right", NEXT)
def test_equal_columns_whole_numbers_of_any_type_are_compared_by_all_digits(left: str, right: str) -> None:
    assert equal(NEXT[left], NEXT[right]) == 1.0
    assert equal(NEXT[left], pa.array([LARGE, 2**62, 3])) == pytest.approx(1 / 3)
    assert equal(pa.array([LARGE + 2.0, 2.0**62, 3.0]), NEXT[right]) == pytest.approx(1 / 3)


def test_equal_columns_decimals_and_texts_with_many_digits_differ_where_their_last_ones_do() -> None:
    one, other = "0.12345678901234567890", "0.12345678901234567891"
    kind = pa.decimal128(30, 20)
    assert equal(pa.array([Decimal(one), Decimal(one)], kind), pa.array([Decimal(one), Decimal(other)], kind)) == 0.5
    assert equal(pa.array([one, one]), pa.array([one, other])) == 0.5
    assert equal(pa.array([Decimal("56834724.12"), Decimal("0.10")]), pa.array([56834724.12, 0.1])) == 1.0


def test_equal_columns_missing_values_of_any_kind_leave_their_row_out() -> None:
    assert equal(pa.array([1.0, float("nan"), float("inf"), None]), pa.array([1.0, 2.0, 3.0, 4.0])) == 1.0
    assert equal(pa.array([float("nan")]), pa.array([float("nan")])) is None
    assert equal(pa.array(["x", "", None]), pa.array(["x", "y", "y"])) == 0.5
    assert equal(pa.array([True, False]), pa.array(["true", "x"])) == 0.5


def holds(tolerance: float, **columns: Any) -> float | None:
    metric = SumHolds(parts=("a", "b"), total="c", tolerance=tolerance)
    metric.update(BatchView(pa.record_batch(columns)))
    return metric.result()


def test_sum_holds_whole_numbers_and_decimals_are_added_exactly() -> None:
    large = {"a": pa.array([LARGE, LARGE]), "b": pa.array([1, 1]), "c": pa.array([LARGE + 1, LARGE])}
    assert holds(0, **large) == 0.5
    kind = pa.decimal128(10, 1)
    tenths = {name: pa.array([Decimal(text)], kind) for name, text in (("a", "0.1"), ("b", "0.2"), ("c", "0.3"))}
    assert holds(0, **tenths) == 1.0  # 0.1 + 0.2 is not 0.3 in doubles
    mixed = tenths | {"b": pa.array([1], pa.int8()), "c": pa.array([Decimal("1.1")], pa.decimal256(40, 5))}
    assert holds(0, **mixed) == 1.0
    assert holds(0, **(tenths | {"b": pa.array([None], kind)})) is None
