"""Real outputs of the original container: metrics before and after training, the flip test, violations, intervals."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.documents.analysis import Analysis
from plugins.bias.verification import exceeding, metrics_in, violation_of

pytestmark = pytest.mark.golden

HEADERS = [f"feature {i}" for i in range(14)] + ["Target"]
HEADERS[0], HEADERS[9] = "Age", "Sex"
ADULT = {
    "headers": HEADERS, "label": "label", "features": "features", "predicted_label": "predicted_label",
    "label_values_or_threshold": [1], "facet": [{"name_or_index": "Sex", "value_or_threshold": [0]}], "group_variable": "Age",
}  # fmt: skip
THRESHOLD = 0.46301859617233276


def values(analysis: Any) -> dict[tuple[str, ...], Any]:
    return {found.key: found.value for found in metrics_in(Analysis.model_validate(analysis))}


def assert_same(found: Path, expected: Path) -> None:
    ours, theirs = json.loads(found.read_text()), json.loads(expected.read_text())
    assert shape(ours) == shape(theirs)
    for key, value in values(theirs).items():
        assert values(ours)[key] == pytest.approx(value, rel=1e-9), key


def shape(value: Any) -> Any:
    """The document without its numbers."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "number" if isinstance(value, int | float) else value


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def baseline_data(case: Path, path: Path) -> Path:
    labelled = [json.loads(line) for line in (case / "validation-dataset.jsonl").read_text().splitlines()]
    predicted = [json.loads(line) for line in (case / "derived_predictions.jsonl").read_text().splitlines()]
    rows = [row | {"predicted_label": guess["predicted_label"]} for row, guess in zip(labelled, predicted, strict=True)]
    return write(path, rows)


def logistic_model(case: Path) -> tuple[Any, float]:
    """Weights and bias of the stored linear learner."""
    with tarfile.open(case / "ll-adult-prediction-model.tar.gz") as archive:
        packed = archive.extractfile("model_algo-1")
        assert packed is not None
        parameters = zipfile.ZipFile(io.BytesIO(packed.read())).read("mx-mod-0000.params")
    return np.array(struct.unpack_from("<14f", parameters, 0x40)), struct.unpack_from("<f", parameters, 0xA0)[0]


def live_data(case: Path, path: Path) -> Path:
    """The records that the endpoint got, its answers, and the labels that the notebook made up."""
    weights, bias = logistic_model(case)
    rows = []
    for index, line in enumerate((case / "test-dataset.jsonl").read_text().splitlines()):
        features = json.loads(line)["features"]
        score = 1 / (1 + np.exp(-(np.dot(weights, features) + bias)))
        random.seed(index)
        label = 1 if random.random() < 0.7 else 0  # noqa: S311 - as the notebook did
        rows.append({"features": features, "label": label, "predicted_label": int(score > THRESHOLD)})
    return write(path, rows)


def test_the_baseline(shared: Path, tmp_path: Path) -> None:
    case = shared / "golden" / "bias-adult-endpoint"
    data = baseline_data(case, tmp_path / "data.jsonl")
    engine.baseline(data, output=tmp_path / "out", runner="inline", monitor="bias", settings=ADULT)
    assert_same(tmp_path / "out" / "analysis.json", case / "analysis.json")


@pytest.mark.parametrize(("name", "times"), [("bias-adult-batch-json", 1), ("bias-adult-endpoint-json", 10)])
def test_the_violations(shared: Path, tmp_path: Path, name: str, times: int) -> None:
    """The endpoint got each record ten times, which is what makes its flip test differ."""
    case, violations = shared / "golden" / "bias-adult-endpoint", shared / "golden" / name
    data = live_data(case, tmp_path / "data.jsonl")
    data.write_text(data.read_text() * times)
    engine.monitor(data, baseline=violations, output=tmp_path / "out", runner="inline", monitor="bias", settings=ADULT)
    found = json.loads((tmp_path / "out" / "constraint_violations.json").read_text())
    expected = json.loads((violations / "constraint_violations.json").read_text())
    assert found["version"] == expected["version"] == "1.0"
    for ours, theirs in zip(found["violations"], expected["violations"], strict=True):
        assert without_numbers(ours) == without_numbers(theirs)
        assert numbers(ours) == pytest.approx(numbers(theirs), rel=1e-9)


