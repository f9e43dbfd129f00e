"""Rows of a batch transform join labels by the id that the transform appended, and are read as its output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.config_sections import RunnerConfig
from engine.datasets.settings import CaptureSettings
from engine.ground_truth.merging import MergeResult, MergeSettings, merge_ground_truth
from tests.datasets.reading import read

TIME = "2026-01-31T10:00:00Z"
BOTH = CaptureSettings(parts=("batchTransformOutput", "groundTruthData"))


def merge_rows(folder: Path, text: str, labels: dict[str, str]) -> tuple[MergeResult, list[dict[str, Any]]]:
    (folder / "captures").mkdir()
    (folder / "captures" / "part.csv.out").write_text(text)
    events = (
        {"groundTruthData": {"data": v, "encoding": "CSV"}, "eventMetadata": {"eventId": k}} for k, v in labels.items()
    )
    (folder / "labels.jsonl").write_text("\n".join(map(json.dumps, events)))
    result = merge_ground_truth(
        MergeSettings(
            (str(folder / "captures"),),
            (str(folder / "labels.jsonl"),),
            str(folder / "out"),
            runner=RunnerConfig(kind="inline"),
        )
    )
    return result, read(folder / "out", format="capture", capture=BOTH)[0]


def test_merge_csv_rows_join_by_the_second_last_field(tmp_path: Path) -> None:
    text = f'34,red,0.81, i1,{TIME}\n7,"a,b\nc",0.2,i2,{TIME}\n1,x,0.5,i3,{TIME}\nno id\n'
    result, rows = merge_rows(tmp_path, text, {"i1": "1", "i2": "0"})
    assert (result.captures, result.matched, result.malformed) == (4, 2, 1)
    assert [tuple(row.values()) for row in rows] == [("34", "red", "0.81", "1"), ("7", "a,b\nc", "0.2", "0")]


@pytest.mark.parametrize("key", ["i1", 17])
def test_merge_json_rows_join_by_their_key(tmp_path: Path, key: Any) -> None:
    row = {"a": 1, "SageMakerInferenceId": key, "SageMakerInferenceTime": TIME, "SageMakerOutput": {"score": 0.50}}
    result, rows = merge_rows(tmp_path, json.dumps(row) + '\n{"a": 2}\n', {str(key): "yes"})
    assert (result.captures, result.matched, result.malformed) == (2, 1, 1)
    assert rows == [{"SageMakerOutput.score": 0.5, "a": 1, "groundTruthData": "yes"}]
    written = json.loads((tmp_path / "out" / "part.csv.out.jsonl").read_text())
    assert written["eventMetadata"] == {"eventId": str(key), "inferenceTime": TIME}


def test_merge_csv_without_ids_matches_nothing_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="2 are malformed"):
        merge_rows(tmp_path, "1,2\n3,4\n", {"i1": "1"})
