"""The common type of a column that files store in several types."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import reduce
from itertools import permutations
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.column_types import arrow_type, as_type, type_name, widest

TYPES = (
    pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
    pa.float16(), pa.float32(), pa.float64(), pa.decimal128(5, 2), pa.decimal128(38, 10), pa.decimal256(70, 3), pa.bool_(),
    pa.string(), pa.binary(), pa.date32(), pa.timestamp("ms", "UTC"), pa.time32("s"), pa.time64("ns"), pa.duration("ms"), pa.null(),
)  # fmt: skip
names = st.sampled_from([type_name(kind) for kind in TYPES])


@given(st.lists(names, min_size=1, max_size=4))
def test_widest_depends_on_neither_order_nor_grouping(kinds: list[str | None]) -> None:
    expected = reduce(widest, kinds)
    assert {reduce(widest, order) for order in permutations(kinds)} == {expected}
    assert widest(reduce(widest, kinds[:2]), reduce(widest, kinds[2:], None)) == expected


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        ([1, 2], pa.int32(), pa.int64()),
        ([1, 2], pa.uint8(), pa.int16()),
        ([2**64 - 1], pa.uint64(), pa.decimal128(20, 0)),
        ([16_777_217], pa.int32(), pa.float64()),
        ([Decimal("1.25")], pa.decimal128(10, 2), pa.decimal128(20, 2)),
        ([Decimal("1.25"), Decimal(3), None], pa.decimal128(30, 5), pa.float64()),
        ([True], pa.bool_(), pa.bool_()),
        ([dt.date(2026, 1, 31)], pa.date64(), pa.date32()),
    ],
)
def test_as_type_keeps_every_value(first: list[Any], second: pa.DataType, common: pa.DataType) -> None:
    cast = as_type(pa.array(first, second), str(type_name(common)))
    assert cast.type == common
    assert [value == original for value, original in zip(cast.to_pylist(), first, strict=True)] == [True] * len(first)


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (pa.array([True, None]), ["true", None]),
        (pa.array([1.5, 1e10, float("inf"), float("nan")]), ["1.5", "1.0E10", None, None]),
        (pa.array([Decimal("1.50")]), ["1.50"]),
        (pa.array([dt.date(2026, 1, 31)]), ["2026-01-31"]),
        (pa.array([dt.datetime(2026, 1, 31, 10)]), ["2026-01-31 10:00:00"]),  # noqa: DTZ001 - a type without a zone
        (pa.array([b"a\xff"]), ["a�"]),
        (pa.array([7]).dictionary_encode(), ["7"]),
    ],
)
def test_as_type_writes_text_as_spark_casts_it(array: pa.Array, texts: list[str | None]) -> None:
    assert as_type(array, "text").to_pylist() == texts


@given(names.filter(bool), names)
def test_arrow_type_and_type_name_are_inverse(one: str, other: str | None) -> None:
    common = str(widest(one, other))
    assert type_name(arrow_type(common)) == common
