"""One metric by all ways in - SQL, file, file on S3, installed package, Python - inline and on a cluster: the same results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.integration.conftest import REPOSITORY
from tests.integration.plugin_ways import write_inputs

EXPECTED = {"value": 0.5, "baseline": 0.1, "threshold": pytest.approx(0.11), "status": "violation"}


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    """The environment of an S3 server on loopback."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    server.stop()


def by_all_ways(folder: Path, s3: dict[str, str], *arguments: str) -> dict[str, Any]:
    write_inputs(folder)
    client = boto3.client(
        "s3", endpoint_url=s3["AWS_ENDPOINT_URL"], aws_access_key_id="test", aws_secret_access_key="test",  # noqa: S106
        region_name="us-east-1",
    )  # fmt: skip
    client.create_bucket(Bucket="plugins")
    client.put_object(Bucket="plugins", Key="empty_share.py", Body=(folder / "empty_share.py").read_bytes())
    kind, *master = arguments
    command = [
        sys.executable,
        "-m",
        "tests.integration.plugin_ways",
        str(folder),
        kind,
        "s3://plugins/empty_share.py",
        *master,
    ]
    environment = os.environ | s3 | {"PYTHONPATH": str(folder / "site")}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=REPOSITORY, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def check(found: dict[str, Any]) -> None:
    assert set(found) == {"sql", "file", "s3", "package", "python"}
    for way, told in found.items():
        assert told["failures"] == [], way
        (row,) = told["rows"]
        assert dict(zip(EXPECTED, row, strict=True)) == EXPECTED, way
        assert told["cloudwatch"] == [0.5], way
        assert told["statistics"] == 1, way
        (text,) = told["violations"]
        assert "empty_share with 0.5 was greater than threshold 0.11" in text, way


def test_inline(tmp_path: Path, s3: dict[str, str]) -> None:
    check(by_all_ways(tmp_path, s3, "inline"))


@pytest.mark.spark
@pytest.mark.xdist_group("cluster")
def test_on_a_cluster_whose_workers_have_none_of_it(tmp_path: Path, s3: dict[str, str], cluster: str) -> None:
    check(by_all_ways(tmp_path, s3, "spark", cluster))
