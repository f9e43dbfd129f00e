"""Values without nulls, of any type and slice."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns.present import present
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways


@given(
    st.lists(st.none() | st.floats(allow_nan=False) | st.integers(-9, 9).map(float), max_size=70),
    st.integers(0, 20),
    st.integers(0, 40),
)
def test_doubles(values: list[float | None], first: int, rows: int) -> None:
    array = pa.array(values, pa.float64())[first : first + rows]
    assert present(array).to_pylist() == [value for value in values[first : first + rows] if value is not None]
    present(array).validate(full=True)


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1, None, 2**63 - 1]),
        pa.array([2**64 - 1, None], pa.uint64()),
        pa.array([1, None], pa.int8()),
        pa.array(["a", None, "b"]),
        pa.array([True, None, False]),
        pa.array([dt.datetime(2026, 1, 31, 10, tzinfo=dt.timezone.utc), None], pa.timestamp("us", "UTC")),
        pa.array([None, None], pa.int64()),
        pa.nulls(3),
    ],
    ids=lambda array: str(array.type),
)
def test_types(array: pa.Array) -> None:
    assert present(array).equals(array.drop_null())
