"""Decimals as doubles beside Python's exact fractions: the nearest double, to the last bit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns.decimals import to_doubles

KINDS = [
    pa.decimal128(10, 2), pa.decimal128(18, 6), pa.decimal128(38, 10), pa.decimal128(38, 0), pa.decimal128(38, 30),
    pa.decimal256(76, 5), pa.decimal256(30, 2), pa.decimal128(20, -3), pa.decimal128(1, 0), pa.decimal128(38, -25),
]  # fmt: skip


def stored(kind: Any, unscaled: list[int]) -> pa.Array:
    width = kind.byte_width
    data = b"".join(value.to_bytes(width, "little", signed=True) for value in unscaled)
    return pa.Array.from_buffers(kind, len(unscaled), [None, pa.py_buffer(data)])


@pytest.mark.parametrize("kind", KINDS, ids=str)
@given(data=st.data())
def test_to_doubles_any_decimal_gives_the_nearest_double(kind: Any, data: Any) -> None:
    bound = 10**kind.precision - 1
    numbers = st.integers(-bound, bound) | st.integers(-min(bound, 2**60), min(bound, 2**60))
    unscaled = data.draw(st.lists(numbers, max_size=20))
    expected = [float(Fraction(value) / Fraction(10) ** kind.scale) for value in unscaled]
    assert to_doubles(stored(kind, unscaled)).tolist() == expected
    assert to_doubles(stored(kind, unscaled)[1:]).tolist() == expected[1:]
