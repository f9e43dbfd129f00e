"""Steps and job runs for EMR: the API takes them, ``make dist`` builds what they name, and the scripts take their arguments."""

from __future__ import annotations

import json
import shlex
import zipfile
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import validate_parameters
from typer.testing import CliRunner

from jobs.cli import app
from jobs.packing import SCRIPTS, ZIP, pack

CONF = Path(__file__).resolve().parents[2] / "conf/emr"


def accepted(service: str, operation: str, request: dict[str, Any]) -> None:
    model = botocore.session.get_session().get_service_model(service)
    validate_parameters(request, model.operation_model(operation).input_shape)


def names(words: list[str]) -> set[str]:
    """Files on S3 that a command names."""
    found = {word.partition("=")[2] if word.startswith("spark.archives=") else word for word in words}
    return {word.partition("#")[0].rpartition("/")[2] for word in found if word.startswith("s3://")}


def test_steps_on_ec2() -> None:
    [step] = json.loads((CONF / "steps.json").read_text())
    jar = {"Jar": step["Jar"], "Args": step["Args"]}
    told = {"Name": step["Name"], "ActionOnFailure": step["ActionOnFailure"], "HadoopJarStep": jar}
    accepted("emr", "AddJobFlowSteps", {"JobFlowId": "j-1", "Steps": [told]})
    assert names(step["Args"]) == {ZIP, "environment.tar.gz", "monitor.py", "monitor.yaml"}


def test_a_run_on_serverless() -> None:
    request = json.loads((CONF / "serverless.json").read_text())
    accepted("emr-serverless", "StartJobRun", request | {"clientToken": "x"})
    driver = request["jobDriver"]["sparkSubmit"]
    words = [driver["entryPoint"], *driver["entryPointArguments"], *shlex.split(driver["sparkSubmitParameters"])]
    assert names(words) == {ZIP, "environment.tar.gz", "monitor.py", "monitor.yaml"}


@pytest.mark.parametrize("name", ["steps.json", "serverless.json"])
def test_the_arguments_are_options(name: str) -> None:
    assert '"--config"' in (CONF / name).read_text()
    assert "--config" in CliRunner(env={"COLUMNS": "200"}).invoke(app, ["run", "--help"]).output


def test_the_zip_holds_source_and_data_and_has_the_same_bytes_again(tmp_path: Path) -> None:
    written = pack(tmp_path / "one")
    assert [path.name for path in written] == [ZIP, *SCRIPTS]
    held = zipfile.ZipFile(written[0]).namelist()
    for needed in (
        "engine/pipeline.py",
        "engine/deequ/jars.yaml",
        "engine/deequ/Assertion.java",
        "plugins/bias/__init__.py",
    ):
        assert needed in held
    assert "jobs/config_template.yaml" in held
    assert not [name for name in held if "__pycache__" in name]
    assert pack(tmp_path / "two")[0].read_bytes() == written[0].read_bytes()
