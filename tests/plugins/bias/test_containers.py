"""The same labels, predictions and groups give the same figures of bias in every spelling, type and container."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from plugins.bias.formulas import number_of
from plugins.bias.verification import metrics_in
from tests.plugins.bias.brute_force import Row, metrics
from tests.plugins.clarify.captured import in_base64, write_captures
from tests.plugins.model_quality.test_containers import JSON_SPELLINGS, SPELLINGS, TYPED

Cells = tuple[int, int, int]
"""Group, label, prediction."""

cells = st.lists(st.tuples(*[st.integers(0, 1)] * 3), min_size=4, max_size=16).map(
    lambda some: [(0, 1, 1), (1, 0, 0), (0, 0, 1), (1, 1, 1), *some]
)
few = settings(max_examples=8, deadline=None)
SETTINGS = {
    "label": "y", "label_values_or_threshold": [1], "predicted_label": "p", "data_type_rule": "values",
    "facet": [{"name_or_index": "g", "value_or_threshold": [0]}],
}  # fmt: skip


def check(source: Path, folder: Path, some: Sequence[Cells], changed: dict[str, Any], **options: Any) -> None:
    """Compare all metrics but the flip test with their definitions."""
    result = engine.baseline(
        source, output=folder / "out", runner="inline", monitor="bias", settings=SETTINGS | changed, input=options
    )
    statistics: Any = result.statistics
    figures = {metric.name: number_of(metric.value) for metric in metrics_in(statistics) if metric.name != "FT"}
    by_hand = metrics([Row(g == 0, y == 1, p == 1, None) for g, y, p in some])
    assert figures == pytest.approx({name: by_hand[name] for name in figures}, rel=1e-12, abs=1e-12)


@few
@given(cells, st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_figures_of_csv_are_the_same_in_every_spelling(some: list[Cells], g: Any, y: Any, p: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        lines = [",".join((g[row[0]], y[row[1]], p[row[2]])) for row in some]
        path.write_text("\n".join(["G,Y,P", *lines]) + "\n")
        check(path, Path(folder), some, {})


@few
@given(cells, st.sampled_from(JSON_SPELLINGS), st.sampled_from(JSON_SPELLINGS))
def test_figures_of_json_lines_are_the_same_in_every_spelling(some: list[Cells], y: Any, p: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        lines = [f'{{"a":{{"g":[{row[0]}],"y":{y[row[1]]}}},"p":{p[row[2]]}}}' for row in some]
        path.write_text("\n".join(lines) + "\n")
        facet = {"name_or_index": "a.g[0]", "value_or_threshold": [0]}
        check(path, Path(folder), some, {"label": "$.a.y", "facet": [facet]})


@few
@given(cells, *[st.sampled_from(sorted(TYPED))] * 3)
def test_figures_of_parquet_are_the_same_in_every_type(some: list[Cells], g: str, y: str, p: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        columns = [TYPED[kind](list(column)) for kind, column in zip((g, y, p), zip(*some, strict=True), strict=True)]
        pq.write_table(pa.table(dict(zip("gyp", columns, strict=True))), path)
        check(path, Path(folder), some, {})


REQUESTS: dict[str, Callable[[Any], tuple[str, str]]] = {
    "csv": lambda g: (f"7,{g}", "CSV"),
    "list": lambda g: (f"[7, {g}]", "JSON"),
    "object": lambda g: (json.dumps({"x": 7, "g": g}), "JSON"),
    "base64": lambda g: in_base64((f"7,{g}", "CSV")),
}
RESPONSES: dict[str, tuple[Callable[[Any], tuple[str, str]], Any]] = {
    "csv": (lambda p: (str(p), "CSV"), 0),
    "list": (lambda p: (f"[{p}.0]", "JSON"), 0),
    "flag": (lambda p: (json.dumps(bool(p)), "JSON"), 0),
    "predictions": (lambda p: (json.dumps({"predictions": [{"label": str(p)}]}), "JSON"), "predictions[*].label"),
    "base64": (lambda p: in_base64((json.dumps({"predictions": [p]}), "JSON")), "$.predictions[0]"),
}


@few
@given(cells, st.sampled_from(sorted(REQUESTS)), st.sampled_from(sorted(RESPONSES)), st.sampled_from(SPELLINGS))
def test_figures_of_captures_are_the_same_in_every_form(
    some: list[Cells], request_form: str, response: str, spelling: Any
) -> None:
    answer, address = RESPONSES[response]
    with tempfile.TemporaryDirectory() as folder:
        path = write_captures(
            Path(folder) / "c" / "a.jsonl",
            [REQUESTS[request_form](g) for g, _, _ in some],
            [answer(p) for _, _, p in some],
            [(spelling[y], "CSV") for _, y, _ in some],
        )
        check(path, Path(folder), some, {"headers": ["x", "g", "y"], "predicted_label": address}, format="capture")


@few
@given(cells, st.lists(st.integers(1, 4), min_size=20, max_size=20))
def test_figures_of_mini_batches_are_those_of_their_rows(some: list[Cells], sizes: list[int]) -> None:
    batches, start = [], 0
    for size in sizes:
        if some[start : start + size]:
            batches.append(some[start : start + size])
        start += size
    with tempfile.TemporaryDirectory() as folder:
        path = write_captures(
            Path(folder) / "c" / "a.jsonl",
            [(json.dumps({"instances": [{"features": [7, g]} for g, _, _ in batch]}), "JSON") for batch in batches],
            [(json.dumps({"predictions": [{"label": p} for _, _, p in batch]}), "JSON") for batch in batches],
            [("\n".join(str(y) for _, y, _ in batch), "CSV") for batch in batches],
        )
        changed = {
            "headers": ["x", "g", "y"], "features": "instances[*].features", "label": "instances[*].label",
            "predicted_label": "predictions[*].label",
        }  # fmt: skip
        check(path, Path(folder), some, changed, format="capture")
