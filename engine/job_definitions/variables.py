"""The environment variables that the platform would set for a monitoring job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.job_definitions.definition import Definition

CONSTRAINTS = "/opt/ml/processing/baseline/constraints"
STATISTICS = "/opt/ml/processing/baseline/stats"
PREPROCESSING = "/opt/ml/processing/code/preprocessing"
POSTPROCESSING = "/opt/ml/processing/code/postprocessing"
ANALYSIS_CONFIG = "/opt/ml/processing/input/config"
_PARTS = {
    "data_quality": ["endpointInput", "endpointOutput"],
    "model_quality": ["endpointOutput"],
    "model_bias": ["endpointInput", "endpointOutput"],
    "model_explainability": ["endpointInput", "endpointOutput"],
}


def variables(definition: Definition) -> dict[str, str]:
    """All variables but the times; those that the definition says win over the user's own."""
    schedule, source = definition.schedule, definition.source
    found: dict[str, str | None] = {
        "dataset_source": source.local_path,
        "dataset_format": json.dumps(dataset_format(definition)),
        "output_path": definition.output_path,
        "sagemaker_monitoring_schedule_name": schedule.name,
        "sagemaker_endpoint_name": source.endpoint,
        "analysis_type": None if definition.monitor == "data_quality" else definition.monitor.upper(),
        "problem_type": definition.problem_type,
        "baseline_constraints": _inside(CONSTRAINTS, definition.baseline.constraints),
        "baseline_statistics": _inside(STATISTICS, definition.baseline.statistics),
        "record_preprocessor_script": _inside(PREPROCESSING, definition.preprocessor),
        "post_analytics_processor_script": _inside(POSTPROCESSING, definition.postprocessor),
        **source.attributes,
    }
    return {**definition.environment, **{name: value for name, value in found.items() if value is not None}}


def dataset_format(definition: Definition) -> dict[str, Any]:
    """The variable ``dataset_format`` as an object: captures, merged captures, or the format of batch transform."""
    given = definition.source.dataset_format
    if definition.source.endpoint is None and not definition.ground_truth:
        name, settings = next(iter((given or {"Csv": {}}).items()))
        return {name.lower(): {key.lower(): value for key, value in (settings or {}).items()}}
    form = "sagemakerMergeJson" if definition.ground_truth else "sagemakerCaptureJson"
    parts = _PARTS[definition.monitor]
    if definition.source.endpoint is None:
        parts = ["batchTransformOutput"]
    return {form: {"captureIndexNames": parts}}


def _inside(folder: str, uri: str | None) -> str | None:
    """Where the container finds a file that lies at a URI."""
    return uri and f"{folder}/{uri.rpartition('/')[2]}"


def is_enabled(environment: Mapping[str, str]) -> bool:
    """Whether metrics are published."""
    return environment.get("publish_cloudwatch_metrics", "").lower() == "enabled"
