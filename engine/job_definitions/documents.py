"""Which of the documents is the definition, the schedule, the endpoint, the baselining job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ConfigurationError
from engine.job_definitions.fields import Fields

_LEGAL = (
    "describe-data-quality-job-definition (or model-quality, model-bias, model-explainability), describe-monitoring-schedule, "
    "describe-endpoint and describe-processing-job"
)
_INFORMATION = (
    "ResponseMetadata", "CreationTime", "LastModifiedTime", "JobDefinitionArn", "MonitoringScheduleArn",
    "MonitoringScheduleStatus", "LastMonitoringExecutionSummary", "FailureReason",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """Names of the sections of one kind of definition."""

    monitor: str
    baseline: str
    app: str
    input: tuple[str, ...]
    output: str
    resources: tuple[str, ...] = ("JobResources",)

    @property
    def clarify(self) -> bool:
        """Whether the original is Clarify's image."""
        return self.monitor in ("model_bias", "model_explainability")


def _of(prefix: str, monitor: str) -> Kind:
    return Kind(
        monitor,
        f"{prefix}BaselineConfig",
        f"{prefix}AppSpecification",
        (f"{prefix}JobInput",),
        f"{prefix}JobOutputConfig",
    )


KINDS = {
    f"{prefix}AppSpecification": _of(prefix, monitor)
    for prefix, monitor in (
        ("DataQuality", "data_quality"),
        ("ModelQuality", "model_quality"),
        ("ModelBias", "model_bias"),
        ("ModelExplainability", "model_explainability"),
    )
}
_INLINE_APP = "MonitoringAppSpecification"


def _inline(definition: Mapping[str, Any], monitoring_type: str | None) -> Kind:
    """An old-style definition; what it monitors is said by the schedule, or by the container's own variable."""
    word = str((definition.get("Environment") or {}).get("analysis_type") or monitoring_type or "DATA_QUALITY")
    plain = word.replace("_", "").lower()
    monitors = {kind.monitor.replace("_", ""): kind.monitor for kind in KINDS.values()}
    monitor = monitors.get(plain, "data_quality")
    return Kind(
        monitor, "BaselineConfig", _INLINE_APP, ("MonitoringInput",), "MonitoringOutputConfig", ("MonitoringResources",)
    )


@dataclass
class Documents:
    """What was given, by what it is."""

    kind: Kind
    name: str
    definition: Fields
    environment_section: tuple[str, ...]
    schedule: Fields | None = None
    schedule_name: str | None = None
    capture_uri: str | None = None
    variants: tuple[str, ...] = ("AllTraffic",)
    baselining_output: str | None = None
    ignored: list[str] = field(default_factory=list)

    @classmethod
    def sorted(cls, documents: Sequence[Mapping[str, Any]]) -> Documents:
        """Tell the documents apart.

        Raises:
            ConfigurationError: One is unknown, or there is not exactly one definition.
        """
        definitions = [one for one in documents if KINDS.keys() & one.keys()]
        schedules = [one for one in documents if "MonitoringScheduleConfig" in one]
        others = [one for one in documents if one not in definitions and one not in schedules]
        inline = [one for one in schedules if one["MonitoringScheduleConfig"].get("MonitoringJobDefinition")]
        if len(definitions) + len(inline) != 1 or len(schedules) > 1:
            raise ConfigurationError(_how_many(definitions, schedules, others))
        found = _inline_documents(inline[0]) if inline else _named_documents(definitions[0])
        if schedules:
            found.schedule = Fields(schedules[0])
            found.schedule_name = found.schedule.text("MonitoringScheduleName")
        for other in others:
            found.add(other)
        return found

    def add(self, other: Mapping[str, Any]) -> None:
        """Take what an endpoint, its configuration or a baselining job says."""
        if "ProcessingOutputConfig" in other:
            self.baselining_output = other["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"].rstrip("/")
        elif "ProductionVariants" in other or "DataCaptureConfig" in other:
            endpoint = other.get("EndpointName") or other.get("EndpointConfigName")
            destination = (other.get("DataCaptureConfig") or {}).get("DestinationS3Uri")
            self.capture_uri = destination and str(destination).rstrip("/")
            names = [str(one["VariantName"]) for one in other.get("ProductionVariants") or ()]
            self.variants = tuple(names) or self.variants
            if endpoint:
                self.ignored.append(
                    f"Of the endpoint {endpoint} only where its captures go, and its variants, are used."
                )
        else:
            keys = ", ".join(list(other)[:5])
            raise ConfigurationError(f"A document with the fields {keys} is none of those known: {_LEGAL}.")

    def of_schedule(self, *path: str) -> Any:
        """A value of the schedule's configuration."""
        return self.schedule.take("MonitoringScheduleConfig", *path) if self.schedule else None

    def text_of_schedule(self, *path: str) -> str | None:
        """A text of the schedule's configuration."""
        return self.schedule.text("MonitoringScheduleConfig", *path) if self.schedule else None

    def notes(self) -> list[str]:
        """What of the schedule, and of the documents around, is not converted."""
        notes = list(self.ignored)
        for fields in filter(None, (self.definition, self.schedule)):
            told = {name: value for name in _INFORMATION if (value := fields.take(name)) is not None}
            if told:
                notes.append(f"Only information: {', '.join(told)}.")
        if self.schedule:
            self.of_schedule("MonitoringJobDefinition")
            for name in ("MonitoringJobDefinitionName", "MonitoringType"):
                self.of_schedule(name)
            self.schedule.take("MonitoringType")
            self.schedule.take("EndpointName")
            rest = self.schedule.unread()
            notes += [f"Not converted: {path} = {value} (of the schedule)." for path, value in rest.items()]
        return notes


def _named_documents(definition: Mapping[str, Any]) -> Documents:
    app = next(name for name in KINDS if name in definition)
    fields = Fields(definition)
    name = fields.text("JobDefinitionName") or "monitor"
    return Documents(KINDS[app], name, fields, (app, "Environment"))


def _inline_documents(schedule: Mapping[str, Any]) -> Documents:
    config = schedule["MonitoringScheduleConfig"]
    definition = dict(config["MonitoringJobDefinition"])
    inputs = definition.pop("MonitoringInputs", None) or [{}]
    definition["MonitoringInput"] = inputs[0]
    if inputs[1:]:
        definition["MonitoringInputs"] = inputs[1:]  # nobody reads these, so a note names them
    kind = _inline(definition, config.get("MonitoringType") or schedule.get("MonitoringType"))
    name = Fields(schedule).text("MonitoringScheduleName") or "monitor"
    return Documents(kind, name, Fields(definition), ("Environment",))


def _how_many(
    definitions: Sequence[Mapping[str, Any]],
    schedules: Sequence[Mapping[str, Any]],
    others: Sequence[Mapping[str, Any]],
) -> str:
    if schedules and not definitions:
        config = schedules[0]["MonitoringScheduleConfig"]
        name, kind = config.get("MonitoringJobDefinitionName"), config.get("MonitoringType")
        return f"The schedule names the job definition {name} ({kind}): give its description as a further file."
    counted = f"{len(definitions)} job definitions, {len(schedules)} schedules and {len(others)} other documents"
    return f"One monitoring job is converted at a time; found {counted}. Allowed are the outputs of {_LEGAL}."
