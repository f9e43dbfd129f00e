"""Whatever a job definition says, it matters: for the configuration and for the processing job, or it is named as lost.

Each field of botocore's own model is changed alone. If the files do not change with it, it was dropped in silence.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import pytest

from engine.errors import ConfigurationError
from engine.job_definitions.conversion import convert
from engine.job_definitions.reading import read_definition
from tests.job_definitions.changes import Path, another, changed, paths
from tests.job_definitions.shapes import complete, shape

AT = datetime(2026, 1, 31, 11, tzinfo=timezone.utc)
KINDS = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability", "inline")
ON_A_MACHINE = ("monitor.yaml", "run.sh", "crontab", "notes.txt")
IN_SAGEMAKER = ("processing-job.json", "merge-job.json", "schedule.json", "notes.txt")

INFORMATION = (
    "CreationTime", "LastModifiedTime", "JobDefinitionArn", "MonitoringScheduleArn", "MonitoringScheduleStatus", "FailureReason",
    "LastMonitoringExecutionSummary",
)  # fmt: skip
"""What AWS only reports: the notes name these fields and do not quote them."""

SAID_TWICE = ("EndpointName", "MonitoringType", "MonitoringJobDefinitionName")
"""Of the schedule; the definition says the same."""


def documents(kind: str, source: str, form: str) -> list[dict[str, Any]]:
    """A definition and a schedule with every field, for an endpoint or batch transform."""
    schedule = complete(shape("DescribeMonitoringSchedule"))
    config = schedule["MonitoringScheduleConfig"]
    inline = config.pop("MonitoringJobDefinition")
    other = "BatchTransformInput" if source == "EndpointInput" else "EndpointInput"
    if kind == "inline":
        config["MonitoringJobDefinition"] = inline
        section = inline["MonitoringInputs"][0]
        made = [schedule]
    else:
        definition = complete(shape(f"Describe{kind}JobDefinition"))
        section = definition[f"{kind}JobInput"]
        made = [definition, schedule]
    del section[other]
    if "DatasetFormat" in section[source]:
        section[source]["DatasetFormat"] = {form: section[source]["DatasetFormat"][form]}
    return made


def written(given: list[dict[str, Any]]) -> Mapping[str, str]:
    return convert(read_definition(given), "image:1", AT)


def is_dropped(given: list[dict[str, Any]], index: int, path: Path, names: tuple[str, ...]) -> bool:
    """Whether the files are the same with another value there, and with none."""
    before = written(given)
    for value in (another(given[index], path), None):
        try:
            after = written([*given[:index], changed(given[index], path, value), *given[index + 1 :]])
        except ConfigurationError:
            return False
        if any(before.get(name) != after.get(name) for name in names):
            return False
    return True


@pytest.mark.parametrize("place", [ON_A_MACHINE, IN_SAGEMAKER], ids=["machine", "sagemaker"])
@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("EndpointInput", ""),
        ("BatchTransformInput", "Csv"),
        ("BatchTransformInput", "Json"),
        ("BatchTransformInput", "Parquet"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_changes_changes_what_is_written(
    kind: str, source: str, form: str, place: tuple[str, ...]
) -> None:
    given = documents(kind, source, form)
    dropped = []
    for index, document in enumerate(given):
        for path in paths(document):
            told = path[0] in INFORMATION or (document is given[-1] and path[-1] in SAID_TWICE)
            if not told and is_dropped(given, index, path, place):
                dropped.append(".".join(map(str, path)))
    assert not dropped


@pytest.mark.parametrize("kind", KINDS)
def test_documents_of_another_form_are_explained(kind: str) -> None:
    """A value of any other type, anywhere: converted or refused, never a traceback."""
    given, rng = documents(kind, "EndpointInput", ""), random.Random(5)  # noqa: S311 - a seed, no secret
    for index, document in enumerate(given):
        for path in paths(document):
            above = path[: rng.randint(1, len(path))]
            value: Any = rng.choice([None, [], {}, 5, "x", [[]], [None], {"a": None}, True])
            try:
                written([*given[:index], changed(document, above, value), *given[index + 1 :]])
            except ConfigurationError as error:
                assert str(error)  # noqa: PT017 - it may also be converted
