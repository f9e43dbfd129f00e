"""The container's interface as the platform uses it: no arguments, environment variables, paths below /opt/ml."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.testing.captures import write_captures
from tests.class_archive import quick_options
from tests.integration.conftest import REPOSITORY

FORMAT = '{"sagemakerCaptureJson": {"captureIndexNames": ["endpointInput", "endpointOutput"]}}'
POSTPROCESSOR = """
import os
import pathlib


def postprocess_handler():
    pathlib.Path(os.environ["output_path"], "from_script.txt").write_text("done")
"""
FAILING_PREPROCESSOR = """
def preprocess_handler(inference_record):
    return {"score": float(inference_record.endpoint_output.data) / 0}
"""


def run(root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the entry point as the platform does, with /opt/ml moved to ``root``."""
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "JAVA_HOME") if key in os.environ}
    environment |= {"OPT_ML_ROOT": str(root), "dataset_format": FORMAT, "PYTHONPATH": str(REPOSITORY)}
    environment |= quick_options() | variables
    command = [sys.executable, "-m", "jobs.sagemaker"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False, cwd=root)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laid out /opt/ml on which the baseline job has run."""
    root = tmp_path_factory.mktemp("opt-ml")
    write_captures(root / "processing/input/baseline_dataset_input", records=1500, seed=1)
    write_captures(root / "processing/input/endpoint", records=1500, seed=2, drift=True)
    done = run(
        root,
        dataset_source="/opt/ml/processing/input/baseline_dataset_input",
        output_path="/opt/ml/processing/baseline/stats",
        publish_cloudwatch_metrics="Disabled",
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert sorted(p.name for p in (root / "processing/baseline/stats").iterdir()) == [
        "constraints.json",
        "metrics.parquet",
        "statistics.json",
    ]
    message = (root / "output/message").read_text()
    assert message == "Completed: Job completed successfully with no violations."
    return root


def monitoring(root: Path) -> dict[str, str]:
    return {
        "dataset_source": "/opt/ml/processing/input/endpoint",
        "output_path": "/opt/ml/processing/output",
        "baseline_statistics": "/opt/ml/processing/baseline/stats/statistics.json",
        "baseline_constraints": "/opt/ml/processing/baseline/stats/constraints.json",
        "publish_cloudwatch_metrics": "Enabled",
        "sagemaker_endpoint_name": "endpoint-0",
        "sagemaker_monitoring_schedule_name": "schedule-0",
        "metric_time": "2026-01-31T10:00:00Z",
        "some_variable_of_the_user": "x",
    }


def test_a_monitoring_execution(root: Path) -> None:
    script = root / "processing/code/postprocessing/post.py"
    script.parent.mkdir(parents=True)
    script.write_text(POSTPROCESSOR)
    done = run(
        root,
        **monitoring(root),
        post_analytics_processor_script="/opt/ml/processing/code/postprocessing/post.py",
    )
    assert done.returncode == 0, done.stderr + done.stdout
    violations = json.loads((root / "processing/output/constraint_violations.json").read_text())["violations"]
    assert violations
    expected = f"CompletedWithViolations: Job completed successfully with {len(violations)} violations."
    assert (root / "output/message").read_text() == expected
    assert expected in done.stdout
    assert (root / "processing/output/from_script.txt").read_text() == "done"
    lines = (root / "output/metrics/cloudwatch/cloudwatch_metrics.jsonl").read_text().splitlines()
    data = [json.loads(line) for line in lines]
    for prefix in ("feature_data_", "feature_non_null_", "feature_baseline_drift_"):
        assert any(datum["MetricName"].startswith(prefix) for datum in data), prefix
    assert {"Name": "Endpoint", "Value": "endpoint-0"} in data[0]["Dimensions"]
    assert data[0]["Timestamp"].startswith("2026-01-31T10:00:00")


def test_a_failing_script_is_named_and_nothing_is_written(root: Path) -> None:
    script = root / "processing/code/preprocessing/pre.py"
    script.parent.mkdir(parents=True)
    script.write_text(FAILING_PREPROCESSOR)
    variables = monitoring(root) | {
        "output_path": "/opt/ml/processing/other",
        "record_preprocessor_script": "/opt/ml/processing/code/preprocessing/pre.py",
    }
    done = run(root, **variables)
    assert done.returncode != 0
    message = (root / "output/message").read_text()
    assert "Exception while invoking preprocessor script" in message
    assert "ZeroDivisionError" in message
    log = done.stderr + done.stdout
    assert "pre.py" in log
    assert "line 3" in log
    assert not list((root / "processing").glob("other/*.json"))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"dataset_source": "/opt/ml/nowhere"}, "nowhere"),
        ({"dataset_format": '{"csv”: { ”header”: true}'}, "dataset_format"),
    ],
)
def test_errors_name_their_cause(root: Path, variables: dict[str, str], expected: str) -> None:
    done = run(root, **(monitoring(root) | variables))
    assert done.returncode != 0
    assert expected in (root / "output/message").read_text()
    assert "Traceback" not in done.stderr
