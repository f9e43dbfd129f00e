"""What was not converted, and what is left to do: nothing of a definition is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from engine.job_definitions.configuration import unused_variables
from engine.job_definitions.definition import IMAGE_PLACEHOLDER, Definition
from engine.job_definitions.schedule import crontab
from engine.job_definitions.variables import is_enabled, variables


def notes(definition: Definition, image: str = IMAGE_PLACEHOLDER) -> list[str]:
    """All notes.

    Args:
        definition: The job definition.
        image: URI of the container image.
    """
    return [
        f"Converted: the job definition {definition.name} ({definition.monitor}), which runs as {definition.schedule.name}.",
        *definition.notes,
        *_to_fill_in(definition, image),
        *_of_variables(definition),
        *_of_platform(definition),
        *_of_metrics(definition),
    ]


def _to_fill_in(definition: Definition, image: str) -> Iterator[str]:
    if image == IMAGE_PLACEHOLDER:
        yield f"Fill in: the image ({image} stands for it), or give --image."
    yield (
        "Fill in: in schedule.json, the ARNs of the state machine and the role (outputs of conf/eventbridge/model-monitor.yaml)."
    )
    if definition.monitor == "model_explainability":
        yield "Fill in: where attributions come from, if not from the captures; no endpoint is called (docs/attribution.md)."
    if definition.ground_truth and definition.source.endpoint is None:
        yield "Not converted: labels of batch transform jobs cannot be merged yet."
    if definition.ground_truth and definition.source.dataset_format:
        yield f"Not used: DatasetFormat = {dict(definition.source.dataset_format)}: merged records have the form of captures."
    if definition.analysis_config and not definition.analysis_config.endswith("/analysis_config.json"):
        yield f"Rename: {definition.analysis_config} must be called analysis_config.json in its folder."
    expression = definition.schedule.expression
    if (expression or "").strip().upper() == "NOW":
        yield "Fill in: the schedule is NOW, once: schedule.json has a time that is to be replaced."
    elif expression and crontab(definition).startswith(f"# {expression}: cron"):
        yield f"Not converted to cron: {expression}; windows are taken to be of an hour."


def _of_variables(definition: Definition) -> Iterator[str]:
    if definition.environment:
        names = ", ".join(definition.environment)
        yield f"The variables {names} are in the processing job and in run.sh; monitor.yaml has no place for them."
    unused = unused_variables(definition)
    if unused:
        yield f"Without effect: the monitor {definition.monitor} does not use {', '.join(unused)}."


def _of_platform(definition: Definition) -> Iterator[str]:
    """Names of what only a processing job has."""
    platform, source = definition.platform, definition.source
    sections = {
        **{f"ClusterConfig.{name}": value for name, value in platform.cluster.items()},
        **{f"NetworkConfig.{name}": value for name, value in (platform.network or {}).items()},
        "RoleArn": platform.role,
        "MaxRuntimeInSeconds": platform.max_runtime,
        "Tags": list(platform.tags) or None,
        "S3UploadMode": platform.upload_mode,
        "S3DataDistributionType": source.distribution,
        "LocalPath": f"{source.local_path} and {definition.output_path}",
    }
    told = "; ".join(f"{name} = {value}" for name, value in sections.items() if value is not None)
    yield f"Only in the processing job, as monitor.yaml runs where you start it: {told}."
    if platform.kms_key:
        yield (
            f"The key {platform.kms_key} encrypts the output of the processing job; in monitor.yaml it is s3.kms_key_id, which "
            "needs the extra s3 (pip install 'open-model-monitor[s3]')."
        )


def _of_metrics(definition: Definition) -> Iterator[str]:
    if not is_enabled(variables(definition)):
        return
    yield (
        "Metrics are sent to CloudWatch by the job itself (MONITOR_PUT_METRICS, cloudwatch.put), under the names, dimensions and "
        "namespace that they have now, so alarms stay as they are. The role needs cloudwatch:PutMetricData. If CloudWatch refuses "
        "the namespace, a warning names the other one that was used: set it in cloudwatch.namespace and in the alarms."
    )
    if (definition.platform.network or {}).get("EnableNetworkIsolation"):
        yield "EnableNetworkIsolation = True: such a job reaches no CloudWatch. Switch it off, or no alarm gets its metrics."
