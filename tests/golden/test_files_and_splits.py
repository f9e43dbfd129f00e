"""The same rows in one file and in fifty: exact fields equal, moments to 1e-12, sketches within their bound."""

from __future__ import annotations

import csv
import json
import math
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import engine

RANK_ERROR = 0.01
"""Of a sketch with k = 2048, as a share of the values; the paper's bound for this k is below it."""


def statistics(folder: Path, parts: Sequence[str]) -> Any:
    """Statistics of CSV files, the larger ones a split each."""
    source = folder / f"in-{len(parts)}"
    source.mkdir(parents=True)
    for index, part in enumerate(parts):
        (source / f"{index:03}.csv").write_text(part)
    largest = max(len(part.encode()) for part in parts)
    engine.baseline(source, output=folder / f"out-{len(parts)}", runner="inline", input={"split_bytes": largest})
    return json.loads((folder / f"out-{len(parts)}" / "statistics.json").read_text())


def assert_same(one: Any, many: Any, columns: dict[str, list[str]]) -> None:
    assert one["dataset"] == many["dataset"]
    for mine, theirs in zip(one["features"], many["features"], strict=True):
        assert (mine["name"], mine["inferred_type"]) == (theirs["name"], theirs["inferred_type"])
        assert mine.get("string_statistics") == theirs.get("string_statistics")
        if "numerical_statistics" in mine:
            values = np.array([float(cell) for cell in columns[mine["name"]] if cell])
            assert_same_numbers(mine["numerical_statistics"], theirs["numerical_statistics"], values)


def assert_same_numbers(one: dict[str, Any], many: dict[str, Any], values: np.ndarray[Any, Any]) -> None:
    size = float(np.abs(values).sum())  # cancelling terms lose digits of the sum, not of what was added
    scale = {"sum": size, "mean": size / len(values), "std_dev": float(np.sqrt(np.square(values).mean()))}
    for key, scale_of_key in scale.items():
        assert math.isclose(one[key], many[key], rel_tol=1e-12, abs_tol=1e-12 * scale_of_key), key
    exact = {"common", "min", "max", "approximate_num_distinct_values", "completeness"}
    assert {key: one[key] for key in exact} == {key: many[key] for key in exact}
    first, second = one["distribution"]["kll"], many["distribution"]["kll"]
    assert first["sketch"]["parameters"] == second["sketch"]["parameters"]
    for sketch in (first["sketch"]["data"], second["sketch"]["data"]):
        assert_ranks(sketch, np.sort(values))
    for mine, theirs in zip(first["buckets"], second["buckets"], strict=True):
        assert (mine["lower_bound"], mine["upper_bound"]) == (theirs["lower_bound"], theirs["upper_bound"])
        assert abs(mine["count"] - theirs["count"]) <= 4 * RANK_ERROR * len(values)


def assert_ranks(levels: list[list[float]], values: np.ndarray[Any, Any]) -> None:
    """The sketch's share of values at or below any value is the true one, within the bound."""
    items = np.concatenate([np.array(level) for level in levels])
    weights = np.concatenate([np.full(len(level), 2.0**height) for height, level in enumerate(levels)])
    order = np.argsort(items)
    totals = np.concatenate([[0.0], np.cumsum(weights[order])])
    assert totals[-1] == len(values)
    found = totals[np.searchsorted(items[order], values, side="right")]
    true = np.searchsorted(values, values, side="right")
    assert np.abs(found - true).max() <= RANK_ERROR * len(values)


def test_a_real_table_in_fifty_files(shared: Path, tmp_path: Path) -> None:
    text = (shared / "golden" / "cardio-aai540-2025" / "cardio_engineered_reconstructed.csv").read_text()
    header, *rows = text.splitlines(keepends=True)
    bounds = [len(rows) * part // 50 for part in range(51)]
    parts = [header + "".join(rows[start:stop]) for start, stop in pairwise(bounds)]
    names = next(csv.reader([header]))
    columns = dict(zip(names, map(list, zip(*csv.reader(rows), strict=True)), strict=True))
    one = statistics(tmp_path, [text])
    assert len(one["features"]) > 20
    assert_same(one, statistics(tmp_path, parts), columns)


numbers = st.one_of(st.integers(-1000, 1000).map(str), st.floats(-1e6, 1e6).map(lambda x: f"{x:.3f}"), st.just(""))
texts = st.sampled_from(["a", "b", "", "true", "7"])


@settings(max_examples=25)
@given(st.lists(st.tuples(numbers, texts), min_size=1, max_size=200), st.integers(2, 50))
def test_any_table_in_any_number_of_files(rows: list[tuple[str, str]], files: int) -> None:
    lines = [f"{number},{text}\n" for number, text in rows]
    bounds = [len(lines) * part // files for part in range(files + 1)]
    parts = ["n,t\n" + "".join(lines[start:stop]) for start, stop in pairwise(bounds)]
    columns = {"n": [number for number, _ in rows], "t": [text for _, text in rows]}
    with tempfile.TemporaryDirectory() as folder:
        one = statistics(Path(folder), ["n,t\n" + "".join(lines)])
        assert_same(one, statistics(Path(folder), parts), columns)
