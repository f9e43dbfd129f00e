"""Leaving columns out changes the meaning of no index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import DataFormatError
from tests.plugins.clarify.captured import csv_payload, list_payload, payloads, write_captures

ROWS = [(7, 1, 1), (8, 0, 1), (9, 1, 0), (7, 0, 0), (5, 1, 1)]
"""A feature, label, prediction: three of five are right."""


def accuracy(data: Path, folder: Path, source: dict[str, Any], **attributes: Any) -> float:
    settings = {"problem_type": "BinaryClassification", **attributes}
    result = engine.baseline(
        data, output=folder / "out", runner="inline", monitor="model_quality", settings=settings, input=source
    )
    statistics: Any = result.statistics
    value: float = statistics.metrics_block["accuracy"]["value"]
    return value


def write_csv(folder: Path) -> Path:
    (folder / "a.csv").write_text("x,y,p\n" + "".join(f"{x},{y},{p}\n" for x, y, p in ROWS))
    return folder / "a.csv"


def write_json_lines(folder: Path) -> Path:
    lines = [json.dumps(dict(zip(("a", "b", "c"), row, strict=True))) for row in ROWS]
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n")
    return folder / "a.jsonl"


@pytest.mark.parametrize("write", [write_csv, write_json_lines])
@pytest.mark.parametrize("excluded", [[], ["0"]])
def test_index_of_a_table_counts_columns_that_are_left_out(tmp_path: Path, write: Any, excluded: list[str]) -> None:
    source = {"exclude_features": excluded}
    right = accuracy(write(tmp_path), tmp_path, source, ground_truth_attribute=1, inference_attribute=2)
    assert right == pytest.approx(3 / 5)


def test_index_of_a_column_that_is_left_out_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataFormatError, match=r"no column 0; allowed is an index from 1 to 2"):
        accuracy(
            write_csv(tmp_path), tmp_path, {"exclude_features": ["X"]}, ground_truth_attribute=1, inference_attribute=0
        )


@pytest.mark.parametrize("form", [csv_payload, list_payload])
def test_index_into_the_response_counts_columns_that_are_left_out(tmp_path: Path, form: Any) -> None:
    data = write_captures(
        tmp_path / "c" / "a.jsonl",
        payloads([row[:1] for row in ROWS], csv_payload),
        payloads([(0.5, row[2]) for row in ROWS], form),
        payloads([row[1:2] for row in ROWS], csv_payload),
    )
    parts = {"format": "capture", "capture": {"parts": ["endpointInput", "endpointOutput", "groundTruthData"]}}
    name = "_c0"  # the first of the response
    assert accuracy(data, tmp_path, parts, inference_attribute=1) == pytest.approx(3 / 5)
    left = parts | {"exclude_features": [name]}
    assert accuracy(data, tmp_path, left, inference_attribute=1) == pytest.approx(3 / 5)


@pytest.mark.parametrize("excluded", [[], ["0"], ["age"]])
def test_facet_by_index_counts_columns_that_are_left_out(tmp_path: Path, excluded: list[str]) -> None:
    rows = [(20 + i % 7, "fm"[i % 2], int(i % 3 > 0), int(i % 4 > 0)) for i in range(80)]
    (tmp_path / "a.csv").write_text("age,sex,y,p\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    settings = {
        "label": 2, "predicted_label": 3, "label_values_or_threshold": [1], "methods": {"pre_training_bias": ["CI"]},
        "facet": [{"name_or_index": 1, "value_or_threshold": ["f"]}], "data_type_rule": "values",
    }  # fmt: skip
    engine.baseline(
        tmp_path / "a.csv", output=tmp_path / "out", runner="inline", monitor="bias", settings=settings,
        input={"exclude_features": excluded},
    )  # fmt: skip
    block = json.loads((tmp_path / "out" / "analysis.json").read_text())["pre_training_bias_metrics"]
    assert block["facets"]["1"][0]["metrics"][0]["value"] == 0.0
