"""Both profilers give the same statistics, field by field: the real Deequ on one side, our kernels on the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine
from engine.deequ.jvm import Jvm
from engine.testing.captures import write_captures

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]


def both(data: Path, folder: Path, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    found = []
    for profiler in ("engine", "deequ"):
        engine.baseline(data, output=folder / profiler, deequ={"profiler": profiler}, **options)
        found.append(json.loads((folder / profiler / "statistics.json").read_text()))
    return found[0], found[1]


def assert_same(ours: Any, theirs: Any, where: str = "") -> None:
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs), where
        for key, value in theirs.items():
            assert_same(ours[key], value, f"{where}.{key}")
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), where
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            assert_same(*pair, f"{where}[{index}]")
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-300), where
    else:
        assert ours == theirs, where


def test_generated_csv(jvm: Jvm, tmp_path: Path) -> None:
    del jvm
    rng = np.random.default_rng(1)
    rows = 3000
    columns = {
        "whole": rng.integers(-50, 50, rows).tolist(),
        "fraction": np.round(rng.normal(size=rows), 6).tolist(),
        "huge": (rng.normal(size=rows) * 1e200).tolist(),
        "tiny": (rng.normal(size=rows) * 1e-200).tolist(),
        "missing": [value if value > 0 else "" for value in rng.normal(size=rows).tolist()],
        "empty": [""] * rows,
        "mixed": [["1", "2.5", "x", "true", ""][i % 5] for i in range(rows)],
        "flag": [["true", "false"][i % 2] for i in range(rows)],
        "plan": [["gold", "free", "NullValue", "ä ö", ""][i % 5] for i in range(rows)],
        "id": [f"id-{i}" for i in range(rows)],
        "constant": [7] * rows,
    }
    lines = [",".join(columns), *(",".join(str(value) for value in row) for row in zip(*columns.values(), strict=True))]
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
    assert_same(*both(tmp_path / "d.csv", tmp_path))


def test_typed_parquet(jvm: Jvm, tmp_path: Path) -> None:
    del jvm
    table = pa.table({
        "int": pa.array([1, None, 3, 4] * 100), "double": pa.array([0.5, float("nan"), None, 2.5] * 100),
        "text": pa.array(["a", None, "12", "b"] * 100), "bool": pa.array([True, None, False, True] * 100),
        "list": pa.array([[1], None, [2, 3], []] * 100), "small": pa.array([1, 2, 3, 4] * 100, pa.int8()),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "d.parquet")
    assert_same(*both(tmp_path / "d.parquet", tmp_path))


@pytest.mark.parametrize("payload", ["csv", "json"])
def test_captures(jvm: Jvm, tmp_path: Path, payload: str) -> None:
    del jvm
    write_captures(tmp_path / "c", records=2000, seed=3, payload=payload, drift=True)
    assert_same(*both(tmp_path / "c", tmp_path))


@pytest.mark.parametrize("distinct", [1, 100, 10_000, 1_000_000])
def test_distinct_values(jvm: Jvm, tmp_path: Path, distinct: int) -> None:
    del jvm
    values = np.random.default_rng(distinct).integers(0, distinct, max(1000, distinct))
    table = pa.table({"number": values, "text": pa.array([f"v{v}" for v in values.tolist()])})
    pq.write_table(table, tmp_path / "d.parquet")
    assert_same(*both(tmp_path / "d.parquet", tmp_path, input={"split_bytes": 1 << 30}))


def test_several_splits_keep_the_bound(jvm: Jvm, tmp_path: Path) -> None:
    """Sketches of several partitions depend on how they are merged; each keeps its rank error (deequ.md 4)."""
    del jvm
    values = np.random.default_rng(0).normal(size=200_000).round(9)
    (tmp_path / "d.csv").write_text("x\n" + "\n".join(map(repr, values.tolist())) + "\n")
    ours, theirs = both(tmp_path / "d.csv", tmp_path, input={"split_bytes": 1 << 19})
    for found in (ours, theirs):
        buckets = found["features"][0]["numerical_statistics"]["distribution"]["kll"]["buckets"]
        edges = [bucket["lower_bound"] for bucket in buckets] + [buckets[-1]["upper_bound"]]
        exact = np.searchsorted(np.sort(values), edges)
        ranks = np.cumsum([0.0, *(bucket["count"] for bucket in buckets)])
        assert np.abs(ranks - exact).max() < 0.01 * len(values)
    for document in (ours, theirs):
        document["features"][0]["numerical_statistics"].pop("distribution")
    assert_same(ours, theirs)


@pytest.mark.golden
def test_golden_data(jvm: Jvm, shared: Path, tmp_path: Path) -> None:
    del jvm
    data = shared / "golden" / "sdk-quality-check-data" / "baseline_dataset.csv"
    ours, theirs = both(data, tmp_path)
    assert_same(ours, theirs)
