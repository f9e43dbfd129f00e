"""All files that a job definition becomes."""

from __future__ import annotations

import json
from datetime import datetime

import yaml

from engine.job_definitions.configuration import configuration
from engine.job_definitions.definition import IMAGE_PLACEHOLDER, Definition
from engine.job_definitions.processing_job import filled, templates
from engine.job_definitions.schedule import create_schedule, crontab, script

_REQUESTS = {1: ("processing-job.json",), 2: ("merge-job.json", "processing-job.json")}


def convert(definition: Definition, image: str, at: datetime) -> dict[str, str]:
    """Texts of the files by their names.

    Args:
        definition: The job definition.
        image: URI of the container image.
        at: Time of the execution whose window the processing job analyses.
    """
    window = definition.schedule.window(at)
    jobs = templates(definition, image)
    requests = {
        name: json.dumps(filled(job, window), indent=2) + "\n"
        for name, job in zip(_REQUESTS[len(jobs)], jobs, strict=True)
    }
    return {
        "monitor.yaml": configuration_text(definition),
        **requests,
        "schedule.json": json.dumps(create_schedule(definition, image), indent=2) + "\n",
        "crontab": crontab(definition),
        "run.sh": script(definition),
        "notes.txt": "".join(f"{note}\n" for note in notes(definition, image)),
    }


def configuration_text(definition: Definition) -> str:
    """The configuration, with the notes above it."""
    head = [f"# {definition.name}: {definition.monitor}, as SageMaker Model Monitor ran it.", ""]
    return "\n".join(head) + yaml.safe_dump(configuration(definition), sort_keys=False, width=120)


def notes(definition: Definition, image: str = IMAGE_PLACEHOLDER) -> list[str]:
    """What was not converted, and what is left to do."""
    found = list(definition.notes)
    if image == IMAGE_PLACEHOLDER:
        found.append(f"Fill in: the image ({image} stands for it), or give --image.")
    found.append(
        "Fill in: in schedule.json, the ARNs of the state machine and the role (outputs of conf/eventbridge/model-monitor.yaml)."
    )
    if definition.environment:
        names = ", ".join(definition.environment)
        found.append(
            f"The variables {names} are in the processing job and in run.sh; monitor.yaml has no place for them."
        )
    if definition.monitor == "model_explainability":
        found.append(
            "Fill in: where attributions come from, if not from the captures; no endpoint is called (docs/attribution.md)."
        )
    if definition.ground_truth and definition.source.endpoint is None:
        found.append("Not converted: labels of batch transform jobs cannot be merged yet.")
    if definition.analysis_config and not definition.analysis_config.endswith("/analysis_config.json"):
        found.append(f"Rename: {definition.analysis_config} must be called analysis_config.json in its folder.")
    if (definition.schedule.expression or "").strip().upper() == "NOW":
        found.append("Fill in: the schedule is NOW, once: schedule.json has a time that is to be replaced.")
    elif definition.schedule.expression and crontab(definition).startswith(f"# {definition.schedule.expression}: cron"):
        found.append(f"Not converted to cron: {definition.schedule.expression}; windows are taken to be of an hour.")
    return found
