"""From a job definition of SageMaker's to a report that SageMaker's readers read: converted, scheduled, run, read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from cfnlint.decode.cfn_yaml import load

import engine
from engine.config import load_config
from engine.testing.captures import COLUMNS, write_captures
from engine.testing.labels import write_labels
from tests.integration.conftest import REPOSITORY, run_job
from tests.integration.processing_jobs import keys_below, run_processing_job, split, upload
from tests.integration.state_machine import StateFailedError, run

MACHINE: dict[str, Any] = load(str(REPOSITORY / "conf/eventbridge/model-monitor.yaml"))["Resources"]["StateMachine"][
    "Properties"
]["Definition"]
CLUSTER = {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 20}}
OUTPUT = {
    "MonitoringOutputs": [
        {
            "S3Output": {
                "S3Uri": "s3://bucket/reports",
                "LocalPath": "/opt/ml/processing/output",
                "S3UploadMode": "EndOfJob",
            }
        }
    ]
}
ENDPOINT = {"EndpointName": "demo-endpoint", "LocalPath": "/opt/ml/processing/input/endpoint"}
COMMON = {"JobResources": CLUSTER, "RoleArn": "arn:aws:iam::111122223333:role/x"}
DATA_QUALITY = COMMON | {
    "JobDefinitionName": "quality-1",
    "DataQualityBaselineConfig": {
        "ConstraintsResource": {"S3Uri": "s3://bucket/baseline/constraints.json"},
        "StatisticsResource": {"S3Uri": "s3://bucket/baseline/statistics.json"},
    },
    "DataQualityAppSpecification": {"ImageUri": "x", "Environment": {"publish_cloudwatch_metrics": "Enabled"}},
    "DataQualityJobInput": {"EndpointInput": ENDPOINT},
    "DataQualityJobOutputConfig": OUTPUT,
}
MODEL_QUALITY = COMMON | {
    "JobDefinitionName": "quality-2",
    "ModelQualityBaselineConfig": {"ConstraintsResource": {"S3Uri": "s3://bucket/baseline/constraints.json"}},
    "ModelQualityAppSpecification": {"ImageUri": "x", "ProblemType": "BinaryClassification"},
    "ModelQualityJobInput": {
        "EndpointInput": ENDPOINT
        | {
            "ProbabilityAttribute": "0",
            "ProbabilityThresholdAttribute": 0.5,
            "StartTimeOffset": "-PT2H",
            "EndTimeOffset": "-PT1H",
        },
        "GroundTruthS3Input": {"S3Uri": "s3://bucket/labels"},
    },
    "ModelQualityJobOutputConfig": OUTPUT,
}
BIAS = COMMON | {
    "JobDefinitionName": "bias-1",
    "ModelBiasBaselineConfig": {"ConstraintsResource": {"S3Uri": "s3://bucket/baseline/analysis.json"}},
    "ModelBiasAppSpecification": {"ImageUri": "x", "ConfigUri": "s3://bucket/config/analysis_config.json"},
    "ModelBiasJobInput": MODEL_QUALITY["ModelQualityJobInput"],
    "ModelBiasJobOutputConfig": OUTPUT,
}
ANALYSIS_CONFIG = {
    "label": "groundTruthData",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "_c6", "value_or_threshold": ["gold"]}],
}
DESCRIBED_ENDPOINT = {
    "EndpointName": "demo-endpoint",
    "ProductionVariants": [{"VariantName": "AllTraffic"}],
    "DataCaptureConfig": {"DestinationS3Uri": "s3://bucket/captures"},
}


def schedule(definition: dict[str, Any], kind: str) -> dict[str, Any]:
    name = definition["JobDefinitionName"]
    config = {"ScheduleExpression": "cron(0 * ? * * *)"}
    return {
        "MonitoringScheduleName": f"schedule-{name}",
        "MonitoringScheduleConfig": {
            "ScheduleConfig": config,
            "MonitoringJobDefinitionName": name,
            "MonitoringType": kind,
        },
    }


def converted(folder: Path, *documents: dict[str, Any], at: str) -> Path:
    """Runs the command on the documents; gives the folder of the files."""
    names = []
    for number, document in enumerate(documents):
        names.append(str(folder / f"{number}.json"))
        Path(names[-1]).write_text(json.dumps(document))
    done = run_job("from-job-definition", *names, "--output", str(folder / "converted"), "--image", "i:1", "--at", at)
    assert done.returncode == 0, done.stderr
    return folder / "converted"


def execution(folder: Path, time: str) -> dict[str, Any]:
    """What EventBridge Scheduler would give the state machine at a time."""
    told = json.loads((folder / "schedule.json").read_text())["Target"]["Input"]
    told = told.replace("<aws.scheduler.scheduled-time>", time).replace(
        "<aws.scheduler.execution-id>", "d32c5kddcf5bb8c3"
    )
    given: dict[str, Any] = json.loads(told)
    return given


def platform(s3: Any, root: Path, started: list[dict[str, Any]]) -> dict[str, Callable[[Any], Any]]:
    """The services that the state machine calls."""

    def create(request: dict[str, Any]) -> dict[str, Any]:
        boto3.client("sagemaker").create_processing_job(**request)
        started.append(request)
        described = run_processing_job(s3, request, root / str(len(started)))
        assert described["ProcessingJobStatus"] == "Completed", described["ExitMessage"] + described["log"]
        return described

    return {
        "arn:aws:states:::aws-sdk:s3:listObjectsV2": lambda arguments: s3.list_objects_v2(**arguments),
        "arn:aws:states:::sagemaker:createProcessingJob.sync": create,
    }


def test_data_quality(aws: Any, tmp_path: Path) -> None:
    write_captures(tmp_path / "before", 800, seed=1)
    engine.baseline(tmp_path / "before", output=tmp_path / "baseline", runner="inline", input={"names": list(COLUMNS)})
    write_captures(tmp_path / "captures", 1600, seed=2, drift=True, hours=2)
    upload(aws, tmp_path / "baseline", "s3://bucket/baseline")
    upload(aws, tmp_path / "captures", "s3://bucket/captures")
    documents = (DATA_QUALITY, schedule(DATA_QUALITY, "DataQuality"), DESCRIBED_ENDPOINT)
    folder = converted(tmp_path, *documents, at="2026-01-31T11:00:00Z")
    load_config(folder / "monitor.yaml")

    started: list[dict[str, Any]] = []
    result = run(MACHINE, execution(folder, "2026-01-31T11:00:02Z"), platform(aws, tmp_path / "ml", started))
    assert result["state"] == "CompletedWithViolations"
    report = "s3://bucket/reports/demo-endpoint/schedule-quality-1/2026/01/31/11"
    assert result["report"] == report
    names = [key.rpartition("/")[2] for key in keys_below(aws, report)]
    assert {"statistics.json", "constraints.json", "constraint_violations.json"} <= set(names)
    written = json.loads((folder / "processing-job.json").read_text())
    assert started == [written | {"ProcessingJobName": written["ProcessingJobName"] + "-d32c5kdd"}], "the same request"
    statistics = json.loads(aws.get_object(Bucket="bucket", Key=f"{split(report)[1]}/statistics.json")["Body"].read())
    assert statistics["dataset"]["item_count"] == 800, "of one hour"

    with pytest.raises(StateFailedError, match="Job inputs had no data"):
        run(MACHINE, execution(folder, "2026-01-31T15:00:00Z"), platform(aws, tmp_path / "ml", started))
    assert len(started) == 1

    local = run_job(
        "backfill", "--config", str(folder / "monitor.yaml"), "--runner", "inline", "--output", str(tmp_path / "local"),
        "--from", "2026-01-31T10:00Z", "--to", "2026-01-31T11:00Z", cwd=tmp_path,
    )  # fmt: skip
    assert local.returncode == 0, local.stderr
    place = tmp_path / "local/demo-endpoint/schedule-quality-1/2026/01/31/11"
    assert json.loads((place / "statistics.json").read_text()) == statistics, "the configuration says the same"


def test_model_quality_with_labels_that_come_later(aws: Any, tmp_path: Path) -> None:
    write_captures(tmp_path / "captures", 600, seed=2)
    write_labels(tmp_path / "captures", tmp_path / "labels")
    table = tmp_path / "table.csv"
    table.write_text("label,score\n" + "".join(f"{i % 2},{0.9 if i % 2 else 0.1}\n" for i in range(300)))
    settings = {
        "problem_type": "BinaryClassification",
        "ground_truth_attribute": "label",
        "probability_attribute": "score",
        "probability_threshold_attribute": 0.5,
    }
    engine.baseline(table, output=tmp_path / "baseline", runner="inline", monitor="model_quality", settings=settings)
    for name in ("captures", "labels", "baseline"):
        upload(aws, tmp_path / name, f"s3://bucket/{name}")
    documents = (MODEL_QUALITY, schedule(MODEL_QUALITY, "ModelQuality"), DESCRIBED_ENDPOINT)
    folder = converted(tmp_path, *documents, at="2026-01-31T12:00:00Z")
    load_config(folder / "monitor.yaml")

    started: list[dict[str, Any]] = []
    result = run(MACHINE, execution(folder, "2026-01-31T12:00:00Z"), platform(aws, tmp_path / "ml", started))
    assert result["state"] == "CompletedWithViolations"
    assert result["report"] == "s3://bucket/reports/demo-endpoint/schedule-quality-2/2026/01/31/12"
    merged = keys_below(aws, "s3://bucket/reports/merge")
    assert [key.rpartition("/")[0] for key in merged] == ["reports/merge/demo-endpoint/AllTraffic/2026/01/31/10"]
    merge, analysis = started
    assert merge["Environment"].keys() == {"dataset_source", "ground_truth_source", "output_path"}
    assert analysis["Environment"]["start_time"] == "2026-01-31T10:00:00Z"
    for name, request in (("merge-job", merge), ("processing-job", analysis)):
        written = json.loads((folder / f"{name}.json").read_text())
        existing = [one for one in written["ProcessingInputs"] if keys_below(aws, one["S3Input"]["S3Uri"])]
        name_of_job = written["ProcessingJobName"] + "-d32c5kdd"
        assert request == written | {"ProcessingJobName": name_of_job, "ProcessingInputs": existing}

    for key in keys_below(aws, result["report"]):
        aws.delete_object(Bucket="bucket", Key=key)
    run_script(folder, tmp_path, "--from", "2026-01-31T11:00Z", "--to", "2026-01-31T12:00Z")
    names = [key.rpartition("/")[2] for key in keys_below(aws, result["report"])]
    assert {"statistics.json", "constraint_violations.json", "window.json"} <= set(names), "run.sh does the same"


def run_script(folder: Path, place: Path, *period: str) -> None:
    """``run.sh`` as it is written, with a command ``model-monitor`` that needs no Java."""
    command = place / "bin" / "model-monitor"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jobs.cli "$@" --runner inline\n')
    command.chmod(0o755)
    environment = os.environ | {"PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        ["/bin/sh", "run.sh", *period],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_bias(aws: Any, tmp_path: Path) -> None:
    pytest.importorskip("plugins.bias")
    write_captures(tmp_path / "captures", 600, seed=2)
    write_labels(tmp_path / "captures", tmp_path / "labels")
    (tmp_path / "config").mkdir()
    (tmp_path / "config/analysis_config.json").write_text(json.dumps(ANALYSIS_CONFIG))
    places = [str(tmp_path / name) for name in ("captures", "labels", "merged")]
    assert run_job("merge", *places[:2], "--output", places[2], "--runner", "inline").returncode == 0
    parts = ["endpointInput", "endpointOutput", "groundTruthData"]
    engine.baseline(
        tmp_path / "merged", output=tmp_path / "baseline", runner="inline", monitor="bias",
        settings=ANALYSIS_CONFIG | {"probability": 0, "probability_threshold": 0.5},
        input={"format": "capture", "capture": {"parts": parts}},
    )  # fmt: skip
    for name in ("captures", "labels", "baseline", "config"):
        upload(aws, tmp_path / name, f"s3://bucket/{name}")
    folder = converted(tmp_path, BIAS, schedule(BIAS, "ModelBias"), DESCRIBED_ENDPOINT, at="2026-01-31T12:00:00Z")

    started: list[dict[str, Any]] = []
    result = run(MACHINE, execution(folder, "2026-01-31T12:00:00Z"), platform(aws, tmp_path / "ml", started))
    assert (result["state"], len(started)) == ("Completed", 2), "merge and analysis of what the baseline was made from"
    assert f"{split(result['report'])[1]}/analysis.json" in keys_below(aws, result["report"])
    local = run_job(
        "backfill", "--config", str(folder / "monitor.yaml"), "--runner", "inline", "--output", str(tmp_path / "local"),
        "--from", "2026-01-31T11:00Z", "--to", "2026-01-31T12:00Z", "--start-offset=-PT2H", "--end-offset=-PT1H", cwd=tmp_path,
    )  # fmt: skip
    assert "1 windows: 1 done; 0 with violations" in local.stdout, local.stderr
    own = (tmp_path / "local/demo-endpoint/schedule-bias-1/2026/01/31/12/analysis.json").read_bytes()
    bucket, key = split(f"{result['report']}/analysis.json")
    assert aws.get_object(Bucket=bucket, Key=key)["Body"].read() == own
