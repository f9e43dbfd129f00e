"""``model-monitor from-job-definition``: from SageMaker's job definitions to files that run here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from engine.errors import ConfigurationError
from engine.filesystems import read_text
from engine.job_definitions.definition import IMAGE_PLACEHOLDER
from engine.json_text import parse_json
from engine.s3.answers import reason_of
from engine.s3.reaching import check_stores
from engine.times import parse_time
from jobs.display import printable, show_error
from jobs.running import OK, USAGE, finished

Described = Annotated[
    list[str],
    typer.Argument(
        metavar="DESCRIBED.json",
        help="What aws sagemaker describe-...-job-definition and describe-monitoring-schedule print; besides, "
        "describe-endpoint (where captures go) and describe-processing-job of the baseline.",
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DIR", help="Folder for the files; left out, the configuration is printed."),
]
Image = Annotated[str, typer.Option(metavar="URI", help="Container image for the processing job.")]
CaptureUri = Annotated[
    str | None, typer.Option(metavar="URI", help="Where the endpoint's captures go, above the endpoint's name.")
]
At = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Time of the execution in processing-job.json (UTC); left out, the last hour."),
]


def from_job_definition(
    described: Described,
    output: Folder = None,
    image: Image = IMAGE_PLACEHOLDER,
    capture_uri: CaptureUri = None,
    at: At = None,
) -> None:
    """Turn a monitoring job of SageMaker Model Monitor into configuration, processing job and schedule.

    All four kinds, and schedules with an inline definition. What is not converted is named.

    Example: model-monitor from-job-definition definition.json schedule.json endpoint.json --output converted
    """
    messages = Console(stderr=True)
    try:
        moment = parse_time(at) or datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    except ValueError as error:
        show_error(messages, f"--at is {error}.")
        raise typer.Exit(USAGE) from None
    raise typer.Exit(finished(partial(_convert, described, output, image, capture_uri, moment), messages))


def _convert(described: list[str], output: Path | None, image: str, capture_uri: str | None, at: datetime) -> int:
    from engine.job_definitions.conversion import configuration_text, convert
    from engine.job_definitions.notes import notes
    from engine.job_definitions.reading import read_definition

    given = [{"DataCaptureConfig": {"DestinationS3Uri": capture_uri}}] if capture_uri else []
    definition = read_definition([*map(_document, described), *given])
    console, messages = Console(), Console(stderr=True)
    if output is None:
        console.print(Text(configuration_text(definition)), soft_wrap=True, end="")
    else:
        files = convert(definition, image, at)
        output.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (output / name).write_text(text, encoding="utf-8")
            console.print(Text(f"Written: {output / name}"), soft_wrap=True)
    for note in notes(definition, image):
        messages.print(Text(printable(note)), soft_wrap=True)
    return OK


def _document(path: str) -> Mapping[str, Any]:
    check_stores(path)
    try:
        found = parse_json(read_text(path))
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else error.strerror or reason_of(error)
        raise ConfigurationError(f"{path}: cannot be read: {reason}.") from None
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: is not JSON: {error}. Save what 'aws sagemaker describe-...' prints."
        ) from None
    if not isinstance(found, Mapping):
        raise ConfigurationError(f"{path}: must hold a JSON object; found a {type(found).__name__}.")
    return found
