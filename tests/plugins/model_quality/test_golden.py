"""Real outputs of the original container: regression, binary without scores, multiclass violations."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

import engine
from plugins.model_quality.confusion import binary_metrics, constant, most_frequent_prediction
from plugins.model_quality.documents import ModelQualityConstraints
from plugins.model_quality.verification import suggested, violations_of

pytestmark = pytest.mark.golden


def baseline(data: Path, output: Path, **settings: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    engine.baseline(data, output=output, runner="inline", monitor="model_quality", settings=settings)
    documents = [json.loads((output / name).read_text()) for name in ("statistics.json", "constraints.json")]
    return documents[0], documents[1]


def test_the_sdks_own_case(shared: Path, tmp_path: Path) -> None:
    case = shared / "golden" / "sdk-quality-check-model"
    with (case / "baseline_dataset.csv").open() as file:
        names = next(csv.reader(file))
    assert {"Label", "Prediction"} <= set(names)
    roles = {"inference_attribute": "Label", "ground_truth_attribute": "Prediction"}
    statistics, constraints = baseline(case / "baseline_dataset.csv", tmp_path, problem_type="Regression", **roles)
    expected = json.loads((case / "statistics.json").read_text())
    assert statistics["dataset"] == expected["dataset"]
    assert list(statistics["regression_metrics"]) == list(expected["regression_metrics"])
    for name, entry in expected["regression_metrics"].items():
        assert statistics["regression_metrics"][name]["value"] == pytest.approx(entry["value"], rel=1e-9)
        assert statistics["regression_metrics"][name]["standard_deviation"] == entry["standard_deviation"] == "NaN"
    good = json.loads((case / "good_cases" / "constraints.json").read_text())["regression_constraints"]
    assert list(constraints["regression_constraints"]) == list(good)
    for name, entry in good.items():
        found = constraints["regression_constraints"][name]
        assert found["comparison_operator"] == entry["comparison_operator"]
        assert found["threshold"] == pytest.approx(entry["threshold"], rel=1e-9)


@pytest.mark.parametrize(("kind", "fires"), [("good_cases", False), ("bad_cases", True)])
def test_the_sdks_checks(shared: Path, tmp_path: Path, kind: str, fires: bool) -> None:
    case = shared / "golden" / "sdk-quality-check-model"
    settings = {"problem_type": "Regression", "inference_attribute": "Label", "ground_truth_attribute": "Prediction"}
    text = (case / kind / "constraints.json").read_text()
    (tmp_path / "constraints.json").write_text(_rounded_up(text) if kind == "good_cases" else text)
    result = engine.monitor(
        case / "baseline_dataset.csv", baseline={"constraints": tmp_path / "constraints.json"}, output=tmp_path / "out",
        runner="inline", monitor="model_quality", settings=settings,
    )  # fmt: skip
    assert bool(result.violations) == fires
    for violation in result.violations:
        assert re.fullmatch(
            r"Metric \w+ with [-\d.E]+ was (Greater|Less)ThanThreshold '[-\d.E]+'", violation.description
        )


def _rounded_up(text: str) -> str:
    """The thresholds with slack for the last digit, in which sums of another order may differ."""
    found = json.loads(text)
    for name, entry in found["regression_constraints"].items():
        entry["threshold"] += (-1 if name == "r2" else 1) * 1e-12
    return json.dumps(found)


def test_abalone(shared: Path, tmp_path: Path) -> None:
    data = shared / "golden" / "abalone-mq-regression" / "validation_with_predictions.csv"
    roles = {"inference_attribute": "prediction", "ground_truth_attribute": "label"}
    statistics, _ = baseline(data, tmp_path, problem_type="Regression", **roles)
    values = {name: entry["value"] for name, entry in statistics["regression_metrics"].items()}
    expected = {"mae": 1.1864326866, "mse": 2.7007551660, "rmse": 1.6433974461, "r2": 0.7564491653}
    assert values == pytest.approx(expected, abs=5e-11)
    assert all(0 < entry["standard_deviation"] < 0.5 for entry in statistics["regression_metrics"].values())


def test_breast_cancer_without_scores(shared: Path, tmp_path: Path) -> None:
    case = shared / "golden" / "breastcancer-mq-noprob"
    printed = (case / "printed_outputs.txt").read_text()
    table = printed[printed.index("confusion_matrix.0.0") :]
    expected = dict(re.findall(r"^(\w+)\.value +([\d.]+)$", table[: table.index("#####")], re.MULTILINE))
    roles = {"inference_attribute": "prediction", "ground_truth_attribute": "labels"}
    statistics, constraints = baseline(
        case / "validation_with_predictions.csv", tmp_path, problem_type="BinaryClassification", **roles
    )
    block = statistics["binary_classification_metrics"]
    assert block["confusion_matrix"] == {"0": {"0": 0, "1": 46}, "1": {"0": 0, "1": 68}}
    assert [name for name in block if name != "confusion_matrix"] == list(expected)
    for name, value in expected.items():
        assert block[name]["value"] == pytest.approx(float(value), abs=5e-7), name
        assert block[name]["standard_deviation"] == "NaN"
    bounds = re.findall(r"^(\w+) +([\d.]+) +(\w+ThanThreshold)$", printed, re.MULTILINE)[:10]
    found = constraints["binary_classification_constraints"]
    assert [(name, entry["comparison_operator"]) for name, entry in found.items()] == [(n, o) for n, _, o in bounds]
    for name, value, _ in bounds:
        assert found[name]["threshold"] == pytest.approx(float(value), abs=5e-7)


def test_emotion_violations(shared: Path) -> None:
    case = shared / "golden" / "emotion-mq-multiclass"
    expected = json.loads((case / "MQ_constraint_violations.json").read_text())["violations"]
    block = json.loads((case / "MQ_statistics_without_confusion_matrix.json").read_text())[
        "multiclass_classification_metrics"
    ]
    thresholds = {}
    for entry in expected:
        name = re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), entry["metric_name"])
        threshold = float(re.findall(r"'([\d.E-]+)'", entry["description"])[0])
        thresholds[name] = {"threshold": threshold, "comparison_operator": entry["constraint_check_type"]}
    thresholds["weighted_f0_5"] = {"threshold": 0.5, "comparison_operator": "LessThanThreshold"}
    constraints = ModelQualityConstraints.model_validate({"multiclass_classification_constraints": thresholds})
    found = [violation.model_dump(exclude_none=True) for violation in violations_of(block, constraints)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def _counts(matrix: dict[str, dict[str, int]]) -> dict[tuple[str, str], int]:
    return {(actual, guess): count for actual, row in matrix.items() for guess, count in row.items() if count}


@pytest.mark.parametrize("name", ["statistics.printed.json", "statistics_run2.printed.json"])
def test_maintenance_from_its_confusion_matrix(shared: Path, name: str) -> None:
    case = shared / "golden" / "maintenance-model-quality-2025"
    block = json.loads((case / name).read_text())["binary_classification_metrics"]
    counts = _counts(block["confusion_matrix"])
    found = binary_metrics(counts, "1")
    best = binary_metrics(constant(counts, most_frequent_prediction(counts)), "1")
    found |= {f"{key}_best_constant_classifier": value for key, value in best.items()}
    compared = 0
    for key, entry in block.items():
        value = entry.get("value") if isinstance(entry, dict) else entry
        if key in found:
            assert found[key] == pytest.approx(value, abs=5e-7), key
            compared += 1
    assert compared >= 15


def test_maintenance_constraints(shared: Path) -> None:
    case = shared / "golden" / "maintenance-model-quality-2025"
    block = json.loads((case / "statistics.printed.json").read_text())["binary_classification_metrics"]
    expected = json.loads((case / "constraints.printed.json").read_text())["binary_classification_constraints"]
    found = suggested("BinaryClassification", block).constraints_block
    assert {name: entry.model_dump() for name, entry in found.items()} == expected
    assert list(found) == list(expected)


def test_deepar_constraints(shared: Path) -> None:
    printed = (shared / "golden" / "deepar-mq-regression" / "printed_outputs.txt").read_text()
    values = {name: float(value) for name, value in re.findall(r"^(\w+)\.value +([\d.e+-]+)$", printed, re.MULTILINE)}
    bounds = re.findall(r"^(\w+) +([\d.]+) +(\w+ThanThreshold)$", printed, re.MULTILINE)
    block = {name: {"value": value, "standard_deviation": "NaN"} for name, value in values.items()}
    found = suggested("Regression", block).constraints_block
    assert [(name, entry.comparison_operator) for name, entry in found.items()] == [
        (name, op) for name, _, op in bounds
    ]
    for name, threshold, _ in bounds:
        assert found[name].threshold == pytest.approx(float(threshold), rel=1e-6)


def test_the_sample_of_the_documentation(shared: Path) -> None:
    case = shared / "golden" / "docs-model-quality" / "model_monitor_model_quality_binary_classification.json"
    block = json.loads(case.read_text())["binary_classification_metrics"]
    counts = _counts(block["confusion_matrix"])
    found = binary_metrics(counts, "1") | {
        f"{key}_best_constant_classifier": value for key, value in binary_metrics(constant(counts, "1"), "1").items()
    }
    for key, entry in block.items():
        if "value" in entry and key != "auc":
            assert found[key] == pytest.approx(entry["value"], abs=1e-12), key


def test_emotion_constraints(shared: Path) -> None:
    case = shared / "golden" / "emotion-mq-multiclass"
    block = json.loads((case / "MQ_statistics_without_confusion_matrix.json").read_text())[
        "multiclass_classification_metrics"
    ]
    expected = json.loads((case / "MQ_constraints.json").read_text())["multiclass_classification_constraints"]
    found = suggested("MulticlassClassification", block).constraints_block
    assert {name: entry.model_dump() for name, entry in found.items()} == expected
