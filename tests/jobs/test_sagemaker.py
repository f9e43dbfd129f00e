from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from engine.documents.violations import Violation
from engine.errors import NoDataError, UserScriptError
from jobs.container_environment import container
from jobs.sagemaker import run
from tests.jobs.conftest import FakePipeline

REPOSITORY = Path(__file__).resolve().parents[2]

EXECUTION = {
    "dataset_source": "/opt/ml/processing/input/endpoint",
    "dataset_format": '{"sagemakerCaptureJson": {"captureIndexNames": ["endpointInput", "endpointOutput"]}}',
    "output_path": "/opt/ml/processing/output",
    "start_time": "2019-12-01T15: 20: 00Z",
    "end_time": "2019-12-01T16:20:00Z",
    "baseline_statistics": "/opt/ml/processing/baseline/stats/statistics.json",
    "baseline_constraints": "/opt/ml/processing/baseline/constraints/constraints.json",
    "publish_cloudwatch_metrics": "Enabled",
    "sagemaker_endpoint_name": "my-endpoint",
    "sagemaker_monitoring_schedule_name": "my-schedule",
    "record_preprocessor_script": "/opt/ml/processing/code/preprocessing/pre.py",
    "exclude_features_attribute": "0, age",
    "some_variable_of_a_user": "x",
}
BASELINE = {name: EXECUTION[name] for name in ("dataset_source", "output_path")}


def at(root: Path, **variables: str) -> dict[str, str]:
    return {"OPT_ML_ROOT": str(root), **BASELINE, **variables}


def message(root: Path) -> str:
    return (root / "output" / "message").read_text(encoding="utf-8")


def test_an_execution_of_a_schedule(tmp_path: Path) -> None:
    found = container(EXECUTION | {"OPT_ML_ROOT": str(tmp_path)})
    config = found.configuration()
    assert found.kind == "monitor"
    assert config.input.paths == [f"{tmp_path}/processing/input/endpoint"]
    assert config.output == f"{tmp_path}/processing/output"
    assert config.baseline is not None
    assert config.baseline.statistics == f"{tmp_path}/processing/baseline/stats/statistics.json"
    assert config.input.start == datetime(2019, 12, 1, 15, 20, tzinfo=timezone.utc)
    assert config.input.preprocessor == f"{tmp_path}/processing/code/preprocessing/pre.py"
    assert config.input.exclude_features == ["0", "age"]
    assert config.message_file == f"{tmp_path}/output/message"
    metrics = config.cloudwatch
    assert (metrics.enabled, metrics.endpoint, metrics.schedule) == (True, "my-endpoint", "my-schedule")
    assert metrics.metrics_dir == f"{tmp_path}/output/metrics/cloudwatch"
    assert metrics.metric_time == config.input.start, "metric_time is not set"


def test_paths_stay_without_another_root() -> None:
    config = container(BASELINE).configuration()
    assert config.output == "/opt/ml/processing/output"
    assert config.message_file == "/opt/ml/output/message"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ((), "baseline"),
        (("baseline_constraints",), "monitor"),
        (("baseline_constraints", "baseline_statistics"), "monitor"),
        (("baseline_statistics",), "baseline"),
    ],
)
def test_what_is_given_decides_what_is_done(given: tuple[str, ...], kind: str) -> None:
    found = container(BASELINE | {name: EXECUTION[name] for name in given})
    assert found.kind == kind
    assert (found.configuration().baseline is not None) == (kind == "monitor")


def test_the_job_description_is_a_fallback(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    described = {"Environment": {"output_path": "/opt/ml/described", "dataset_source": "/opt/ml/in", "mine": "1"}}
    (tmp_path / "config" / "processingjobconfig.json").write_text(json.dumps(described))
    found = container({"OPT_ML_ROOT": str(tmp_path), "output_path": "/opt/ml/set"})
    assert found.configuration().output == f"{tmp_path}/set"
    assert found.configuration().input.paths == [f"{tmp_path}/in"]
    assert found.variables["mine"] == "1"


@pytest.mark.parametrize("text", ["{", "[]", '{"Environment": null}', '{"Environment": []}'])
def test_a_broken_job_description_is_not_fatal(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "processingjobconfig.json").write_text(text)
    assert container(at(tmp_path)).configuration().output == f"{tmp_path}/processing/output"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"dataset_source": ""}, "The environment variable dataset_source is not set"),
        ({"output_path": ""}, "The environment variable output_path is not set"),
        ({"start_time": "yesterday"}, "The environment variable start_time is not a time"),
        ({"dataset_format": '{"csv\u201d: {'}, "dataset_format is not JSON"),
        ({"baseline_constraints": "/nowhere/c.json"}, "baseline_constraints: /nowhere/c.json: the baseline document"),
        (
            {"baseline_constraints": __file__, "baseline_statistics": "/nowhere/s.json"},
            "baseline_statistics: /nowhere/s.json: the baseline document statistics.json cannot be read: no such file",
        ),
        ({"categorical_drift_method": "Psi"}, "categorical_drift_method is 'Psi'; allowed: LInfinity and ChiSquared."),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, variables: dict[str, str], expected: str) -> None:
    assert run(container(at(tmp_path, **variables))) == 1
    assert message(tmp_path).startswith(expected)
    assert "\n" not in message(tmp_path)


