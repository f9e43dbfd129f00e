"""Input from S3: a real HTTP server on loopback that speaks S3."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from engine.errors import NoDataError
from engine.testing.captures import write_captures
from tests.datasets.reading import opened, read

SECRET = "a-secret-that-must-not-be-logged"  # noqa: S105 - not one


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for key, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(key, value)
    made = boto3.resource("s3").create_bucket(Bucket="captures")
    yield made
    server.stop()


def test_captures_on_s3_are_read_as_local_ones(bucket: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "engine")
    for path in write_captures(tmp_path, 300, seed=5, hours=2):
        bucket.put_object(Key=f"prefix/{path.relative_to(tmp_path)}", Body=path.read_bytes())
    bucket.put_object(Key="prefix/_SUCCESS", Body=b"")
    local = read(tmp_path)[0]
    for uri in ("s3://captures/prefix", "s3a://captures/prefix/", "s3://captures/prefix/*/AllTraffic/2026/**/*.jsonl"):
        rows, report = read(uri, split_bytes=10_000)
        assert rows == local
        assert report.count == 0
    dataset = opened("s3://captures/prefix", split_bytes=10_000)
    assert len(dataset.splits) > 5
    assert all(file.startswith("s3://captures/prefix/") for file in dataset.files)
    assert SECRET not in caplog.text + repr(dataset)


def test_nothing_on_s3(bucket: Any) -> None:
    with pytest.raises(NoDataError, match="s3://captures/nothing"):
        read("s3://captures/nothing")
