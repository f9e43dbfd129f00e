"""Relations between columns against numpy, over any split of the rows."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine import BatchView
from plugins.relations import Correlations, EqualColumns, SumHolds

cell = st.none() | st.integers(-1000, 1000).map(float)
table = st.lists(st.tuples(cell, cell, cell), max_size=40)


def batch(rows: list[tuple[Any, ...]], names: str = "abc") -> pa.RecordBatch:
    columns = [pa.array([row[i] for row in rows], pa.float64()) for i in range(len(names))]
    return pa.RecordBatch.from_arrays(columns, list(names))


def over(metric: Any, *parts: pa.RecordBatch) -> Any:
    for part in parts:
        other = metric.fresh()
        other.update(BatchView(part))
        metric.merge(other)
    return metric


@given(st.lists(table, min_size=1, max_size=4), st.sampled_from([0.0, 1e9]))
def test_correlations_are_numpys(parts: list[list[tuple[Any, ...]]], offset: float) -> None:
    moved = [[tuple(None if v is None else v + offset for v in row) for row in part] for part in parts]
    found = over(Correlations(), *(batch(part) for part in moved)).moments.correlations()
    rows = [row for part in parts for row in part]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        pairs = np.array([(row[i], row[j]) for row in rows if row[i] is not None and row[j] is not None])
        if len(pairs) < 2 or not pairs.std(axis=0).all():
            continue
        expected = np.corrcoef(pairs.T)[0, 1]
        assert found["abc"[i], "abc"[j]] == pytest.approx(expected, abs=1e-6)


def test_a_column_that_comes_later() -> None:
    parts = [batch([(1.0,), (2.0,)], "a"), batch([(1.0, 5.0), (2.0, 3.0), (3.0, 1.0)], "ab")]
    assert over(Correlations(), *parts).result()["a~b"].value == pytest.approx(-1)


def test_drift_of_correlations(tmp_path: Path) -> None:
    for name, sign in (("base", 1), ("now", -1)):
        rows = "".join(f"{i},{sign * i + i % 3},{i % 7}\n" for i in range(200))
        (tmp_path / f"{name}.csv").write_text(f"a,b,c\n{rows}")
    engine.baseline(tmp_path / "base.csv", output=tmp_path / "bl", runner="inline", metrics=["correlations"])
    result = engine.monitor(
        tmp_path / "now.csv",
        baseline=tmp_path / "bl",
        output=tmp_path / "out",
        runner="inline",
        metrics=["correlations"],
    )
    found = {m.metric: m for m in result.measurements if m.metric.startswith("correlations")}
    moved = found["correlations.a~b"]
    assert (round(moved.value or 0, 2), round(moved.baseline or 0, 2), round(moved.distance or 0, 2)) == (-1, 1, 2)
    assert (
        next(v.feature_name for v in result.violations if v.constraint_check_type == "metric_check")
        == "correlations.a~b"
    )
    assert found["correlations.a~c"].status == "ok"


@given(
    st.lists(st.tuples(st.sampled_from(["1", "1.0", "x", None]), st.sampled_from(["1", "x", "y", None])), max_size=20)
)
def test_equal_columns(rows: list[tuple[str | None, str | None]]) -> None:
    part = pa.RecordBatch.from_arrays([pa.array([r[i] for r in rows], pa.string()) for i in (0, 1)], ["l", "r"])
    both = [(a, b) for a, b in rows if a is not None and b is not None]
    equal = [a == b or (a in ("1", "1.0") and b == "1") for a, b in both]
    expected = sum(equal) / len(both) if both else None
    assert over(EqualColumns(left="l", right="r"), part).result() == expected


def test_sums() -> None:
    part = batch([(1.0, 2.0, 3.0), (1.0, 2.0, 4.0), (None, 1.0, 1.0), (1e12, 1.0, 1e12 + 1.5)])
    assert over(SumHolds(parts=("a", "b"), total="c"), part).result() == pytest.approx(2 / 3)
    assert over(SumHolds(parts=("a", "b"), total="c", tolerance=0), part).result() == pytest.approx(1 / 3)
    assert math.isclose(over(SumHolds(parts=("a", "b"), total="c", tolerance=1), part).result(), 1)
