"""What a job definition says, whichever of the four kinds it is and however old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.backfill.windows import HOUR, Timetable, Window
from engine.job_definitions.expressions import period_of

CAPTURE_PLACEHOLDER = "s3://CAPTURE-BUCKET/CAPTURE-PREFIX"
IMAGE_PLACEHOLDER = "ACCOUNT.dkr.ecr.REGION.amazonaws.com/open-model-monitor:latest"


@dataclass(frozen=True)
class Source:
    """What is monitored: an endpoint or a batch transform job.

    Attributes:
        endpoint: Name of the endpoint; None for batch transform.
        uri: Where captures lie.
        dataset_format: Of batch transform, as the API has it (``{"Csv": {"Header": true}}``).
        local_path: Where the container finds them.
        variants: Of the endpoint.
        input_mode: ``File``.
        distribution: ``FullyReplicated`` or ``ShardedByS3Key``.
        attributes: Variables of the container by name, such as ``inference_attribute``.
    """

    endpoint: str | None
    uri: str
    dataset_format: Mapping[str, Any] | None
    local_path: str
    variants: tuple[str, ...] = ("AllTraffic",)
    input_mode: str = "File"
    distribution: str = "FullyReplicated"
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Baseline:
    """URIs of the documents to compare with."""

    constraints: str | None = None
    statistics: str | None = None


@dataclass(frozen=True)
class Platform:
    """What the platform is told, and the monitor is not; in the API's own words.

    Attributes:
        cluster: Of ``CreateProcessingJob``.
        role: ARN.
        network: Of ``CreateProcessingJob``.
        max_runtime: Seconds.
        kms_key: Of the output.
        upload_mode: Of the output.
        tags: Of the job.
    """

    cluster: Mapping[str, Any]
    role: str
    network: Mapping[str, Any] | None = None
    max_runtime: int | None = None
    kms_key: str | None = None
    upload_mode: str = "Continuous"
    tags: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Schedule:
    """When it runs.

    Attributes:
        name: Of the schedule; of the definition where no schedule is given.
        expression: ``cron(...)`` or ``NOW``; None where no schedule is given.
        start_offset: Start of the data from the execution; None is one period before.
        end_offset: End likewise; None is the execution.
    """

    name: str
    expression: str | None = None
    start_offset: timedelta | None = None
    end_offset: timedelta | None = None

    @property
    def period(self) -> timedelta:
        """Time between executions; an hour where that is not known."""
        return period_of(self.expression) or HOUR

    def window(self, at: datetime) -> Window:
        """What the execution at a time analyses."""
        [window] = Timetable(at - self.period, at, self.period, self.start_offset, self.end_offset).windows()
        return window


@dataclass(frozen=True)
class Definition:
    """A monitoring job.

    Attributes:
        name: Of the definition.
        monitor: ``data_quality``, ``model_quality``, ``model_bias`` or ``model_explainability``.
        source: What is monitored.
        baseline: What it is compared with.
        output: URI above the reports.
        output_path: Folder of the reports in the container.
        platform: For the processing job.
        schedule: When.
        environment: The user's variables.
        preprocessor: URI of the script.
        postprocessor: URI of the script.
        problem_type: Of model quality.
        analysis_config: URI, of bias and explainability.
        ground_truth: URI above the labels.
        notes: What was not converted, and what is left to do.
    """

    name: str
    monitor: str
    source: Source
    baseline: Baseline
    output: str
    output_path: str
    platform: Platform
    schedule: Schedule
    environment: Mapping[str, str] = field(default_factory=dict)
    preprocessor: str | None = None
    postprocessor: str | None = None
    problem_type: str | None = None
    analysis_config: str | None = None
    ground_truth: str | None = None
    notes: tuple[str, ...] = ()