def test_violations_do_not_fail_the_job(
    fake: FakePipeline, violation: Violation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.violations = [violation]
    found = container(EXECUTION | {"OPT_ML_ROOT": str(tmp_path)})
    assert run(found) == 0
    assert capsys.readouterr().out == "CompletedWithViolations: Job completed successfully with 1 violations.\n"
    failing = container({**found.variables, "OPT_ML_ROOT": str(tmp_path), "MONITOR_FAIL_ON_VIOLATIONS": "true"})
    assert run(failing) == 3


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NoDataError("Job inputs had no data: nothing under x."), "Job inputs had no data: nothing under x."),
        (MemoryError(), "Out of memory: use a larger instance type or more instances."),
        (KeyError("x"), "Unexpected KeyError: 'x'. This is a defect of model-monitor."),
        (
            OSError(28, "No space left on device", "/data/x"),
            "/data/x: no space left on device. Make room there, or set TMPDIR or the output to a place that has it.",
        ),
        (
            UserScriptError(
                "Exception while invoking preprocessor script: boom\nTraceback (most recent call last):\n 34,secret"
            ),
            "Exception while invoking preprocessor script: boom",
        ),
    ],
)
def test_a_failure_leaves_its_cause(fake: FakePipeline, tmp_path: Path, error: Exception, expected: str) -> None:
    fake.error = error
    assert run(container(at(tmp_path))) == 1
    assert message(tmp_path) == expected


def start(root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **at(root, MONITOR_RUNNER="inline", **variables)}
    command = [sys.executable, "-m", "jobs.sagemaker"]
    return subprocess.run(
        command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_baseline_and_an_execution_in_processes_of_their_own(tmp_path: Path) -> None:
    source = tmp_path / "processing" / "input" / "endpoint"
    source.mkdir(parents=True)
    (source / "data.csv").write_text("a,b\n" + "".join(f"{i},x\n" for i in range(50)))
    form = {"dataset_format": '{"csv": {"header": true}}'}
    first = start(tmp_path, **form, output_path="/opt/ml/baseline")
    assert first.returncode == 0, first.stderr
    assert message(tmp_path) == "Completed: Job completed successfully with no violations."
    assert sorted(p.name for p in (tmp_path / "baseline").iterdir()) == [
        "constraints.json",
        "metrics.parquet",
        "statistics.json",
    ]

    (source / "data.csv").write_text("a,b\n" + "".join(f"{i}.5,x\n" for i in range(50)))
    documents = {f"baseline_{name}": f"/opt/ml/baseline/{name}.json" for name in ("statistics", "constraints")}
    metrics = {"publish_cloudwatch_metrics": "Enabled", "metric_time": "2026-01-31T10:00:00Z"}
    second = start(tmp_path, **form, **documents, **metrics)
    assert second.returncode == 0, second.stderr
    assert message(tmp_path) == "CompletedWithViolations: Job completed successfully with 1 violations."
    assert message(tmp_path) in second.stdout
    written = json.loads((tmp_path / "processing" / "output" / "constraint_violations.json").read_text())
    assert [v["constraint_check_type"] for v in written["violations"]] == ["data_type_check"]
    lines = (tmp_path / "output" / "metrics" / "cloudwatch" / "cloudwatch_metrics.jsonl").read_text().splitlines()
    assert {json.loads(line)["Timestamp"] for line in lines} == {"2026-01-31T10:00:00Z"}


def test_violations_are_written_where_there_are_none(tmp_path: Path) -> None:
    """What a pipeline's JsonGet needs."""
    source = tmp_path / "processing" / "input" / "endpoint"
    source.mkdir(parents=True)
    (source / "data.csv").write_text("a\n1\n2\n")
    done = start(tmp_path, dataset_format='{"csv": {"header": true}}', MONITOR_ALWAYS_WRITE_VIOLATIONS="true")
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "processing" / "output" / "constraint_violations.json").read_text())
    assert written == {"violations": []}


def test_no_data_is_said_in_the_words_of_the_service(tmp_path: Path) -> None:
    (tmp_path / "processing" / "input" / "endpoint").mkdir(parents=True)
    done = start(tmp_path)
    assert done.returncode == 1
    assert "no data" in message(tmp_path).lower()
    assert "Traceback" not in done.stderr


