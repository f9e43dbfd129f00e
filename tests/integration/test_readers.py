"""SageMaker's own readers on our documents: the SDK in both versions, and a gate in a pipeline."""

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

import engine
from engine.testing.captures import COLUMNS, write_captures
from tests.conftest import python_of
from tests.integration.conftest import REPOSITORY
from tests.integration.processing_jobs import inside, run_processing_job, split, upload

REPORT, BASELINE = "s3://bucket/reports/ep/schedule/2026/01/31/11", "s3://bucket/baseline"


@pytest.fixture
def captures(aws: Any, tmp_path: Path) -> Path:
    """Captures with drift, and on S3 their report and a baseline, which the engine wrote there."""
    write_captures(tmp_path / "before", 600, seed=1)
    write_captures(tmp_path / "captures", 600, seed=2, drift=True)
    engine.baseline(tmp_path / "before", output=BASELINE, runner="inline", input={"names": list(COLUMNS)})
    engine.monitor(tmp_path / "captures", baseline=BASELINE, output=REPORT, runner="inline")
    return tmp_path / "captures"


def processing_job(name: str, output: str) -> str:
    """A job that SageMaker has heard of; gives its ARN."""
    place = {"S3Uri": output, "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}
    source = {"S3Uri": "s3://bucket/captures", "LocalPath": "/opt/ml/processing/input", "S3DataType": "S3Prefix"}
    made = boto3.client("sagemaker").create_processing_job(
        ProcessingJobName=name,
        ProcessingInputs=[{"InputName": "endpoint_input_1", "S3Input": source | {"S3InputMode": "File"}}],
        ProcessingOutputConfig={"Outputs": [{"OutputName": "result", "S3Output": place}]},
        ProcessingResources={
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 20}
        },
        AppSpecification={"ImageUri": "i:1"},
        RoleArn="arn:aws:iam::111122223333:role/x",
    )
    return str(made["ProcessingJobArn"])


@pytest.mark.parametrize("version", [2, 3])
def test_the_sdk_reads_reports(captures: Path, aws: Any, tmp_path: Path, version: int) -> None:
    python = sys.executable if version == 2 else python_of("sagemaker3")
    jobs = [processing_job("with-report", REPORT), processing_job("without", BASELINE)]
    saved = "s3://bucket/baseline/edited.json"
    script = str(REPOSITORY / "tests/integration/read_documents.py")
    done = subprocess.run(
        [
            python,
            "-W",
            "ignore",
            script,
            *jobs,
            REPORT,
            saved,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("FOUND ")[2])
    assert found["version"] == version
    written = {
        name: json.loads(aws.get_object(Bucket="bucket", Key=f"{split(REPORT)[1]}/{name}.json")["Body"].read())
        for name in ("statistics", "constraint_violations")
    }
    assert found["statistics"] == written["statistics"]
    assert found["violations"] == written["constraint_violations"]
    assert found["violations"]["violations"]
    assert found["the same"] == [found["statistics"], found["violations"]]
    assert found["violations of a baseline"] is None

    edited = {"statistics": f"{BASELINE}/statistics.json", "constraints": saved}
    again = engine.monitor(captures, baseline=edited, output=tmp_path / "again", runner="inline")
    assert "plan" in {one["feature_name"] for one in found["violations"]["violations"]}
    assert "plan" not in {one.feature_name for one in again.violations}, "what the SDK edited is honoured"


@pytest.fixture
def local_pipelines(aws: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], Any]:
    """The SDK's local pipelines, with our entry point in the place of a container; gives a function for a session."""
    from sagemaker.local import local_session
    from sagemaker.local.entities import _LocalProcessingJob
    from sagemaker.workflow.pipeline_context import LocalPipelineSession

    describe = _LocalProcessingJob.describe

    class Container:
        instance_count, instance_type, image = 1, "local", "i:1"
        container_entrypoint = container_arguments = None

        def __init__(self, *_: Any, **__: Any) -> None:
            self.message = ""

        def process(self, inputs: Any, outputs: Any, environment: Any, name: str) -> None:
            request = {"ProcessingInputs": inputs, "ProcessingOutputConfig": outputs, "Environment": environment}
            self.message = run_processing_job(aws, request, tmp_path / name)["ExitMessage"]

    monkeypatch.setattr(local_session, "_SageMakerContainer", Container)
    monkeypatch.setattr(
        _LocalProcessingJob, "describe", lambda job: {**describe(job), "ExitMessage": job.container.message}
    )
    return lambda: LocalPipelineSession(boto3.Session(region_name="us-east-1"), default_bucket="bucket")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("drift", "status"), [(False, "Succeeded"), (True, "Failed")])
