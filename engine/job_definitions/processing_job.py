"""A job definition as processing jobs: templates without times, and requests for one window.

A template is what the state machine in ``conf/eventbridge`` fills in at every execution; :func:`filled` does the same here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.backfill.windows import EPOCH, Window
from engine.job_definitions.configuration import captured, merged
from engine.job_definitions.definition import Definition
from engine.job_definitions.hour_folders import UNITS, folders, unit_of
from engine.job_definitions.variables import (
    ANALYSIS_CONFIG,
    CONSTRAINTS,
    POSTPROCESSING,
    PREPROCESSING,
    STATISTICS,
    is_enabled,
    variables,
)

MOST_INPUTS = 10
"""Of a processing job (botocore's service model)."""

MERGE_INPUT, MERGE_TRUTH = "/opt/ml/processing/input_data", "/opt/ml/processing/groundtruth"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def templates(definition: Definition, image: str) -> list[dict[str, Any]]:
    """The processing jobs of one execution, in order: the merge of labels, if there are any, and the analysis.

    Args:
        definition: The job definition.
        image: URI of the container image.

    Returns:
        For each its ``prefix`` of names, the ``dated`` inputs (one for each folder of the window, until its end or until
        now), the ``unit`` of these folders, whether the output is dated, and the ``request`` with what does not change.
    """
    found = [_merge(definition, image)] if definition.ground_truth else []
    return [*found, _analysis(definition, image)]


def filled(template: dict[str, Any], window: Window) -> dict[str, Any]:
    """A template as a request of ``CreateProcessingJob`` for one window."""
    request = template["request"]
    mounted = [
        _dated(one, folder, number)
        for one in template["dated"]
        for number, folder in enumerate(folders(template["unit"], window.start, _until(one, window)), 1)
    ]
    times = {"start_time": window.start, "end_time": window.end, "metric_time": window.start}
    stamps = {name: f"{time:{_TIME}}" for name, time in times.items()} if template["dated_output"] else {}
    return {
        **request,
        "ProcessingJobName": f"{template['prefix']}-{window.at:%Y%m%d%H%M}",
        "ProcessingInputs": [*mounted, *request["ProcessingInputs"]],
        "ProcessingOutputConfig": _output(template, window),
        "Environment": {**request["Environment"], **stamps},
    }


def _output(template: dict[str, Any], window: Window) -> dict[str, Any]:
    found: dict[str, Any] = template["request"]["ProcessingOutputConfig"]
    if not template["dated_output"]:
        return found
    [output] = found["Outputs"]
    place = {**output["S3Output"], "S3Uri": f"{output['S3Output']['S3Uri']}/{window.at:{UNITS['hour']}}"}
    return {**found, "Outputs": [{**output, "S3Output": place}]}


def _until(dated: dict[str, Any], window: Window) -> datetime:
    return window.at if dated["until"] == "now" else window.end


def _dated(dated: dict[str, Any], folder: str, number: int) -> dict[str, Any]:
    settings = dated["S3Input"]
    place = {**settings, "S3Uri": f"{settings['S3Uri']}/{folder}", "LocalPath": f"{settings['LocalPath']}/{folder}"}
    return {"InputName": f"{dated['InputName']}_{number}", "S3Input": place}


def _merge(definition: Definition, image: str) -> dict[str, Any]:
    window = definition.schedule.window(EPOCH)
    captures = _captures(definition, MERGE_INPUT)
    truth = {
        "InputName": "groundtruth_input",
        "until": "now",
        "S3Input": _s3(str(definition.ground_truth), MERGE_TRUTH),
    }
    dated = [*captures, truth]
    lengths = [*(window.end - window.start for _ in captures), window.at - window.start]
    output = {"S3Uri": f"{definition.output}/merge", "LocalPath": definition.output_path, "S3UploadMode": "EndOfJob"}
    names = {"dataset_source": MERGE_INPUT, "ground_truth_source": MERGE_TRUTH, "output_path": definition.output_path}
    return {
        "prefix": _prefix("merge", definition),
        "dated": dated,
        "unit": unit_of(lengths, MOST_INPUTS),
        "dated_output": False,
        "request": _request(definition, image, [], output, names),
    }


def _analysis(definition: Definition, image: str) -> dict[str, Any]:
    window = definition.schedule.window(EPOCH)
    local = definition.source.local_path
    dated = _captures(definition, local, merged(definition) if definition.ground_truth else None)
    inputs = _documents(definition)
    lengths = [window.end - window.start for _ in dated]
    place = [definition.output, definition.source.endpoint, definition.schedule.name]
    output = {
        "S3Uri": "/".join(filter(None, place)),
        "LocalPath": definition.output_path,
        "S3UploadMode": definition.platform.upload_mode,
    }
    return {
        "prefix": _prefix(definition.monitor.replace("_", "-"), definition),
        "dated": dated,
        "unit": unit_of(lengths, MOST_INPUTS - len(inputs)),
        "dated_output": True,
        "request": _request(definition, image, inputs, output, {**variables(definition), **_sent(definition)}),
    }


def _sent(definition: Definition) -> dict[str, str]:
    """Metrics go to CloudWatch from the job itself: the service collects them only from jobs of its own schedules."""
    return {"MONITOR_PUT_METRICS": "true"} if is_enabled(variables(definition)) else {}


def _captures(definition: Definition, local: str, root: str | None = None) -> list[dict[str, Any]]:
    """The dated inputs with captures: one for each variant of an endpoint."""
    source = definition.source
    name = source.endpoint or definition.schedule.name
    above = root or captured(definition)
    settings = {"S3InputMode": source.input_mode, "S3DataDistributionType": source.distribution}
    if source.endpoint is None:
        return [{"InputName": "batch_transform_input", "until": "end", "S3Input": _s3(above, local) | settings}]
    return [
        {
            "InputName": "endpoint_input" if len(source.variants) == 1 else f"endpoint_input_{variant}",
            "until": "end",
            "S3Input": _s3(f"{above}/{variant}", f"{local}/{name}/{variant}") | settings,
        }
        for variant in source.variants
    ]


def _documents(definition: Definition) -> list[dict[str, Any]]:
    """Inputs that do not depend on the window."""
    found = {
        "baseline": (definition.baseline.statistics, STATISTICS),
        "constraints": (definition.baseline.constraints, CONSTRAINTS),
        "pre_processor_script": (definition.preprocessor, PREPROCESSING),
        "post_processor_script": (definition.postprocessor, POSTPROCESSING),
        "analysis_config": (definition.analysis_config, ANALYSIS_CONFIG),
    }
    return [{"InputName": name, "S3Input": _s3(uri, local)} for name, (uri, local) in found.items() if uri]


def _s3(uri: str, local: str) -> dict[str, str]:
    return {
        "S3Uri": uri.rstrip("/"),
        "LocalPath": local,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
        "S3CompressionType": "None",
    }


def _prefix(kind: str, definition: Definition) -> str:
    """Of the job's name, which has 63 characters at most, 13 of them for the time and 9 for the execution."""
    return f"{kind}-{definition.schedule.name}"[:40].rstrip("-")


def _request(
    definition: Definition,
    image: str,
    inputs: list[dict[str, Any]],
    output: dict[str, Any],
    environment: dict[str, str],
) -> dict[str, Any]:
    platform = definition.platform
    outputs: dict[str, Any] = {"Outputs": [{"OutputName": "result", "S3Output": output}]}
    if platform.kms_key:
        outputs["KmsKeyId"] = platform.kms_key
    request = {
        "ProcessingInputs": inputs,
        "ProcessingOutputConfig": outputs,
        "ProcessingResources": {"ClusterConfig": dict(platform.cluster)},
        "StoppingCondition": {"MaxRuntimeInSeconds": platform.max_runtime} if platform.max_runtime else None,
        "AppSpecification": {"ImageUri": image},
        "Environment": environment,
        "NetworkConfig": platform.network,
        "RoleArn": platform.role,
        "Tags": list(platform.tags) or None,
    }
    return {key: value for key, value in request.items() if value is not None}
