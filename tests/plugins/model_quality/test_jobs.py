"""Model quality jobs on plain tables: attributes as users name them, odd labels, few rows, violations, slices, CloudWatch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import ConfigurationError, DataFormatError, NoDataError
from plugins.model_quality.verification import camel_case

BINARY = {"problem_type": "BinaryClassification", "ground_truth_attribute": "label", "inference_attribute": "guess"}


def table(path: Path, rows: list[tuple[Any, ...]], header: str = "label,guess,score,region") -> Path:
    path.write_text(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


def rows(right: int, wrong: int) -> list[tuple[Any, ...]]:
    found = [(i % 2, i % 2, 0.1 + 0.8 * (i % 2), "EU") for i in range(right)]
    return found + [(i % 2, 1 - i % 2, 0.9 - 0.8 * (i % 2), "US") for i in range(wrong)]


def baseline(path: Path, output: Path, settings: dict[str, Any], **options: Any) -> dict[str, Any]:
    engine.baseline(path, output=output, runner="inline", monitor="model_quality", settings=settings, **options)
    found: dict[str, Any] = json.loads((output / "statistics.json").read_text())
    return found


def test_baseline_and_run(tmp_path: Path) -> None:
    settings = BINARY | {"probability_attribute": "score"}
    block = baseline(table(tmp_path / "a.csv", rows(230, 20)), tmp_path / "bl", settings)[
        "binary_classification_metrics"
    ]
    assert block["accuracy"]["value"] == 0.92
    assert 0 < block["accuracy"]["standard_deviation"] < 0.05
    assert block["receiver_operating_characteristic_curve"]["false_positive_rates"][0] == 0.0
    result = engine.monitor(
        table(tmp_path / "b.csv", rows(150, 100)), baseline=tmp_path / "bl", output=tmp_path / "out", runner="inline",
        monitor="model_quality", settings=settings, segments=["region"],
        cloudwatch={"enabled": True, "metrics_dir": str(tmp_path / "cw")},
    )  # fmt: skip
    names = {(violation.model_extra or {})["metric_name"] for violation in result.violations}
    assert {"accuracy", "truePositiveRate", "falsePositiveRate", "auc", "f2"} <= names
    assert "f0_5" not in names
    assert any(v.description.startswith("Metric accuracy with 0.6 +/- 0.0") for v in result.violations)
    found = {(m.slice, m.metric): m for m in result.measurements}
    assert (found["region=EU", "accuracy"].value, found["region=US", "accuracy"].value) == (1.0, 0.0)
    assert (found[None, "accuracy"].status, found[None, "accuracy"].baseline) == ("violation", 0.92)
    lines = [json.loads(line) for line in (tmp_path / "cw" / "cloudwatch_metrics.jsonl").read_text().splitlines()]
    assert {line["MetricName"] for line in lines} >= {"accuracy", "auc", "au_prc", "accuracy_best_constant_classifier"}
    assert result.message.startswith("CompletedWithViolations")


@pytest.mark.parametrize("threshold", [0.5, "0.5"])
def test_a_score_and_a_threshold_instead_of_a_prediction(tmp_path: Path, threshold: Any) -> None:
    settings = {"problem_type": "binaryclassification", "ground_truth_attribute": 0, "probability_attribute": 2}
    settings["probability_threshold_attribute"] = threshold
    found = baseline(table(tmp_path / "a.csv", rows(90, 10)), tmp_path / "bl", settings)
    assert found["binary_classification_metrics"]["accuracy"]["value"] == 0.9


def test_labels_are_texts_and_whole_numbers_are_one_class(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [("1", "1.0"), (" 1", "1"), ("0", "0.0"), ("0.0", "1")], "label,guess")
    matrix = baseline(data, tmp_path / "bl", BINARY)["binary_classification_metrics"]["confusion_matrix"]
    assert matrix == {"0": {"0": 1, "1": 1}, "1": {"0": 0, "1": 2}}


def test_rows_without_a_label_are_left_out_and_counted(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [("1", "1"), ("", "1"), ("1", ""), ("0", "1")], "label,guess")
    result = engine.baseline(data, output=tmp_path / "bl", runner="inline", monitor="model_quality", settings=BINARY)
    assert result.statistics.dataset.item_count == 2  # type: ignore[attr-defined]
    assert {m.metric: m.value for m in result.measurements}["rows_without_verdict"] == 2


def test_one_class_only(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [(1, 1), (1, 0)], "label,guess")
    block = baseline(data, tmp_path / "bl", BINARY)["binary_classification_metrics"]
    assert block["true_negative_rate"]["value"] is None
    assert block["recall"]["value"] == 0.5
    again = engine.monitor(
        data,
        baseline=tmp_path / "bl",
        output=tmp_path / "out",
        runner="inline",
        monitor="model_quality",
        settings=BINARY,
    )
    assert again.violations == []


def test_one_row_of_a_regression(tmp_path: Path) -> None:
    settings = {"problem_type": "Regression", "ground_truth_attribute": "label", "inference_attribute": "guess"}
    block = baseline(table(tmp_path / "a.csv", [(1, 3)], "label,guess"), tmp_path / "bl", settings)[
        "regression_metrics"
    ]
    assert {name: entry["value"] for name, entry in block.items()} == {"mae": 2.0, "mse": 4.0, "rmse": 2.0, "r2": "NaN"}


def test_nothing_to_measure(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [("", "1"), ("", "0")], "label,guess")
    with pytest.raises(
        NoDataError, match=r"No valid records to compute model quality metrics: of 2 records none has a value"
    ):
        baseline(data, tmp_path / "bl", BINARY)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            BINARY | {"inference_attribute": "gues"},
            DataFormatError,
            "the data has no column 'gues'; it has label, guess",
        ),
        (BINARY | {"problem_type": "Ranking"}, ConfigurationError, "'problem_type' is 'Ranking'"),
        ({"problem_type": "Regression"}, ConfigurationError, "inference_attribute is missing"),
        (BINARY | {"treshold": 1}, ConfigurationError, "unknown key 'treshold'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, settings: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        baseline(table(tmp_path / "a.csv", [(1, 1)], "label,guess"), tmp_path / "bl", settings)
    assert message in str(caught.value)


def run(data: Path, before: Any, output: Path, settings: dict[str, Any], **options: Any) -> engine.JobResult:
    return engine.monitor(
        data, baseline=before, output=output, runner="inline", monitor="model_quality", settings=settings, **options
    )


def test_names_of_columns_are_matched_without_regard_to_case(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", rows(9, 1), "LABEL,Guess,score,region")
    assert baseline(data, tmp_path / "bl", BINARY)["binary_classification_metrics"]["accuracy"]["value"] == 0.9


def test_window_without_positives_raises_no_violation_of_what_is_not_defined(tmp_path: Path) -> None:
    settings = BINARY | {"probability_attribute": "score"}
    baseline(table(tmp_path / "a.csv", rows(9, 1)), tmp_path / "bl", settings)
    quiet = table(tmp_path / "b.csv", [(0, 0, 0.1, "EU"), (0, 0, 0.3, "US")])
    result = run(quiet, tmp_path / "bl", tmp_path / "out", settings)
    assert result.violations == []
    by_name = {m.metric: m for m in result.measurements}
    for name in ("recall", "true_positive_rate", "false_negative_rate", "precision", "f1", "auc"):
        assert (by_name[name].value, by_name[name].status) == (None, "not_enough_data"), name
        assert by_name[name].threshold is not None
    assert (by_name["accuracy"].value, by_name["accuracy"].status) == (1.0, "ok")


@pytest.mark.parametrize("label", ["legit", "fraud"])
def test_window_of_one_class_is_judged_by_the_labels_of_the_baseline(tmp_path: Path, label: str) -> None:
    settings = BINARY | {"positive_label": "fraud"}
    both = [("fraud", "fraud"), ("legit", "legit"), ("legit", "fraud")]
    baseline(table(tmp_path / "a.csv", both, "label,guess"), tmp_path / "bl", settings)
    window = table(tmp_path / "b.csv", [(label, label)] * 3, "label,guess")
    statistics = run(window, tmp_path / "bl", tmp_path / "out", settings).statistics
    assert statistics.metrics_block["recall"]["value"] == (1.0 if label == "fraud" else None)  # type: ignore[attr-defined]
    constraints = {"constraints": tmp_path / "bl" / "constraints.json"}
    notes = run(window, constraints, tmp_path / "out2", settings).notes
    assert any("no row has the label 'fraud'" in note for note in notes) == (label == "legit")


def test_every_constraint_is_a_row_with_the_verdict_of_the_violations(tmp_path: Path) -> None:
    settings = BINARY | {"probability_attribute": "score"}
    baseline(table(tmp_path / "a.csv", rows(9, 1)), tmp_path / "bl", settings)
    result = run(
        table(tmp_path / "b.csv", rows(6, 4), "label,guess,x,region"), tmp_path / "bl", tmp_path / "out", BINARY
    )
    constraints = json.loads((tmp_path / "bl" / "constraints.json").read_text())["binary_classification_constraints"]
    verdicts = {m.metric: m.status for m in result.measurements if m.threshold is not None}
    assert verdicts.keys() == constraints.keys() - {"f0_5"}  # the original passes over it
    assert verdicts["auc"] == "not_enough_data"  # these data have no scores
    broken = {(violation.model_extra or {})["metric_name"] for violation in result.violations}
    assert {camel_case(name) for name, status in verdicts.items() if status == "violation"} == broken


def test_slice_of_one_class_has_no_verdict_and_costs_nothing_else(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [("yes", "yes", 1, "EU"), ("no", "yes", 0, "EU"), ("no", "no", 0, "US")])
    settings = BINARY | {"positive_label": "yes", "probability_attribute": "score"}
    result = engine.baseline(
        data, output=tmp_path / "bl", runner="inline", monitor="model_quality", settings=settings, segments=["region"]
    )
    by_place = {(m.slice, m.metric): (m.value, m.status) for m in result.measurements}
    assert by_place["region=US", "recall"] == by_place["region=US", "auc"] == (None, "not_enough_data")
    assert by_place["region=US", "accuracy"] == (1.0, "measured")
    assert by_place["region=EU", "recall"] == (1.0, "measured")


def test_rows_left_out_are_counted_and_said(tmp_path: Path) -> None:
    rows_ = [(1, 1, 0.5, "a"), ("nan", 0, 0.5, "a"), (0, "", 0.5, "a"), (1, 1, "?", "a"), (0, 0, 0.1, "a")]
    result = engine.baseline(
        table(tmp_path / "a.csv", rows_), output=tmp_path / "bl", runner="inline", monitor="model_quality",
        settings=BINARY | {"probability_attribute": "score"},
    )  # fmt: skip
    assert {m.metric: m.value for m in result.measurements}["rows_without_verdict"] == 3
    assert result.notes["records without a usable label, prediction or score are left out"] == 3


def test_scores_of_the_wrong_class_are_noted(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [(0, 0, 0.9, "a"), (1, 1, 0.1, "a")])
    result = engine.baseline(
        data, output=tmp_path / "bl", runner="inline", monitor="model_quality",
        settings=BINARY | {"probability_attribute": "score"},
    )  # fmt: skip
    assert any(note.startswith("auc is 0.000") and "probability_attribute (score)" in note for note in result.notes)


@pytest.mark.parametrize(("kind", "most"), [("BinaryClassification", "10"), ("MulticlassClassification", "1,000")])
def test_more_classes_than_a_model_has_are_an_error_that_says_so(tmp_path: Path, kind: str, most: str) -> None:
    data = table(tmp_path / "a.csv", [(i, i) for i in range(1100)], "label,guess")
    with pytest.raises(
        DataFormatError, match=rf"{kind}: there are more than {most} classes .* problem_type Regression"
    ):
        baseline(data, tmp_path / "bl", BINARY | {"problem_type": kind})


def test_a_thousand_classes_are_counted(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [(f"c{i}", f"c{i if i % 4 else 1}") for i in range(1000)], "label,guess")
    found = baseline(data, tmp_path / "bl", BINARY | {"problem_type": "MulticlassClassification"})
    assert found["multiclass_classification_metrics"]["accuracy"]["value"] == 0.75


def test_records_that_lack_the_column_are_left_out_where_others_have_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"label": 1, "guess": 1}\n{"label": 0, "guess": 1}\n')
    (folder / "b.jsonl").write_text('{"guess": 1}\n')
    result = engine.baseline(folder, output=tmp_path / "bl", runner="inline", monitor="model_quality", settings=BINARY)
    assert result.statistics.dataset.item_count == 2  # type: ignore[attr-defined]
    assert {m.metric: m.value for m in result.measurements}["rows_without_verdict"] == 1


def test_predictions_that_are_no_labels_are_noted(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", [("Cat", "cat"), ("Dog", "dog")], "label,guess")
    settings = BINARY | {"problem_type": "MulticlassClassification"}
    result = engine.baseline(data, output=tmp_path / "bl", runner="inline", monitor="model_quality", settings=settings)
    expected = "no prediction is one of the labels: labels are 'Cat', 'Dog', predictions 'cat', 'dog'"
    assert result.notes == {expected: 2}


def test_threshold_that_is_no_number_is_refused(tmp_path: Path) -> None:
    settings = BINARY | {"probability_attribute": "score", "probability_threshold_attribute": "nan"}
    with pytest.raises(ConfigurationError, match="probability_threshold_attribute"):
        baseline(table(tmp_path / "a.csv", rows(2, 1)), tmp_path / "bl", settings)
