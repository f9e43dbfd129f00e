"""Reads what ``aws sagemaker describe-...`` prints, or the request that made it: definitions, schedules, endpoints, jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from engine.durations import parse_duration
from engine.errors import ConfigurationError
from engine.job_definitions.definition import CAPTURE_PLACEHOLDER, Baseline, Definition, Platform, Schedule, Source
from engine.job_definitions.documents import Documents, Kind
from engine.job_definitions.fields import Fields

_ATTRIBUTES = {
    "FeaturesAttribute": "features_attribute",
    "InferenceAttribute": "inference_attribute",
    "ProbabilityAttribute": "probability_attribute",
    "ProbabilityThresholdAttribute": "probability_threshold_attribute",
    "ExcludeFeaturesAttribute": "exclude_features_attribute",
}
_CLUSTER = ("InstanceCount", "InstanceType", "VolumeSizeInGB", "VolumeKmsKeyId", "InstancePreferences")
_NETWORK = ("EnableInterContainerTrafficEncryption", "EnableNetworkIsolation", "VpcConfig")
_ENTRYPOINT = "the image has its own entry point, python -m jobs.sagemaker"
_REASONS = {
    "ImageUri": "the image is the one of --image",
    "ContainerEntrypoint": _ENTRYPOINT,
    "ContainerArguments": _ENTRYPOINT,
}


def read_definition(documents: Sequence[Mapping[str, Any]]) -> Definition:
    """Read a monitoring job from the documents that describe it.

    Args:
        documents: A job definition and its schedule, or a schedule with an inline definition; besides, as far as there
            are, the endpoint (where captures go) and the baselining job (where its results are).

    Raises:
        ConfigurationError: They do not describe one monitoring job.
    """
    try:
        return _read(documents)
    except (AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
        raise ConfigurationError(
            f"A document has another form than 'aws sagemaker describe-...' prints ({type(error).__name__}: {error}). "
            "Save its output again, as JSON and unchanged."
        ) from error


def _read(documents: Sequence[Mapping[str, Any]]) -> Definition:
    found = Documents.sorted(documents)
    reader = _Reader(found.kind, found.definition, found.environment_section)
    schedule = _schedule(found, reader)
    source = reader.source(found)
    baseline = reader.baseline(found)
    output = reader.output()
    return Definition(
        name=found.name,
        monitor=found.kind.monitor,
        source=source,
        baseline=baseline,
        output=str(output.get("S3Uri") or "s3://OUTPUT-BUCKET/OUTPUT-PREFIX").rstrip("/"),
        output_path=str(output.get("LocalPath") or "/opt/ml/processing/output"),
        platform=reader.platform(str(output.get("S3UploadMode") or "Continuous")),
        schedule=schedule,
        environment=reader.environment(),
        preprocessor=reader.app("RecordPreprocessorSourceUri"),
        postprocessor=reader.app("PostAnalyticsProcessorSourceUri"),
        problem_type=reader.app("ProblemType"),
        analysis_config=reader.app("ConfigUri"),
        ground_truth=reader.input("GroundTruthS3Input", "S3Uri"),
        notes=(*found.notes(), *reader.rest(), *reader.notes),
    )


class _Reader:
    """Reads the fields of one definition, whose sections are named differently in each kind."""

    def __init__(self, kind: Kind, fields: Fields, environment: tuple[str, ...]) -> None:
        self.kind, self.fields, self._environment = kind, fields, environment
        self.notes: list[str] = []

    def app(self, *path: str) -> str | None:
        return self.fields.text(self.kind.app, *path)

    def input(self, *path: str) -> str | None:
        return self.fields.text(*self.kind.input, *path)

    def environment(self) -> dict[str, str]:
        variables = self.fields.mapping(*self._environment)
        self.fields.take(*self._environment)
        return {str(name): str(value) for name, value in variables.items()}

    def output(self) -> Mapping[str, Any]:
        outputs = self.fields.take(self.kind.output, "MonitoringOutputs") or [{}]
        self.notes += [
            f"Not converted: {self.kind.output}.MonitoringOutputs = {other}: one is written." for other in outputs[1:]
        ]
        first: Mapping[str, Any] = outputs[0].get("S3Output") or {}
        known = ("S3Uri", "LocalPath", "S3UploadMode")
        self.notes += [
            f"Not converted: S3Output.{name} = {value}." for name, value in first.items() if name not in known
        ]
        return first

    def source(self, found: Documents) -> Source:
        batch = self.input("BatchTransformInput", "DataCapturedDestinationS3Uri")
        section = "BatchTransformInput" if batch else "EndpointInput"
        endpoint = None if batch else self.input(section, "EndpointName")
        values = {name: self.input(section, key) for key, name in _ATTRIBUTES.items()}
        for name in ("StartTimeOffset", "EndTimeOffset"):
            self.input(section, name)  # read by the schedule
        uri = batch or found.capture_uri
        if uri is None:
            self.notes.append(
                f"Fill in: where the endpoint's captures go ({CAPTURE_PLACEHOLDER} stands for it). Give describe-endpoint's "
                "output as a further file, or --capture-uri."
            )
        return Source(
            endpoint,
            str(uri or CAPTURE_PLACEHOLDER).rstrip("/"),
            self._format(section),
            str(self.input(section, "LocalPath") or "/opt/ml/processing/input/endpoint"),
            found.variants,
            self._input_mode(section),
            self.input(section, "S3DataDistributionType") or "FullyReplicated",
            {name: str(value) for name, value in values.items() if value is not None},
        )

    def _format(self, section: str) -> Mapping[str, Any] | None:
        """The format of batch transform; what of it is not known stays unread, so that it is named."""
        place = (*self.kind.input, section, "DatasetFormat")
        known = {"csv": ("header",), "json": ("line",), "parquet": ()}
        for form, settings in self.fields.mapping(*place).items():
            if form.lower() not in known:
                continue
            if not settings:
                self.fields.take(*place, form)
            names = [name for name in settings or {} if name.lower() in known[form.lower()]]
            return {form: {name: self.fields.take(*place, form, name) for name in names}}
        return None

    def _input_mode(self, section: str) -> str:
        mode = self.input(section, "S3InputMode") or "File"
        if mode != "File":
            self.notes.append(f"Not converted: {section}.S3InputMode = {mode}: the monitor reads files.")
        return "File"

    def baseline(self, found: Documents) -> Baseline:
        section = self.kind.baseline
        constraints = self.fields.text(section, "ConstraintsResource", "S3Uri")
        statistics = self.fields.text(section, "StatisticsResource", "S3Uri")
        job = self.fields.text(section, "BaseliningJobName")
        if job is None or (constraints and statistics):
            if job:
                self.notes.append(
                    f"Not needed: {section}.BaseliningJobName = {job}: its documents are named beside it."
                )
            return Baseline(constraints, statistics)
        folder = found.baselining_output or f"s3://OUTPUT-OF-BASELINING-JOB/{job}"
        if found.baselining_output is None:
            self.notes.append(
                f"Fill in: where the baselining job {job} wrote to ({folder} stands for it). Give the output of "
                f"describe-processing-job --processing-job-name {job} as a further file."
            )
        names = ("analysis.json", None) if self.kind.clarify else ("constraints.json", "statistics.json")
        own = [name and f"{folder}/{name}" for name in names]
        return Baseline(constraints or own[0], statistics or own[1])

    def platform(self, upload_mode: str) -> Platform:
        cluster = {name: self.fields.take(*self.kind.resources, "ClusterConfig", name) for name in _CLUSTER}
        network = {name: self.fields.take("NetworkConfig", name) for name in _NETWORK}
        return Platform(
            {name: value for name, value in cluster.items() if value is not None},
            str(self.fields.text("RoleArn") or "arn:aws:iam::123456789012:role/ROLE"),
            {name: value for name, value in network.items() if value is not None} or None,
            self.fields.take("StoppingCondition", "MaxRuntimeInSeconds"),
            self.fields.text(self.kind.output, "KmsKeyId"),
            upload_mode,
            tuple(self.fields.take("Tags") or ()),
        )

    def rest(self) -> list[str]:
        """What nobody asked for."""
        notes = []
        for path, value in self.fields.unread().items():
            reason = _REASONS.get(path.rpartition(".")[2], "model-monitor has nothing that corresponds to it")
            notes.append(f"Not converted: {path} = {value}: {reason}.")
        return notes


def _schedule(found: Documents, reader: _Reader) -> Schedule:
    section = (
        "BatchTransformInput" if reader.fields.mapping(*reader.kind.input, "BatchTransformInput") else "EndpointInput"
    )
    offsets = [reader.input(section, name) for name in ("StartTimeOffset", "EndTimeOffset")]
    own = [found.text_of_schedule("ScheduleConfig", name) for name in ("DataAnalysisStartTime", "DataAnalysisEndTime")]
    for name, before, after in zip(("start", "end"), offsets, own, strict=True):
        if before and after:
            reader.notes.append(f"Not converted: the {name} offset {before} of the input: the schedule's {after} wins.")
    start, end = (_offset(after or before) for before, after in zip(offsets, own, strict=True))
    expression = found.text_of_schedule("ScheduleConfig", "ScheduleExpression")
    if expression is None:
        reader.notes.append("Fill in: the schedule. The definition does not say when it runs; every hour is assumed.")
    return Schedule(found.schedule_name or found.name, expression, start, end)


def _offset(text: str | None) -> timedelta | None:
    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise ConfigurationError(f"An offset of the analysis window is {error}.") from None
