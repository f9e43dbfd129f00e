"""A label of one value is one column of one name, in any encoding and form, also where a script makes the rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.columns.addresses import resolve
from engine.datasets.settings import CaptureSettings
from tests.datasets.capture_examples import as_json, captured, csv, payload, read_records
from tests.datasets.reading import opened, read
from tests.datasets.test_scripts import script

PARTS = ("endpointOutput", "groundTruthData")
LABELS: list[dict[str, Any]] = [
    csv("1"), as_json("1"), as_json([1]), as_json({"label": 1}), csv('{"label": 1}'), csv("[1]"), payload("1", "BASE64"),
    payload('{"label": 1}', "BASE64", "application/json"), as_json({"instances": [{"label": 1}]}), as_json('"1"'),
]  # fmt: skip


def labelled(label: dict[str, Any], response: dict[str, Any] | None = None) -> dict[str, Any]:
    return captured(request=csv("1,2"), response=response or csv("0.5"), label=label)


@pytest.mark.parametrize("label", LABELS)
def test_label_of_one_value_has_one_name(tmp_path: Path, label: dict[str, Any]) -> None:
    rows, report = read_records(tmp_path, *[labelled(label)] * 3, parts=PARTS)
    assert [str(row["groundTruthData"]) for row in rows] == ["1"] * 3
    assert (list(rows[0]), report.count) == (["_c0", "groundTruthData"], 0)


def test_labels_of_every_form_at_once_are_one_column(tmp_path: Path) -> None:
    simple = [label for label in LABELS if "instances" not in label["data"]]
    rows, report = read_records(tmp_path, *map(labelled, simple), parts=PARTS)
    assert [row["groundTruthData"] for row in rows] == ["1"] * len(simple)
    assert report.count == 0


@pytest.mark.parametrize(("value", "text"), [("true", True), ('"yes, sir"', "yes, sir"), ("0.50", 0.5), ("null", None)])
def test_label_keeps_its_value(tmp_path: Path, value: str, text: Any) -> None:
    rows, _ = read_records(tmp_path, labelled(as_json(value)), labelled(as_json(value)), parts=PARTS)
    assert rows[0].get("groundTruthData") == text


@pytest.mark.parametrize(
    ("label", "columns"),
    [
        (csv("1,0"), {"groundTruthData.0": "1", "groundTruthData.1": "0"}),
        (as_json([1, 0]), {"groundTruthData.0": 1, "groundTruthData.1": 0}),
        (as_json({"label": 1, "weight": 2}), {"label": 1, "weight": 2}),
    ],
)
def test_several_values_for_one_row_have_a_column_each(
    tmp_path: Path, label: dict[str, Any], columns: dict[str, Any]
) -> None:
    rows, _ = read_records(tmp_path, *[labelled(label)] * 2, parts=PARTS)
    assert rows == [{"_c0": "0.5", **columns}] * 2


@pytest.mark.parametrize(
    ("label", "path"), [({"label": 1}, "label"), ({"instances": [{"label": 1}]}, "instances[*].label")]
)
def test_label_is_also_known_by_its_own_name(tmp_path: Path, label: Any, path: str) -> None:
    """The configurations of the closed container name labels so: ``label``, and ``instances[*].label``."""
    (tmp_path / "c.jsonl").write_text(json.dumps(labelled(as_json(label))) + "\n")
    layout = opened(tmp_path, format="capture", capture=CaptureSettings(parts=PARTS)).layout
    assert layout is not None
    assert resolve(layout, path, "label") == ("groundTruthData",)


def merged(folder: Path, count: int = 20) -> Path:
    """Captures whose responses are right in three of four records."""
    records = [
        captured(request=csv(f"{'f' if i % 2 else 'm'},2"), response=csv(str(int(i % 4 > 0))), label=csv("1"))
        for i in range(count)
    ]
    folder.mkdir()
    (folder / "m.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return folder


def test_label_is_used_without_being_asked_for(tmp_path: Path) -> None:
    settings = {"problem_type": "BinaryClassification", "inference_attribute": 0}
    engine.baseline(
        merged(tmp_path / "in"), output=tmp_path / "out", runner="inline", monitor="model_quality", settings=settings
    )
    block = json.loads((tmp_path / "out" / "statistics.json").read_text())["binary_classification_metrics"]
    assert block["accuracy"]["value"] == 0.75


@pytest.mark.parametrize(
    "body", ["{'p': r.endpoint_output.data}", "[{'p': r.endpoint_output.data}]", "r.endpoint_output.data", "r"]
)
def test_label_reaches_model_quality_through_a_script(tmp_path: Path, body: str) -> None:
    settings = {"problem_type": "BinaryClassification", "inference_attribute": 0}
    path = script(tmp_path, f"def preprocess_handler(r):\n    return {body}\n")
    source = merged(tmp_path / "in")
    result = engine.baseline(
        source,
        output=tmp_path / "out",
        runner="inline",
        monitor="model_quality",
        settings=settings,
        input={"preprocessor": path},
    )
    block = json.loads((tmp_path / "out" / "statistics.json").read_text())["binary_classification_metrics"]
    assert (result.rows, block["accuracy"]["value"]) == (20, 0.75)


def test_label_is_not_used_where_parts_say_otherwise(tmp_path: Path) -> None:
    rows, _ = read(merged(tmp_path / "in"), capture=CaptureSettings(parts=("endpointOutput",)))
    assert list(rows[0]) == ["_c0"]
    rows, _ = read(tmp_path / "in", capture=CaptureSettings(labels=True))
    assert list(rows[0]) == ["_c0", "_c1", "_c2", "groundTruthData"]


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("return {'pred': r.endpoint_output.data}", ["pred"]),
        ("return [{'pred': r.endpoint_output.data}]", ["pred"]),
        ("return r.endpoint_output.data", ["_c0"]),
        ("return r", ["_c0"]),
    ],
)
def test_script_rows_get_the_label(tmp_path: Path, body: str, columns: list[str]) -> None:
    settings = CaptureSettings(parts=("endpointOutput",), labels=True)
    path = script(tmp_path, f"def preprocess_handler(r):\n    {body}\n")
    rows, _ = read(merged(tmp_path / "in", 2), preprocessor=path, capture=settings)
    assert [list(row) for row in rows] == [[*columns, "groundTruthData"]] * 2
    assert [row["groundTruthData"] for row in rows] == ["1", "1"]


def test_script_rows_of_a_batch_get_a_label_each(tmp_path: Path) -> None:
    record = captured(request=csv("1\n2"), response=csv("0.1\n0.2"), label=csv("1,0"))
    (tmp_path / "c.jsonl").write_text(json.dumps(record) + "\n")
    body = "def preprocess_handler(r):\n    return [{'p': t} for t in r.endpoint_output.data.split()]\n"
    settings = CaptureSettings(parts=PARTS)
    rows, report = read(tmp_path / "c.jsonl", preprocessor=script(tmp_path, body), capture=settings)
    assert rows == [{"p": "0.1", "groundTruthData": "1"}, {"p": "0.2", "groundTruthData": "0"}]
    three = "def preprocess_handler(r):\n    return [{'p': 1}, {'p': 2}, {'p': 3}]\n"
    (tmp_path / "c.jsonl").write_text(json.dumps(record | {"groundTruthData": csv("1\n0")}) + "\n")
    rows, report = read(tmp_path / "c.jsonl", preprocessor=script(tmp_path, three), capture=settings)
    assert (rows, report.count) == ([], 1)
    assert "3 rows of a record with 2 labels" in report.records[0].reason


def test_script_rows_keep_a_label_of_their_own_and_none_is_dropped(tmp_path: Path) -> None:
    body = "def preprocess_handler(r):\n    return {'p': 1, 'groundTruthData': 'own'}\n"
    settings = CaptureSettings(parts=PARTS)
    rows, _ = read(merged(tmp_path / "in", 2), preprocessor=script(tmp_path, body), capture=settings)
    assert rows == [{"p": "1", "groundTruthData": "own"}] * 2
    rows, _ = read(
        tmp_path / "in", preprocessor=script(tmp_path, "def preprocess_handler(r): return None"), capture=settings
    )
    assert rows == []


def test_script_in_data_quality_gets_no_label(tmp_path: Path) -> None:
    body = "def preprocess_handler(r):\n    return {'p': 1}\n"
    assert read(merged(tmp_path / "in", 1), preprocessor=script(tmp_path, body))[0] == [{"p": "1"}]


def test_script_gets_data_as_text_and_may_return_any_text(tmp_path: Path) -> None:
    record = captured(request={"data": 1.5, "encoding": "CSV"})
    (tmp_path / "c.jsonl").write_text(json.dumps(record) + "\n")
    body = "def preprocess_handler(r):\n    return {'p\\ud800': r.endpoint_input.data.strip() + '\\udfff'}\n"
    assert read(tmp_path / "c.jsonl", preprocessor=script(tmp_path, body))[0] == [{"p?": "1.5?"}]
