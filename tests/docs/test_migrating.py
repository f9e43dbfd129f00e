"""The pages on moving in and scheduling: their commands exist, their options, too, and the first one runs."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from typer.main import get_command
from typer.testing import CliRunner

from jobs.cli import app
from tests.job_definitions.test_conversion import minimal, of_schedule

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("migrating.md", "scheduling.md")
LINES = [
    line
    for page in PAGES
    for block in re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text(), re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
INLINE = [text for page in PAGES for text in re.findall(r"`((?:aws|model-monitor) [^`]+)`", (DOCS / page).read_text())]


@pytest.mark.parametrize("line", [line for line in [*LINES, *INLINE] if line.startswith("model-monitor")])
def test_our_commands_have_these_options(line: str) -> None:
    words = shlex.split(line)
    commands = getattr(get_command(app), "commands")  # noqa: B009 - of a group, which the type does not say
    known = {option for parameter in commands[words[1]].params for option in parameter.opts}
    assert {word for word in words[2:] if word.startswith("--")} <= known


@pytest.mark.parametrize("line", [line for line in [*LINES, *INLINE] if line.startswith("aws")])
def test_commands_of_aws_exist(line: str) -> None:
    words = shlex.split(line.partition("'s output")[0])
    model = botocore.session.get_session().get_service_model(words[1])
    operations = {xform_name(name, "-"): name for name in model.operation_names} | {"deploy": "CreateChangeSet"}
    shape = model.operation_model(operations[words[2]]).input_shape
    members = {xform_name(name, "-") for name in shape.members} | {
        "cli-input-json",
        "template-file",
        "parameter-overrides",
    }
    assert {word.lstrip("-") for word in words[3:] if word.startswith("--")} <= members


def test_the_first_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    endpoint = {"EndpointName": "ep", "DataCaptureConfig": {"DestinationS3Uri": "s3://b/captures"}}
    for name, document in (("definition", minimal("DataQuality")), ("schedule", of_schedule()), ("endpoint", endpoint)):
        Path(f"{name}.json").write_text(json.dumps(document))
    done = CliRunner().invoke(app, shlex.split(LINES[0])[1:])
    assert done.exit_code == 0, done.output
    table = re.findall(r"^\| `(\S+)`(?:, `(\S+)`)? \|", (DOCS / "migrating.md").read_text(), re.MULTILINE)
    told = {name for row in table for name in row if name}
    assert {path.name for path in Path("converted").iterdir()} == told - {"merge-job.json"}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([\w/.-]+)\)", (DOCS / page).read_text())
    assert [link for link in links if not (DOCS / link).exists()] == []
