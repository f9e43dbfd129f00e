"""Responses and labels of captures in every form: an index counts the response alone, or the label alone.

The right values are by hand: predictions 0.9 and 0.5 against labels 0.3 and 0.1 have errors of 0.6 and 0.4, so mae is 0.5.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import DataFormatError
from tests.plugins.model_quality.captured import Payload, figures, job, record, run_baseline

ROWS = [(0.9, 0.3), (0.5, 0.1)]
REGRESSION = {"problem_type": "Regression", "inference_attribute": 0}
SCORED = [(0.9, 1), (0.3, 1), (0.6, 0), (0.2, 0), (0.1, 0)]
"""Scores and labels. Of the six pairs of a positive and a negative row, five are in order: auc is 5 / 6."""
BINARY = {"problem_type": "BinaryClassification", "probability_threshold_attribute": 0.5}


def in_base64(text: str) -> Payload:
    return base64.b64encode(text.encode()).decode(), "BASE64"


RESPONSES: dict[str, Callable[[float], Payload]] = {
    "scalar": lambda x: (f"{x}", "JSON"),
    "list": lambda x: (f"[{x}]", "JSON"),
    "nested list": lambda x: (f"[[{x}]]", "JSON"),
    "object": lambda x: (json.dumps({"score": x}), "JSON"),
    "predictions": lambda x: (json.dumps({"predictions": [x]}), "JSON"),
    "nested predictions": lambda x: (json.dumps({"predictions": [[x]]}), "JSON"),
    "objects": lambda x: (json.dumps({"predictions": [{"score": x}]}), "JSON"),
    "spaced": lambda x: (f'{{\n "score": {x}\n}}\n', "JSON"),
    "base64 json": lambda x: in_base64(json.dumps({"predictions": [x]})),
    "base64 list": lambda x: in_base64(f"[{x}]"),
    "csv": lambda x: (f"{x}\n", "CSV"),
    "csv with more": lambda x: (f"{x},7", "CSV"),
}
LABELS: dict[str, Callable[[float], Payload]] = {
    "csv": lambda y: (f"{y}", "CSV"),
    "json scalar": lambda y: (f"{y}", "JSON"),
    "json list": lambda y: (f"[{y}]", "JSON"),
    "json object": lambda y: (json.dumps({"label": y}), "JSON"),
}


@pytest.mark.parametrize("response", RESPONSES)
@pytest.mark.parametrize("label", LABELS)
def test_index_into_a_response_never_finds_the_label(tmp_path: Path, response: str, label: str) -> None:
    records = [record(i, RESPONSES[response](x), LABELS[label](y)) for i, (x, y) in enumerate(ROWS)]
    assert figures(tmp_path, records, REGRESSION)["mae"]["value"] == pytest.approx(0.5)


@pytest.mark.parametrize("request_text", ["0.3,8", '{"score": 0.3, "a": 1}', "[0.3, 1]"])
@pytest.mark.parametrize("response", ["list", "object", "csv", "predictions"])
def test_index_into_a_response_never_finds_the_request(tmp_path: Path, response: str, request_text: str) -> None:
    encoding = "CSV" if request_text[0] == "0" else "JSON"
    records = [
        record(i, RESPONSES[response](x), (f"{y}", "CSV"), (request_text, encoding)) for i, (x, y) in enumerate(ROWS)
    ]
    assert figures(tmp_path, records, REGRESSION)["mae"]["value"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("response", "columns"),
    [(("0.5", "CSV"), "0 to 0. Its columns: _c0"), (('{"a": 1, "b": 2}', "JSON"), "0 to 1. Its columns: a, b")],
)
def test_index_beyond_the_response_says_what_the_response_holds(
    tmp_path: Path, response: Payload, columns: str
) -> None:
    with pytest.raises(DataFormatError, match=f"inference_attribute: the response has no column 2; .* {columns}"):
        figures(tmp_path, [record(0, response, ("1", "CSV"))], REGRESSION | {"inference_attribute": 2})


def test_label_of_several_columns_needs_an_address(tmp_path: Path) -> None:
    records = [record(i, (f"{x}", "CSV"), (f"7,{y}", "CSV")) for i, (x, y) in enumerate(ROWS)]
    with pytest.raises(DataFormatError, match=r"the label has several columns: groundTruthData\.0, groundTruthData\.1"):
        figures(tmp_path, records, REGRESSION)
    block = figures(tmp_path, records, REGRESSION | {"ground_truth_attribute": 1})
    assert block["mae"]["value"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("response", "attribute"),
    [
        (lambda s: (f"[{1 - s}, {s}]", "JSON"), 1),
        (lambda s: (f"{1 - s},{s}", "CSV"), 1),
        (lambda s: (f"[{1 - s}, {s}]", "JSON"), 0),
        (lambda s: (f"[{1 - s:.2f}, {s:.2f}]", "CSV"), 0),
        (lambda s: (f"[{1 - s}, {s}]\n", "CSV"), 1),
        (lambda s: (f"[[{1 - s}, {s}]]", "JSON"), 0),
        (lambda s: (f"[{s}, 7]", "JSON"), 0),
        (lambda s: (json.dumps({"predictions": [[7, s, 7]]}), "JSON"), 1),
        (lambda s: (f'"[{1 - s}, {s}]"', "CSV"), 0),
        (lambda s: (f'"[[{1 - s} {s}]]"'.replace(" ", ","), "CSV"), 0),
        (lambda s: (json.dumps({"probabilities": [1 - s, s]}), "JSON"), 0),
        (lambda s: (json.dumps({"probabilities": [1 - s, s]}), "JSON"), "probabilities"),
        (lambda s: (json.dumps({"label": 7, "probabilities": [1 - s, s]}), "JSON"), 1),
        (lambda s: (json.dumps({"label": 7, "probabilities": [1 - s, s]}), "JSON"), 2),
        (lambda s: (json.dumps({"predictions": [{"scores": [1 - s, s]}]}), "JSON"), "predictions[*].scores"),
        (lambda s: (json.dumps({"predictions": [{"scores": [1 - s, s]}]}), "JSON"), "$['predictions'][0]['scores']"),
        (lambda s: (json.dumps({"predictions": [{"scores": [1 - s, s]}]}), "JSON"), "predictions[].scores[1]"),
        (lambda s: (json.dumps({"predictions": [{"score": s}]}), "JSON"), "predictions[].score"),
    ],
)
def test_list_of_class_scores_means_the_score_of_the_positive_class(
    tmp_path: Path, response: Any, attribute: Any
) -> None:
    records = [record(i, response(score), (f"{label}", "CSV")) for i, (score, label) in enumerate(SCORED)]
    block = figures(tmp_path, records, BINARY | {"probability_attribute": attribute})
    assert block["auc"]["value"] == pytest.approx(5 / 6)
    assert block["confusion_matrix"] == {"0": {"0": 2, "1": 1}, "1": {"0": 1, "1": 1}}


@pytest.mark.parametrize("encoding", ["JSON", "CSV"])
def test_score_taken_instead_of_that_of_the_other_class_is_noted(tmp_path: Path, encoding: str) -> None:
    records = [record(i, (f"[{1 - s}, {s}]", encoding), (f"{y}", "CSV")) for i, (s, y) in enumerate(SCORED)]
    notes = job(tmp_path, records, BINARY | {"probability_attribute": 0}).notes
    assert any("names _c0, the score of another class" in note and "the last, _c1" in note for note in notes)
    result = job(tmp_path, records, BINARY | {"probability_attribute": "[0]"})
    assert result.statistics.metrics_block["auc"]["value"] == pytest.approx(1 / 6)  # type: ignore[attr-defined]
    assert [note[:12] for note in result.notes] == ["auc is 0.167"]


def test_column_of_csv_that_is_named_is_taken(tmp_path: Path) -> None:
    records = [record(i, (f"{s},{1 - s}", "CSV"), (f"{y}", "CSV")) for i, (s, y) in enumerate(SCORED)]
    assert figures(tmp_path, records, BINARY | {"probability_attribute": 0})["auc"]["value"] == pytest.approx(5 / 6)


def test_captures_without_labels_are_an_error_that_names_the_merge(tmp_path: Path) -> None:
    entry = record(0, ("0.5", "CSV"), ("1", "CSV"))
    del entry["groundTruthData"]
    with pytest.raises(DataFormatError, match=r"the captures have no labels .* 'model-monitor merge'"):
        figures(tmp_path, [entry], REGRESSION)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("", "CSV"), ("nan", "CSV"), ('{"s": null}', "JSON"), ('{"t": 1}', "JSON"), ("[null]", "JSON")],
)
def test_response_without_a_prediction_is_left_out_and_counted(tmp_path: Path, text: str, encoding: str) -> None:
    full = {"CSV": "0.5", "JSON": "[0.5]" if text.startswith("[") else '{"s": 0.5}'}[encoding]
    records = [record(0, (text, encoding), ("1", "CSV")), record(1, (full, encoding), ("0.1", "CSV"))]
    attribute = "s" if full.startswith("{") else 0
    result = job(tmp_path, records, REGRESSION | {"inference_attribute": attribute})
    assert result.statistics.metrics_block["mae"]["value"] == pytest.approx(0.4)  # type: ignore[attr-defined]
    assert result.notes["records without a usable label, prediction or score are left out"] == 1


def test_labels_that_the_parts_leave_out_are_named_with_the_setting(tmp_path: Path) -> None:
    folder = tmp_path / "merged"
    folder.mkdir()
    lines = [json.dumps(record(index, ("0.5", "CSV"), ("1", "CSV"))) for index in range(3)]
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n")
    source = {"format": "capture", "capture": {"parts": ["endpointOutput"]}}
    chosen = {"problem_type": "Regression", "inference_attribute": 0}
    with pytest.raises(DataFormatError, match=r"add groundTruthData to input\.capture\.parts if that is set"):
        run_baseline(folder, tmp_path / "out", chosen, source)
