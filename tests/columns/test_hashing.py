"""xxHash of texts beside the reference implementation, and finite values of float columns."""

from __future__ import annotations

import math
import struct

import numpy as np
import pyarrow as pa
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from engine.columns.hashing import hash_array
from engine.columns.numbers import finite
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways


@given(st.lists(st.text(max_size=120)), st.integers(0, 5))
def test_texts(texts: list[str], skipped: int) -> None:
    found = hash_array(pa.array(texts, pa.string())[skipped:])
    assert found.tolist() == [xxhash.xxh64_intdigest(text.encode(), seed=42) for text in texts[skipped:]]


@given(st.lists(st.floats() | st.sampled_from([0.0, -0.0, -math.nan])))
def test_doubles(values: list[float]) -> None:
    found = hash_array(pa.array(values, pa.float64()))
    bits = [struct.pack("<d", math.nan if math.isnan(value) else value + 0.0) for value in values]
    assert found.tolist() == [xxhash.xxh64_intdigest(each, seed=42) for each in bits]


@given(st.lists(st.floats(width=32)))
def test_finite(values: list[float]) -> None:
    expected = [value for value in values if np.isfinite(value)]
    for kind in (pa.float64(), pa.float32()):
        assert finite(pa.array(values, kind)).to_pylist() == expected


def test_finite_values_with_an_infinite_sum() -> None:
    assert len(finite(pa.array([1.7e308, 1.7e308, float("nan")]))) == 2
