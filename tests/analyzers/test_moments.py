"""Moments are the same bits on every machine: summed in row order, and by no library that cuts the sum by its threads."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analyzers.moments import Moments
from engine.columns.view import ColumnView
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways

OF_MANY_VALUES = """
import json, numpy as np, pyarrow as pa
from engine.analyzers.moments import Moments
from engine.columns.view import ColumnView
found = []
for seed in range(20):
    moments = Moments()
    moments.update(ColumnView("x", pa.array(np.random.default_rng(seed).normal(3, 2, 65_536))))
    found += [moments.total.hex(), moments.average.hex(), moments.m2.hex()]
print(json.dumps(found))
"""


def in_a_process(threads: int) -> list[str]:
    variables = {name: str(threads) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", OF_MANY_VALUES], env=os.environ | variables, capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_threads_of_linear_algebra_change_no_bit() -> None:
    assert in_a_process(1) == in_a_process(2)


@given(st.lists(st.lists(st.floats(-1e30, 1e30), max_size=30)))
def test_sum_in_row_order(batches: list[list[float]]) -> None:
    moments, total = Moments(), 0.0
    for batch in batches:
        moments.update(ColumnView("x", pa.array(batch, pa.float64())))
        for value in batch:
            total += value
    assert moments.total == total


def test_standard_deviation_of_many_values() -> None:
    values = np.random.default_rng(1).normal(1e6, 2, 200_000)
    moments = Moments()
    for part in np.array_split(values, 7):
        moments.update(ColumnView("x", pa.array(part)))
    result = moments.result()
    assert result is not None
    assert result.std_dev == pytest.approx(float(values.std()), rel=1e-12)


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_deviation_whose_squares_are_beyond_doubles_is_nan_wherever_the_data_is_cut(cut: int) -> None:
    """Deequ's is NaN, too: it merges with an empty state, and an infinity times no rows is none."""
    values = [1e300, -1e300, 1e300, 2.0, -3e300]  # the squares are some 1e600
    first, second = Moments(), Moments()
    first.update(ColumnView("x", pa.array(values[:cut])))
    second.update(ColumnView("x", pa.array(values[cut:])))
    first.merge(second)
    result = first.result()
    assert result is not None
    assert math.isnan(result.std_dev)
    assert math.isnan(result.variance)
