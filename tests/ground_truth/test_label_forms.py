"""Labels and ids as people write them: whatever Spark reads into a column of text joins, and is read as the label."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.datasets.settings import CaptureSettings
from tests.datasets.reading import read
from tests.ground_truth.test_merging import capture, label, merge, write


def labelled(folder: Path, truth: str) -> list[dict[str, Any]]:
    write(folder / "captures" / "a.jsonl", capture("e1"))
    write(folder / "labels" / "l.jsonl", f'{{"groundTruthData": {truth}, "eventMetadata": {{"eventId": "e1"}}}}')
    assert merge(folder).matched == 1
    return read(
        folder / "merged", format="capture", capture=CaptureSettings(parts=("endpointOutput", "groundTruthData"))
    )[0]


@pytest.mark.parametrize(("written", "text"), [("1", "1"), ("1.0", "1.0"), ("true", "true"), ('"yes"', "yes")])
def test_merge_label_of_any_type_is_its_text(tmp_path: Path, written: str, text: str) -> None:
    assert labelled(tmp_path, f'{{"data": {written}, "encoding": "CSV"}}') == [{"_c0": "0.5", "groundTruthData": text}]
    [line] = (tmp_path / "merged" / "a.jsonl").read_text().splitlines()
    assert json.loads(line)["groundTruthData"] == {"data": text, "encoding": "CSV"}


@pytest.mark.parametrize(
    "broken",
    ['{"a":' * 20_000 + "1" + "}" * 20_000, '{"groundTruthData": {"data": null}, "eventMetadata": {"eventId": "e1"}}'],
)
def test_merge_line_that_is_no_label_costs_itself(tmp_path: Path, broken: str) -> None:
    write(tmp_path / "captures" / "a.jsonl", capture("e1"), broken)
    write(tmp_path / "labels" / "l.jsonl", label("e1", "1"), broken)
    result = merge(tmp_path)
    assert (result.matched, result.malformed, result.bad_labels) == (1, 1, 1)


@pytest.mark.parametrize("event", [5, 5.5, True, "\ud800x", "ä"])
def test_merge_ids_of_any_type_join(tmp_path: Path, event: Any) -> None:
    write(tmp_path / "captures" / "a.jsonl", capture(event), capture("other"))
    write(tmp_path / "labels" / "l.jsonl", label(event, "\udfff1"))
    result = merge(tmp_path)
    assert (result.matched, result.malformed, result.bad_labels) == (1, 0, 0)
    merged = json.loads((tmp_path / "merged" / "a.jsonl").read_text())
    assert merged["groundTruthData"]["data"] == "?1"


@pytest.mark.parametrize("event", [None, [], [1], "text", {"eventId": None}, {"eventId": ""}])
def test_merge_event_without_an_id_has_no_label(tmp_path: Path, event: Any) -> None:
    write(tmp_path / "captures" / "a.jsonl", capture("e1"), capture("e1") | {"eventMetadata": event})
    write(tmp_path / "labels" / "l.jsonl", label("e1", "1"), label("e1", "2") | {"eventMetadata": event})
    result = merge(tmp_path)
    assert (result.captures, result.matched, result.malformed, result.bad_labels) == (2, 1, 0, 1)
