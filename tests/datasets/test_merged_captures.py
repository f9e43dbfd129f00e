"""Captures with labels: the label is a column after those of the record, and model quality reads both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import engine
from engine.datasets.settings import CaptureSettings
from tests.datasets.reading import read


def record(number: int, output: str, label: str | None, kind: str = "CSV") -> dict[str, Any]:
    part = {"encoding": "CSV", "mode": "INPUT", "observedContentType": "text/csv", "data": f"{number},x"}
    answer = {"encoding": kind, "mode": "OUTPUT", "observedContentType": "text/csv", "data": output}
    event = {"eventId": f"{number}", "inferenceTime": "2026-01-31T10:05:09Z"}
    merged = {
        "captureData": {"endpointInput": part, "endpointOutput": answer},
        "eventMetadata": event,
        "eventVersion": "0",
    }
    return merged if label is None else merged | {"groundTruthData": {"data": label, "encoding": "CSV"}}


def write(folder: Path, *records: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "merged.jsonl").write_text("".join(json.dumps(found) + "\n" for found in records))
    return folder


def merged_rows(folder: Path, *parts: str) -> list[dict[str, Any]]:
    return read(folder, format="capture", capture=CaptureSettings(parts=(*parts, "groundTruthData")))[0]


def test_the_label_comes_last(tmp_path: Path) -> None:
    write(tmp_path, record(1, "0.9,1", "1\n"), record(2, "0.2,0", None))
    assert merged_rows(tmp_path, "endpointOutput") == [
        {"_c0": "0.9", "_c1": "1", "groundTruthData": "1"},
        {"_c0": "0.2", "_c1": "0", "groundTruthData": None},
    ]
    whole = merged_rows(tmp_path, "endpointInput", "endpointOutput")
    assert list(whole[0]) == ["_c0", "_c1", "_c2", "_c3", "groundTruthData"]


def test_payloads_of_several_records(tmp_path: Path) -> None:
    write(tmp_path, record(1, "0.9\n0.1", "1\n0"), record(2, "0.5", "1"))
    found = merged_rows(tmp_path, "endpointOutput")
    assert [(row["_c0"], row["groundTruthData"]) for row in found] == [("0.9", "1"), ("0.1", "0"), ("0.5", "1")]


def test_outputs_in_json(tmp_path: Path) -> None:
    answers = [json.dumps({"label": str(i % 2), "score": 0.5}) for i in range(4)]
    write(tmp_path, *(record(i, answer, str(i % 2), "JSON") for i, answer in enumerate(answers)))
    settings = {"problem_type": "BinaryClassification", "inference_attribute": "label"}
    source = {"format": "capture", "capture": {"parts": ["endpointOutput", "groundTruthData"]}}
    result = engine.baseline(
        tmp_path, output=tmp_path / "out", runner="inline", monitor="model_quality", settings=settings, input=source
    )
    block = json.loads((tmp_path / "out" / "statistics.json").read_text())["binary_classification_metrics"]
    assert block["accuracy"]["value"] == 1.0
    assert result.rows == 4


def test_without_labels_nothing_changes(tmp_path: Path) -> None:
    write(tmp_path, record(1, "0.9", "1"))
    assert read(tmp_path, format="capture")[0] == [{"_c0": "0.9", "_c1": "1", "_c2": "x"}]