def test_model_quality_of_merged_captures(tmp_path: Path) -> None:
    """Environment as the service logs it: a baseline from a table, an execution on merged captures."""
    table = tmp_path / "processing" / "input" / "baseline_dataset_input"
    table.mkdir(parents=True)
    (table / "data.csv").write_text("label,prediction\n" + "".join(f"{i},{i + i % 2}\n" for i in range(300)))
    model = {"analysis_type": "MODEL_QUALITY", "problem_type": "Regression"}
    first = start(
        tmp_path,
        **model,
        dataset_format='{"csv": {"header": true, "output_columns_position": "START"}}',
        dataset_source="/opt/ml/processing/input/baseline_dataset_input",
        ground_truth_attribute="label",
        inference_attribute="prediction",
        output_path="/opt/ml/baseline",
    )
    assert first.returncode == 0, first.stderr
    constraints = json.loads((tmp_path / "baseline" / "constraints.json").read_text())["regression_constraints"]
    assert constraints["mae"] == {"threshold": 0.5, "comparison_operator": "GreaterThanThreshold"}

    merged = tmp_path / "processing" / "input_data" / "endpoint" / "AllTraffic" / "2026" / "01" / "31" / "10"
    merged.mkdir(parents=True)
    part = {"encoding": "CSV", "mode": "OUTPUT", "observedContentType": "text/csv"}
    lines = [
        {
            "captureData": {"endpointOutput": part | {"data": str(i + 2)}},
            "groundTruthData": {"data": str(i), "encoding": "CSV"},
            "eventMetadata": {"eventId": str(i), "inferenceTime": "2026-01-31T10:05:09Z"},
            "eventVersion": "0",
        }
        for i in range(50)
    ]
    (merged / "merged.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    second = start(
        tmp_path,
        **model,
        dataset_format='{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"]}}',
        dataset_source="/opt/ml/processing/input_data",
        baseline_constraints="/opt/ml/baseline/constraints.json",
        inference_attribute="0",
        start_time="2026-01-31T10:00:00Z",
        end_time="2026-01-31T11:00:00Z",
        publish_cloudwatch_metrics="Enabled",
    )
    assert second.returncode == 0, second.stderr
    assert message(tmp_path).startswith("CompletedWithViolations: Job completed successfully with 4 violations.")
    written = json.loads((tmp_path / "processing" / "output" / "constraint_violations.json").read_text())["violations"]
    assert written[0] == {
        "constraint_check_type": "GreaterThanThreshold",
        "description": "Metric mae with 2.0 was GreaterThanThreshold '0.5'",
        "metric_name": "mae",
    }
    lines_written = (tmp_path / "output" / "metrics" / "cloudwatch" / "cloudwatch_metrics.jsonl").read_text()
    assert {json.loads(line)["MetricName"] for line in lines_written.splitlines()} == {"mae", "mse", "rmse", "r2"}


def test_ground_truth_is_merged_as_the_merger_does(tmp_path: Path) -> None:
    """The three variables and the folders that the service logs."""
    hour = "2021/05/06/22"
    capture = tmp_path / "processing" / "input_data" / "endpoint" / "AllTraffic" / hour / "a.jsonl"
    truth = tmp_path / "processing" / "groundtruth" / hour / "b.jsonl"
    for path in (capture, truth):
        path.parent.mkdir(parents=True)
    part = {"data": "0.9", "encoding": "CSV"}
    events = [{"eventId": str(i)} for i in range(3)]
    records = [
        {"captureData": {"endpointOutput": part}, "eventMetadata": event, "eventVersion": "0"} for event in events
    ]
    capture.write_text("".join(json.dumps(record) + "\n" for record in records))
    labels = [{"groundTruthData": {"data": "1", "encoding": "CSV"}, "eventMetadata": event} for event in events[:2]]
    truth.write_text("".join(json.dumps(label) + "\n" for label in labels))
    variables = {
        "dataset_source": "/opt/ml/processing/input_data",
        "ground_truth_source": "/opt/ml/processing/groundtruth",
        "output_path": "/opt/ml/processing/output",
    }
    done = start(tmp_path, **variables)
    assert done.returncode == 0, done.stderr
    assert message(tmp_path) == "Completed: merged 2 of 3 captured records."
    written = tmp_path / "processing" / "output" / "endpoint" / "AllTraffic" / hour / "a.jsonl"
    assert [json.loads(line)["groundTruthData"]["data"] for line in written.read_text().splitlines()] == ["1", "1"]
    truth.write_text(json.dumps(labels[0] | {"eventMetadata": {"eventId": "other"}}))
    none = start(tmp_path, **variables)
    assert none.returncode == 1
    assert message(tmp_path).startswith("No matching ground truth records found for captured data")
