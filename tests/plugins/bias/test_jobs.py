"""Bias jobs on plain tables: configuration, predictions from scores, drift, intervals, slices, CloudWatch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import engine
from engine.errors import ConfigurationError, DataFormatError

SETTINGS: dict[str, Any] = {
    "label": "label", "predicted_label": "guess", "label_values_or_threshold": [1], "group_variable": "age",
    "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}],
}  # fmt: skip


def table(path: Path, against: int = 0, rows: int = 400) -> Path:
    """Applicants; ``against`` of ten positive predictions of women are turned round."""
    lines = []
    for i in range(rows):
        sex, label = "fm"[i % 2], int(i % 5 < 3)
        guess = 0 if sex == "f" and (i // 2) % 10 < against else label
        lines.append(f"{sex},{20 + i % 7},{i % 11},{label},{guess},{0.9 if guess else 0.2},{'eu' if i % 3 else 'us'}")
    path.write_text("sex,age,income,label,guess,score,region\n" + "\n".join(lines) + "\n")
    return path


def jobs(folder: Path, against: int, settings: dict[str, Any] = SETTINGS, rows: int = 400, **options: Any) -> Any:
    base = table(folder / "before.csv", 1, rows)
    engine.baseline(base, output=folder / "baseline", runner="inline", monitor="bias", settings=settings)
    return engine.monitor(
        table(folder / "now.csv", against, rows), baseline=folder / "baseline", output=folder / "out", runner="inline",
        monitor="bias", settings=settings, **options,
    )  # fmt: skip


def test_the_same_data_has_no_violation(tmp_path: Path) -> None:
    result = jobs(tmp_path, 1)
    assert result.violations == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["analysis.json", "metrics.parquet"]
    assert (tmp_path / "out" / "analysis.json").read_bytes() == (tmp_path / "baseline" / "analysis.json").read_bytes()


def test_drift(tmp_path: Path) -> None:
    metrics = {"enabled": True, "metrics_dir": str(tmp_path / "cw"), "endpoint": "e", "schedule": "s"}
    result = jobs(tmp_path, 6, cloudwatch=metrics, segments=["region"])
    found = json.loads((tmp_path / "out" / "constraint_violations.json").read_text())["violations"]
    assert {"DPPL", "AD", "RD"} <= {violation["metric_name"] for violation in found}
    assert found[0].keys() == {"constraint_check_type", "description", "facet", "facet_value", "metric_name"}
    lines = [json.loads(line) for line in (tmp_path / "cw" / "cloudwatch_metrics.jsonl").read_text().splitlines()]
    line = next(line for line in lines if line["MetricName"] == "bias_metric_DPPL")
    assert {entry["Name"]: entry["Value"] for entry in line["Dimensions"]} == {
        "Endpoint": "e", "MonitoringSchedule": "s", "BiasStage": "Post-Training", "Label": "label", "LabelValue": "1",
        "Facet": "sex", "FacetValue": "f",
    }  # fmt: skip
    infinite = next(line for line in lines if line["MetricName"] == "bias_metric_TE")
    assert abs(infinite["Value"]) == 2.348543e108 or abs(infinite["Value"]) < 1e6
    rows = pq.read_table(tmp_path / "out" / "metrics.parquet").to_pylist()
    whole = next(row for row in rows if row["metric"] == "DPPL" and row["slice"] is None)
    assert whole["status"] == "violation"
    assert whole["lower"] < whole["value"] < whole["upper"]
    assert {row["slice"] for row in rows} == {None, "region=eu", "region=us"}
    assert result.message.startswith("CompletedWithViolations")


def test_an_alarm_only_beyond_the_interval(tmp_path: Path) -> None:
    careful = SETTINGS | {"confidence": "bootstrap"}

    def names(against: int, settings: dict[str, Any]) -> set[str]:
        return {(v.model_extra or {})["metric_name"] for v in jobs(tmp_path, against, settings, rows=100).violations}

    assert names(2, careful) < names(2, SETTINGS), "a small change is within the interval"
    much = names(9, careful)
    assert "DPPL" in much


@pytest.mark.parametrize("given", [
    {"probability": "score"},
    {"probability_attribute": "5"},
    {"predictor": {"probability": "score"}, "probability_threshold": 0.3},
    {"inference_attribute": "guess"},
])  # fmt: skip
def test_predictions_from_elsewhere_are_the_same(tmp_path: Path, given: dict[str, Any]) -> None:
    engine.baseline(
        table(tmp_path / "a.csv", 3), output=tmp_path / "a", runner="inline", monitor="bias", settings=SETTINGS
    )
    other = {key: value for key, value in SETTINGS.items() if key != "predicted_label"} | given
    engine.baseline(tmp_path / "a.csv", output=tmp_path / "b", runner="inline", monitor="bias", settings=other)
    both = [json.loads((tmp_path / name / "analysis.json").read_text()) for name in "ab"]
    for name in ("AD", "DPPL", "TE"):
        values = [next(m["value"] for m in doc["post_training_bias_metrics"]["facets"]["sex"][0]["metrics"] if m["name"] == name)
                  for doc in both]  # fmt: skip
        assert values[0] == values[1]


def test_scores_of_several_classes(tmp_path: Path) -> None:
    rows = [
        {"sex": "fm"[i % 2], "label": "abc"[i % 3], "p": [0.1, 0.7, 0.2] if i % 3 == 1 else [0.5, 0.2, 0.3]}
        for i in range(60)
    ]
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    settings = {
        "label": "label", "label_values_or_threshold": ["b"], "facet": [{"name_or_index": "sex", "value_or_threshold": "f"}],
        "predictor": {"probability": "p", "label_headers": ["a", "b", "c"]},
    }  # fmt: skip
    engine.baseline(tmp_path / "d.jsonl", output=tmp_path / "out", runner="inline", monitor="bias", settings=settings)
    block = json.loads((tmp_path / "out" / "analysis.json").read_text())["post_training_bias_metrics"]
    assert block["label_value_or_threshold"] == "b"
    assert {m["name"]: m["value"] for m in block["facets"]["sex"][0]["metrics"]}["AD"] == 0.0


def test_names_with_markup_stay_data(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    text = table(tmp_path / "a.csv", 3).read_text().replace("sex,age", f"{evil},age")
    (tmp_path / "a.csv").write_text(text)
    settings = SETTINGS | {"facet": [{"name_or_index": evil, "value_or_threshold": ["f"]}]}
    engine.baseline(tmp_path / "a.csv", output=tmp_path / "out", runner="inline", monitor="bias", settings=settings)
    found = json.loads((tmp_path / "out" / "analysis.json").read_text())
    assert list(found["pre_training_bias_metrics"]["facets"]) == [evil]


def test_data_without_a_positive_prediction(tmp_path: Path) -> None:
    text = table(tmp_path / "a.csv", 0).read_text().replace(",1,0.9", ",0,0.9")
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataFormatError, match="Positive Predicted Index Series contains all False"):
        engine.baseline(tmp_path / "a.csv", output=tmp_path / "out", runner="inline", monitor="bias", settings=SETTINGS)
    assert not (tmp_path / "out" / "analysis.json").exists()
    lenient = SETTINGS | {"on_degenerate": "report"}
    engine.baseline(tmp_path / "a.csv", output=tmp_path / "out", runner="inline", monitor="bias", settings=lenient)
    found = json.loads((tmp_path / "out" / "analysis.json").read_text())["pre_training_bias_metrics"]["facets"]["sex"][
        0
    ]
    assert all(metric["value"] is None and "all False" in metric["error"] for metric in found["metrics"])


@pytest.mark.parametrize(("changed", "says"), [
    ({"facet": []}, "facet"),
    ({"facet": [{"name": "sex"}]}, "name_or_index"),
    ({"methods": {"pre_training_bias": {"methods": ["CI", "XX"]}}}, r"'XX'; metrics should be one of the registered metrics"),
    ({"predicted_label": None}, "predicted_label is missing"),
    ({"lable": "x"}, "lable"),
    ({"facet_dataset_uri": "s3://a/b"}, "facet_dataset_uri is not supported"),
    ({"analysis_config": "/nowhere/analysis_config.json"}, "cannot be read as UTF-8 JSON"),
    ({"predictor": "x"}, "predictor is 'x'; allowed is an object"),
])  # fmt: skip
def test_a_wrong_configuration_names_the_key(tmp_path: Path, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        engine.baseline(
            table(tmp_path / "a.csv"),
            output=tmp_path / "out",
            runner="inline",
            monitor="bias",
            settings=SETTINGS | changed,
        )


def test_unknown_keys_of_a_file_are_ignored_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "c.json").write_text(
        json.dumps(SETTINGS | {"colour": "blue", "methods": {"report": {"name": "report"}}})
    )
    engine.baseline(
        table(tmp_path / "a.csv", 2), output=tmp_path / "out", runner="inline", monitor="bias",
        settings={"analysis_config": str(tmp_path / "c.json")},
    )  # fmt: skip
    assert "'colour' is not known and is ignored" in caplog.text
    assert "post_training_bias_metrics" in json.loads((tmp_path / "out" / "analysis.json").read_text())


def test_a_baseline_of_before_has_no_sd(tmp_path: Path) -> None:
    jobs(tmp_path, 6)
    path = tmp_path / "baseline" / "analysis.json"
    document = json.loads(path.read_text())
    entry = document["post_training_bias_metrics"]["facets"]["sex"][0]
    entry["metrics"] = [metric for metric in entry["metrics"] if metric["name"] != "DPPL"]
    path.write_text(json.dumps(document))
    result = engine.monitor(
        tmp_path / "now.csv",
        baseline=path.parent,
        output=tmp_path / "out",
        runner="inline",
        monitor="bias",
        settings=SETTINGS,
    )
    names = {(violation.model_extra or {})["metric_name"] for violation in result.violations}
    assert "AD" in names
    assert "DPPL" not in names


def test_the_flip_test_of_a_sample_does_not_depend_on_splits(tmp_path: Path) -> None:
    settings = SETTINGS | {"ft_max_rows": 50}
    data = table(tmp_path / "a.csv", 4)
    texts = []
    for split in (1 << 20, 4096):
        engine.baseline(
            data,
            output=tmp_path / "out",
            runner="inline",
            monitor="bias",
            settings=settings,
            input={"split_bytes": split},
        )
        texts.append((tmp_path / "out" / "analysis.json").read_text())
    assert texts[0] == texts[1]
