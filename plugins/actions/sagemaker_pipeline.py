"""Starts a SageMaker pipeline, for example one that trains the model again."""

from __future__ import annotations

from string import Template
from typing import ClassVar

from pydantic import Field, field_validator

from engine import Action, ViolationEvent
from engine.aws import called, client
from plugins.actions.settings import ActionSettings

_NAMES = ("key", "run", "monitor", "endpoint", "schedule", "start", "end", "report", "severity")


class SageMakerPipelineSettings(ActionSettings):
    """Settings of the action ``sagemaker_pipeline``."""

    pipeline: str = Field(min_length=1)
    """Name or ARN of the pipeline."""
    parameters: dict[str, str] = Field({})
    """Parameters of the execution; $report, $endpoint, $monitor and the like stand for those of the event."""
    region: str | None = None
    """Region of the pipeline; null takes the environment's."""

    @field_validator("parameters")
    @classmethod
    def _known_names(cls, parameters: dict[str, str]) -> dict[str, str]:
        for name, value in parameters.items():
            try:
                Template(value).substitute(dict.fromkeys(_NAMES, ""))
            except (KeyError, ValueError) as error:
                allowed = ", ".join(f"${known}" for known in _NAMES)
                raise ValueError(f"{name}: {value!r} holds {error}; allowed: {allowed}, and $$ for a dollar") from None
        return parameters


class SageMakerPipeline(Action):
    """An execution of a pipeline. The service starts none twice for one idempotency key."""

    name: ClassVar[str] = "sagemaker_pipeline"
    Settings = SageMakerPipelineSettings

    def __init__(self, settings: SageMakerPipelineSettings) -> None:
        self._settings = settings

    def send(self, event: ViolationEvent) -> None:
        """Start it.

        Raises:
            DeliveryError: It did not start.
        """
        told = self._settings
        values = {name: getattr(event, name) or "" for name in _NAMES}
        parameters = [
            {"Name": name, "Value": Template(value).substitute(values)} for name, value in told.parameters.items()
        ]
        sagemaker = client("sagemaker", told.region)
        called(
            f"SageMaker pipeline {told.pipeline}",
            lambda: sagemaker.start_pipeline_execution(
                PipelineName=told.pipeline,
                PipelineExecutionDescription=event.text[:3072],
                PipelineParameters=parameters,
                ClientRequestToken=event.key,
            ),
        )
