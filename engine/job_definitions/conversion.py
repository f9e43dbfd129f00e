"""All files that a job definition becomes."""

from __future__ import annotations

import json
from datetime import datetime

import yaml

from engine.job_definitions.configuration import configuration
from engine.job_definitions.definition import Definition
from engine.job_definitions.notes import notes
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