def test_a_gate_in_a_pipeline(
    local_pipelines: Callable[[], Any],
    aws: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drift: bool,
    status: str,
) -> None:
    """The SDK evaluates the pipeline, its properties and conditions; the step itself is a real run."""
    from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor
    from sagemaker.workflow.functions import JsonGet
    from sagemaker.workflow.pipeline import Pipeline
    from sagemaker.workflow.steps import ProcessingStep

    monkeypatch.syspath_prepend(str(REPOSITORY / "conf" / "pipelines"))
    import quality_gate as gate

    table = "a,b\n" + "".join(f"{i % 7},x{i % 3}\n" for i in range(500))
    (tmp_path / "data.csv").write_text(table)
    engine.baseline(tmp_path / "data.csv", output=BASELINE, runner="inline")
    aws.put_object(
        Bucket="bucket", Key="data/data.csv", Body=(table.replace(",x1", ",new") if drift else table).encode()
    )
    session = local_pipelines()

    def processor() -> Any:
        return Processor("arn:aws:iam::111122223333:role/x", "i:1", 1, "local", sagemaker_session=session)

    after = processor()
    after.env = {"dataset_source": "/opt/ml/processing/input", "output_path": "/opt/ml/processing/output"}
    source = ProcessingInput("s3://bucket/data", "/opt/ml/processing/input", input_name="data")
    result = ProcessingOutput("/opt/ml/processing/output", "s3://bucket/after", output_name="result")
    train = ProcessingStep("Train", step_args=after.run(inputs=[source], outputs=[result]))
    check = gate.Check("s3://bucket/data", BASELINE, "s3://bucket/gate")
    pipeline = Pipeline("p", steps=gate.quality_gate(processor(), check, [train]), sagemaker_session=session)
    definition = json.loads(pipeline.definition())
    [condition] = definition["Steps"][1]["Arguments"]["Conditions"]
    assert condition["LeftValue"] == {"Get": "Steps.MonitorData.ExitMessage"}

    pipeline.create("arn:aws:iam::111122223333:role/x")
    execution = pipeline.start()
    assert execution.status == status, execution.failure_reason
    names = {one["StepName"] for one in execution.list_steps()["PipelineExecutionSteps"] if one.get("StepStatus")}
    assert ("Train" in names) == (not drift)
    if drift:
        assert "MonitorData found violations. See s3://bucket/gate" in str(execution.failure_reason)
        first = JsonGet("MonitorData", "Violations", "violations[0].constraint_check_type")
        from sagemaker.local.pipeline import LocalPipelineExecutor

        value = LocalPipelineExecutor(execution, session).evaluate_pipeline_variable(first, "MonitorData")
        assert value == "categorical_values_check"


@pytest.mark.filterwarnings("ignore")
def test_the_job_of_a_quality_check_step_runs(aws: Any, tmp_path: Path) -> None:
    """The request that AWS's QualityCheckStep makes, on our image: the baseline lies where the step's properties say."""
    from sagemaker.model_monitor import DatasetFormat
    from sagemaker.workflow.check_job_config import CheckJobConfig
    from sagemaker.workflow.pipeline_context import PipelineSession
    from sagemaker.workflow.quality_check_step import DataQualityCheckConfig, QualityCheckStep

    (tmp_path / "data.csv").write_text("a,b\n" + "".join(f"{i},x\n" for i in range(200)))
    upload(aws, tmp_path, "s3://bucket/data")
    session = PipelineSession(boto3.Session(region_name="us-east-1"), default_bucket="bucket")
    step = QualityCheckStep(
        "Check",
        DataQualityCheckConfig(
            baseline_dataset="s3://bucket/data/data.csv",
            dataset_format=DatasetFormat.csv(header=True),
            output_s3_uri="s3://bucket/check",
        ),
        CheckJobConfig(role="arn:aws:iam::111122223333:role/x", sagemaker_session=session),
        skip_check=True,
        register_new_baseline=True,
    )
    request = step.to_request()["Arguments"]
    described = run_processing_job(aws, request, tmp_path / "ml")
    assert described["ProcessingJobStatus"] == "Completed", described["ExitMessage"]
    [output] = request["ProcessingOutputConfig"]["Outputs"]
    folder = inside(tmp_path / "ml", output["S3Output"]["LocalPath"])
    assert {"statistics.json", "constraints.json"} <= {path.name for path in folder.iterdir()}
    assert output["OutputName"] == "quality_check_output"


IMPORTS = """
import importlib, pkgutil, sys
import botocore.session

def made(*_, **__):
    raise AssertionError("a client was made at import")

botocore.session.Session.create_client = made
import engine
assert "boto3" not in sys.modules, "import engine must stay fast"
for package in ("engine", "plugins", "jobs"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)
"""


def test_no_client_is_made_at_import() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False, cwd=REPOSITORY, env=environment,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
