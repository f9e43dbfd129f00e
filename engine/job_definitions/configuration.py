"""The configuration of ``model-monitor`` that corresponds to a job definition."""

from __future__ import annotations

from typing import Any

from engine.job_definitions.definition import Definition
from engine.job_definitions.variables import dataset_format, is_enabled, variables

_SETTINGS = {
    "data_quality": ("categorical_drift_method",),
    "model_quality": (
        "problem_type",
        "ground_truth_attribute",
        "inference_attribute",
        "probability_attribute",
        "probability_threshold_attribute",
    ),
    "model_bias": (
        "features_attribute",
        "inference_attribute",
        "probability_attribute",
        "probability_threshold_attribute",
    ),
}
_SETTINGS["model_explainability"] = _SETTINGS["model_bias"]
"""Variables of the containers that are settings of the monitors under the same names."""

_NAMES = {"model_bias": "bias", "model_explainability": "attribution"}
"""Names of our monitors, where they are not those of SageMaker's."""


def configuration(definition: Definition) -> dict[str, Any]:
    """Sections of the configuration. Reports go below ``output`` by endpoint, schedule and hour (``model-monitor backfill``)."""
    found = variables(definition)
    settings = {name: found[name] for name in _SETTINGS[definition.monitor] if name in found}
    if definition.analysis_config:
        settings["analysis_config"] = definition.analysis_config
    baseline = {"constraints": definition.baseline.constraints, "statistics": definition.baseline.statistics}
    target = {
        "enabled": is_enabled(found),
        "metrics_dir": "cloudwatch",
        "put": is_enabled(found) or None,  # nobody collects the file from a job that no schedule of SageMaker started
        "endpoint": definition.source.endpoint,
        "schedule": definition.schedule.name,
    }
    keys = {
        "monitor": _NAMES.get(definition.monitor, definition.monitor),
        "settings": settings,
        "input": _input(definition, found),
        "baseline": {name: uri for name, uri in baseline.items() if uri},
        "output": definition.output,
        "cloudwatch": {name: value for name, value in target.items() if value is not None},
        "s3": {"kms_key_id": definition.platform.kms_key} if definition.platform.kms_key else {},
        "postprocessor": definition.postprocessor,
    }
    return {key: value for key, value in keys.items() if value not in (None, {})}


def unused_variables(definition: Definition) -> list[str]:
    """Variables of the definition, its own and those of its attributes, that the monitor does not know: nothing comes of them."""
    known = {*_SETTINGS[definition.monitor], "exclude_features_attribute", "publish_cloudwatch_metrics"}
    return [name for name in {**definition.environment, **definition.source.attributes} if name not in known]


def _input(definition: Definition, environment: dict[str, str]) -> dict[str, Any]:
    excluded = environment.get("exclude_features_attribute", "")
    keys = {
        "paths": [analysed(definition)],
        **_format(dataset_format(definition)),
        "preprocessor": definition.preprocessor,
        "exclude_features": [name.strip() for name in excluded.split(",") if name.strip()],
    }
    return {key: value for key, value in keys.items() if value not in (None, [])}


def captured(definition: Definition) -> str:
    """Where the captures of the endpoint lie, or the manifests of what batch jobs returned."""
    source = definition.source
    return f"{source.uri}/{source.endpoint or 'output'}"


def analysed(definition: Definition) -> str:
    """Where the records lie that are analysed: the captures, or what labels were merged into."""
    return merged(definition) if definition.ground_truth else captured(definition)


def merged(definition: Definition) -> str:
    """Where merged records go."""
    return f"{definition.output}/merge/{definition.source.endpoint or definition.schedule.name}"


def _format(form: dict[str, Any]) -> dict[str, Any]:
    [(name, settings)] = form.items()
    if name in ("sagemakerCaptureJson", "sagemakerMergeJson"):
        parts = ["endpointOutput" if part == "batchTransformOutput" else part for part in settings["captureIndexNames"]]
        labels = ["groundTruthData"] if name == "sagemakerMergeJson" else []
        return {"format": "capture", "capture": {"parts": [*parts, *labels]}}
    if name == "csv":
        return {"format": "csv", "csv": {"header": bool(settings.get("header"))}}
    return {"format": "jsonl", "json_lines": bool(settings.get("line"))} if name == "json" else {"format": "parquet"}
