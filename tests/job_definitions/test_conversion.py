from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.config import load_config
from engine.errors import ConfigurationError
from engine.job_definitions.conversion import convert
from engine.job_definitions.expressions import crontab_of, period_of
from engine.job_definitions.reading import read_definition
from tests.job_definitions.shapes import complete, errors, leaves, shape

AT = datetime(2026, 1, 31, 11, tzinfo=timezone.utc)
KINDS = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")


def minimal(kind: str) -> dict[str, Any]:
    """Definitions as the service describes them."""
    own: dict[str, Any] = {
        "DataQuality": {},
        "ModelQuality": {"ProblemType": "Regression"},
        "ModelBias": {"ConfigUri": "s3://b/cfg/analysis_config.json"},
        "ModelExplainability": {"ConfigUri": "s3://b/cfg/analysis_config.json"},
    }
    truth = {"GroundTruthS3Input": {"S3Uri": "s3://b/gt"}} if kind in ("ModelQuality", "ModelBias") else {}
    place = {"S3Uri": "s3://b/out", "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "Continuous"}
    source = {
        "EndpointName": "ep",
        "LocalPath": "/opt/ml/processing/input/endpoint",
        "FeaturesAttribute": "instances[*].features",
        "InferenceAttribute": "predictions[*].predicted_label",
        "StartTimeOffset": "-PT6H",
        "EndTimeOffset": "-PT0H",
    }
    return {
        "JobDefinitionName": "job-1",
        f"{kind}BaselineConfig": {"ConstraintsResource": {"S3Uri": "s3://b/base/constraints.json"}},
        f"{kind}AppSpecification": {
            "ImageUri": "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer",
            "Environment": {"publish_cloudwatch_metrics": "Enabled"},
            **own[kind],
        },
        f"{kind}JobInput": {"EndpointInput": source, **truth},
        f"{kind}JobOutputConfig": {"MonitoringOutputs": [{"S3Output": place}]},
        "JobResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}},
        "RoleArn": "arn:aws:iam::111122223333:role/x",
        "StoppingCondition": {"MaxRuntimeInSeconds": 1800},
    }


def of_schedule(**config: Any) -> dict[str, Any]:
    told = {
        "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
        "MonitoringJobDefinitionName": "job-1",
        **config,
    }
    return {"MonitoringScheduleName": "sched-1", "MonitoringScheduleConfig": told}


def files(*documents: Mapping[str, Any], image: str = "image:1") -> dict[str, str]:
    return convert(read_definition(documents), image, AT)


def check_valid(found: Mapping[str, str], tmp_path: Path) -> None:
    """Everything that comes out is what its reader takes."""
    for name in ("merge-job.json", "processing-job.json"):
        if name in found:
            assert not errors(json.loads(found[name]), "CreateProcessingJob")
    assert not errors(json.loads(found["schedule.json"]), "CreateSchedule", "scheduler")
    (tmp_path / "monitor.yaml").write_text(found["monitor.yaml"])
    load_config(tmp_path / "monitor.yaml")


@pytest.mark.parametrize("kind", KINDS)
def test_the_minimal_definitions(kind: str, tmp_path: Path) -> None:
    found = files(minimal(kind))
    check_valid(found, tmp_path)
    request = json.loads(found["processing-job.json"])
    environment = request["Environment"]
    monitor = {"DataQuality": "data_quality", "ModelQuality": "model_quality", "ModelBias": "model_bias"}
    expected = monitor.get(kind, "model_explainability")
    ours = {"model_bias": "bias", "model_explainability": "attribution"}.get(expected, expected)
    assert yaml.safe_load(found["monitor.yaml"])["monitor"] == ours
    assert environment.get("analysis_type") == (None if kind == "DataQuality" else expected.upper())
    assert (environment["start_time"], environment["end_time"]) == ("2026-01-31T05:00:00Z", "2026-01-31T11:00:00Z")
    assert environment["baseline_constraints"] == "/opt/ml/processing/baseline/constraints/constraints.json"
    assert environment["features_attribute"] == "instances[*].features"
    assert ("merge-job.json" in found) == (kind in ("ModelQuality", "ModelBias"))
    [output] = request["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["S3Uri"] == "s3://b/out/ep/job-1/2026/01/31/11"
    places = {one["InputName"]: one["S3Input"] for one in request["ProcessingInputs"]}
    if expected in ("model_bias", "model_explainability"):
        assert places["analysis_config"]["LocalPath"] == "/opt/ml/processing/input/config"
        assert yaml.safe_load(found["monitor.yaml"])["settings"]["analysis_config"] == "s3://b/cfg/analysis_config.json"
    for text in ("s3://CAPTURE-BUCKET", "ImageUri = 156813124566", "every hour is assumed"):
        assert text in found["notes.txt"]


@pytest.mark.parametrize("source", ["EndpointInput", "BatchTransformInput"])
@pytest.mark.parametrize("kind", [*KINDS, "inline"])
def test_every_field_of_the_api_is_converted_or_named(kind: str, source: str, tmp_path: Path) -> None:
    """Complete documents of botocore's model: each value is found again in what comes out."""
    schedule = complete(shape("DescribeMonitoringSchedule"))
    config = schedule["MonitoringScheduleConfig"]
    inline = config.pop("MonitoringJobDefinition")
    other = "BatchTransformInput" if source == "EndpointInput" else "EndpointInput"
    if kind == "inline":
        config["MonitoringJobDefinition"] = inline
        del inline["MonitoringInputs"][0][other]
        documents = [schedule]
    else:
        definition = complete(shape(f"Describe{kind}JobDefinition"))
        del definition[f"{kind}JobInput"][other]
        documents = [definition, schedule]
    for form in ("Json", "Parquet"):
        for document in documents:
            _first(document, "DatasetFormat").pop(form, None)
    found = files(*documents)
    check_valid(found, tmp_path)
    text = "\n".join(found.values())
    information = ("2026-01-31T10:00:00+00:00",)
    missing = [
        leaf
        for document in documents
        for leaf in leaves(_told(document))
        if leaf not in text and leaf not in information
    ]
    assert not missing


def _first(document: Any, key: str) -> dict[str, Any]:
    if isinstance(document, Mapping):
        if key in document:
            inner: dict[str, Any] = document[key]
            return inner
        for value in document.values():
            if found := _first(value, key):
                return found
    elif isinstance(document, list):
        return next(filter(None, (_first(one, key) for one in document)), {})
    return {}


def _told(document: Mapping[str, Any]) -> dict[str, Any]:
    """Without what only informs, which is named but not quoted, and what the offsets of the schedule replace."""
    names = ("JobDefinitionArn", "MonitoringScheduleArn", "MonitoringScheduleStatus", "FailureReason")
    gone = {*names, "LastMonitoringExecutionSummary", "EndpointName", "MonitoringType"}
    told = {key: value for key, value in document.items() if key not in gone}
    config = told.get("MonitoringScheduleConfig")
    if config:
        kept = {k: v for k, v in config.items() if k not in ("MonitoringJobDefinitionName", "MonitoringType")}
        expressions = {k: v for k, v in kept["ScheduleConfig"].items() if not k.startswith("DataAnalysis")}
        told["MonitoringScheduleConfig"] = kept | {"ScheduleConfig": expressions}
    return told


def test_offsets_of_the_schedule_win_and_the_others_are_named() -> None:
    config = {"ScheduleExpression": "NOW", "DataAnalysisStartTime": "-PT4H", "DataAnalysisEndTime": "-PT2H"}
    found = files(minimal("DataQuality"), of_schedule(ScheduleConfig=config))
    environment = json.loads(found["processing-job.json"])["Environment"]
    assert (environment["start_time"], environment["end_time"]) == ("2026-01-31T07:00:00Z", "2026-01-31T09:00:00Z")
    assert "start offset -PT6H of the input: the schedule's -PT4H wins" in found["notes.txt"]
    assert "schedule is NOW" in found["notes.txt"]


def test_unknown_fields_are_named() -> None:
    definition = minimal("DataQuality") | {"NewField": {"Inner": 5}}
    definition["DataQualityJobInput"]["EndpointInput"]["Other"] = "x"
    definition["DataQualityAppSpecification"]["ContainerArguments"] = ["--fast"]
    told = files(definition)["notes.txt"]
    assert "Not converted: NewField.Inner = 5" in told
    assert "DataQualityJobInput.EndpointInput.Other = x" in told
    assert "ContainerArguments = ['--fast']: the image has its own entry point" in told


def test_an_endpoint_and_a_baselining_job_fill_the_gaps() -> None:
    definition = minimal("DataQuality") | {"DataQualityBaselineConfig": {"BaseliningJobName": "base-job"}}
    assert "s3://OUTPUT-OF-BASELINING-JOB/base-job" in files(definition)["notes.txt"]
    endpoint = {
        "EndpointName": "ep",
        "ProductionVariants": [{"VariantName": "blue"}, {"VariantName": "green"}],
        "DataCaptureConfig": {"DestinationS3Uri": "s3://b/captures/"},
    }
    job = {
        "ProcessingJobName": "base-job",
        "ProcessingOutputConfig": {"Outputs": [{"S3Output": {"S3Uri": "s3://b/results/"}}]},
    }
    found = files(definition, of_schedule(), endpoint, job)
    assert "Fill in: where" not in found["notes.txt"]
    config = yaml.safe_load(found["monitor.yaml"])
    assert config["baseline"] == {
        "constraints": "s3://b/results/constraints.json",
        "statistics": "s3://b/results/statistics.json",
    }
    assert config["input"]["paths"] == ["s3://b/captures/ep"]
    assert config["cloudwatch"]["schedule"] == "sched-1"
    uris = [one["S3Input"]["S3Uri"] for one in json.loads(found["processing-job.json"])["ProcessingInputs"]]
    assert uris[:2] == [f"s3://b/captures/ep/{variant}/2026/01/31" for variant in ("blue", "green")]


@pytest.mark.parametrize(("hours", "ends"), [(1, "31/10"), (6, "31/10"), (48, "31"), (24 * 40, "01")])
def test_a_job_has_no_more_inputs_than_are_legal(hours: int, ends: str) -> None:
    definition = minimal("DataQuality")
    source = definition["DataQualityJobInput"]["EndpointInput"]
    source["StartTimeOffset"] = f"-PT{hours}H"
    inputs = json.loads(files(definition)["processing-job.json"])["ProcessingInputs"]
    captures = [one["S3Input"]["S3Uri"] for one in inputs if one["InputName"].startswith("endpoint")]
    assert len(inputs) <= 10
    assert captures[-1].endswith(ends)


@pytest.mark.parametrize(
    ("form", "environment", "keys"),
    [
        ({"Csv": {"Header": True}}, {"csv": {"header": True}}, {"format": "csv", "csv": {"header": True}}),
        ({"Json": {"Line": True}}, {"json": {"line": True}}, {"format": "jsonl", "json_lines": True}),
        ({"Json": {}}, {"json": {}}, {"format": "jsonl", "json_lines": False}),
        ({"Parquet": {}}, {"parquet": {}}, {"format": "parquet"}),
    ],
)
def test_formats_of_batch_transform(form: dict[str, Any], environment: dict[str, Any], keys: dict[str, Any]) -> None:
    definition = minimal("DataQuality")
    batch = {
        "DataCapturedDestinationS3Uri": "s3://b/batch",
        "DatasetFormat": form,
        "LocalPath": "/opt/ml/processing/input",
    }
    definition["DataQualityJobInput"] = {"BatchTransformInput": batch}
    found = files(definition, of_schedule())
    request = json.loads(found["processing-job.json"])
    assert json.loads(request["Environment"]["dataset_format"]) == environment
    assert "sagemaker_endpoint_name" not in request["Environment"]
    assert request["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"] == "s3://b/out/sched-1/2026/01/31/11"
    assert yaml.safe_load(found["monitor.yaml"])["input"] == {"paths": ["s3://b/batch/output"], **keys}


@pytest.mark.parametrize(
    ("expression", "period", "line"),
    [
        ("cron(0 * ? * * *)", 1, "0 * * * *"),
        ("cron(0 [00-23] ? * * *)", None, None),
        ("cron(0 12 ? * * *)", 24, "0 12 * * *"),
        ("cron(0 17/12 ? * * *)", 12, "0 5,17 * * *"),
        ("cron(0 0/5 ? * * *)", 5, "0 0,5,10,15,20 * * *"),
        ("cron(0 8 ? * MON-FRI *)", None, None),
        ("NOW", None, None),
        (None, None, None),
    ],
)
def test_expressions(expression: str | None, period: int | None, line: str | None) -> None:
    assert period_of(expression) == (period and timedelta(hours=period))
    assert crontab_of(expression) == line


def test_what_cron_has_no_words_for_is_said() -> None:
    found = files(minimal("DataQuality"), of_schedule(ScheduleConfig={"ScheduleExpression": "cron(0 8 ? * MON-FRI *)"}))
    assert "Not converted to cron: cron(0 8 ? * MON-FRI *)" in found["notes.txt"]
    assert json.loads(found["schedule.json"])["ScheduleExpression"] == "cron(0 8 ? * MON-FRI *)"


@pytest.mark.parametrize(
    ("documents", "text"),
    [
        ([], "found 0 job definitions"),
        ([minimal("DataQuality"), minimal("ModelQuality")], "found 2 job definitions"),
        (
            [of_schedule(MonitoringType="ModelBias")],
            r"names the job definition job-1 \(ModelBias\): give its description",
        ),
        ([minimal("DataQuality"), {"Hello": 1}], "fields Hello is none of those known"),
    ],
)
def test_other_documents(documents: list[dict[str, Any]], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        read_definition(documents)


def test_a_wrong_offset_is_named() -> None:
    definition = minimal("DataQuality")
    definition["DataQualityJobInput"]["EndpointInput"]["StartTimeOffset"] = "P one day"
    with pytest.raises(ConfigurationError, match=r"not a duration.*P one day"):
        read_definition([definition])


@pytest.mark.parametrize("word", ["Enabled", "enabled", "Disabled", None])
@pytest.mark.parametrize("kind", KINDS)
def test_metrics_reach_cloudwatch_after_the_migration(kind: str, word: str | None) -> None:
    definition = minimal(kind)
    definition[f"{kind}AppSpecification"]["Environment"] = {"publish_cloudwatch_metrics": word} if word else {}
    converted = files(definition)
    sent = (word or "").lower() == "enabled"
    request = json.loads(converted["processing-job.json"])["Environment"]
    [*_, job] = json.loads(json.loads(converted["schedule.json"])["Target"]["Input"])["jobs"]
    target = yaml.safe_load(converted["monitor.yaml"])["cloudwatch"]
    for environment in (request, job["request"]["Environment"]):
        assert environment.get("MONITOR_PUT_METRICS") == ("true" if sent else None)
    assert (target["enabled"], target.get("put", False)) == (sent, sent)
    assert ("cloudwatch:PutMetricData" in converted["notes.txt"]) is sent


def test_a_job_without_network_is_told_that_its_metrics_stay_inside() -> None:
    definition = minimal("DataQuality") | {"NetworkConfig": {"EnableNetworkIsolation": True}}
    assert "such a job reaches no CloudWatch" in files(definition)["notes.txt"]


def test_the_key_of_the_output_is_in_every_form_of_the_job(tmp_path: Path) -> None:
    definition = minimal("DataQuality")
    definition["DataQualityJobOutputConfig"]["KmsKeyId"] = "arn:aws:kms:us-east-1:111122223333:key/k"
    converted = files(definition)
    check_valid(converted, tmp_path)
    assert yaml.safe_load(converted["monitor.yaml"])["s3"] == {"kms_key_id": "arn:aws:kms:us-east-1:111122223333:key/k"}
    assert json.loads(converted["processing-job.json"])["ProcessingOutputConfig"]["KmsKeyId"].endswith("key/k")
    assert "open-model-monitor[s3]" in converted["notes.txt"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"RoleArn": ["x"]}, r"RoleArn is \['x'\]: it must be text"),
        ({"DataQualityAppSpecification": {"Environment": "x"}}, "Environment is 'x': it must be an object"),
        ({"Tags": 5}, "another form than 'aws sagemaker describe-...' prints"),
    ],
)
def test_a_document_of_another_form_is_refused(change: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigurationError, match=expected):
        files(minimal("DataQuality") | change)