@pytest.mark.parametrize("name", ["bias-adult-endpoint", "bias-adult-batch"])
def test_the_rule_of_other_runs(shared: Path, name: str) -> None:
    """Their labels were drawn at random, so only the rule and the text can be held: values in, violations out."""
    case = shared / "golden" / name
    constraints = Analysis.model_validate_json((case / "analysis.json").read_text())
    printed = json.loads((case / "constraint_violations.json").read_text())["violations"]
    values = {entry["metric_name"]: entry["description"].split()[2] for entry in printed}
    current = json.loads((case / "analysis.json").read_text())
    for metric in current["post_training_bias_metrics"]["facets"]["Sex"][0]["metrics"]:
        if metric["name"] in values:
            text = values[metric["name"]]
            metric["value"] = text if "Infinity" in text else float(text)
    pairs = exceeding(Analysis.model_validate(current), constraints, 1e-9)
    found = [violation_of(*pair).model_dump(exclude_none=True) for pair in pairs]
    assert found == printed


def without_numbers(violation: dict[str, Any]) -> dict[str, Any]:
    return violation | {"description": re.sub(r"-?[\d.]+(e-?\d+)?", "#", violation["description"])}


def numbers(violation: dict[str, Any]) -> list[float]:
    return [float(text) for text in re.findall(r"-?\d[\d.]*(?:e-?\d+)?", violation["description"])]


SDK = {
    "label": "Label", "label_values_or_threshold": [1], "facet": [{"name_or_index": "F1", "value_or_threshold": [0.5]}],
    "group_variable": "F2", "methods": {"pre_training_bias": {"methods": "all"}},
}  # fmt: skip


def sdk_data(case: Path, folder: Path) -> Path:
    path = folder / "data.csv"
    path.write_text("Label,F1,F2,F3,F4\n" + (case / "dataset.csv").read_text())
    return path


def test_a_continuous_facet(shared: Path, tmp_path: Path) -> None:
    case = shared / "golden" / "sdk-clarify-check-bias"
    data = sdk_data(case, tmp_path)
    engine.baseline(data, output=tmp_path / "out", runner="inline", monitor="bias", settings=SDK)
    assert_same(tmp_path / "out" / "analysis.json", case / "good_cases" / "analysis.json")


@pytest.mark.parametrize(("kind", "metrics"), [("good_cases", []), ("bad_cases", ["KS"])])
def test_the_sdks_checks(shared: Path, tmp_path: Path, kind: str, metrics: list[str]) -> None:
    case = shared / "golden" / "sdk-clarify-check-bias"
    data = sdk_data(case, tmp_path)
    result = engine.monitor(
        data, baseline=case / kind, output=tmp_path / "out", runner="inline", monitor="bias", settings=SDK
    )
    assert [(violation.model_extra or {})["metric_name"] for violation in result.violations] == metrics
    assert (tmp_path / "out" / "constraint_violations.json").exists() == bool(metrics)


def test_a_file_of_clarify_as_configuration(shared: Path, tmp_path: Path) -> None:
    """Its output is of other data, so only the form is compared: the names, texts, and the reason why CDDL is missing."""
    case = shared / "golden" / "examples-fraud-clarify"
    config = {"analysis_config": str(case / "config" / "analysis_config.json")}
    engine.baseline(case / "train.csv", output=tmp_path, runner="inline", monitor="bias", settings=config)
    found = json.loads((tmp_path / "analysis.json").read_text())
    expected = json.loads((case / "bias_1" / "analysis.json").read_text())
    stage = "pre_training_bias_metrics"
    assert shape(found[stage]) == shape(expected[stage])
