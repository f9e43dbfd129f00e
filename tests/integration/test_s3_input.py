"""Input, baseline and scripts from S3: a real HTTP server on loopback that speaks S3."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import engine
from engine.config import load_config
from engine.datasets.user_scripts import UserScript
from engine.documents.baseline import load_baseline
from engine.errors import BaselineError, ConfigurationError, NoDataError, UserScriptError
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


def put_folder(bucket: Any, folder: Path, prefix: str) -> None:
    for path in folder.iterdir():
        bucket.put_object(Key=f"{prefix}/{path.name}", Body=path.read_bytes())


DOUBLE = """
def preprocess_handler(line):
    return {"a": 2 * int(line)} if line.isdigit() else []
"""


@pytest.mark.parametrize("scheme", ["s3", "s3a"])
def test_baseline_and_preprocessor_on_s3(bucket: Any, tmp_path: Path, scheme: str) -> None:
    """The endpoint of the environment holds for every document, not only for the data."""
    (tmp_path / "rows.csv").write_text("a\n1\n2\n3\n")
    bucket.put_object(Key="code/double.py", Body=DOUBLE.encode())
    options = {"preprocessor": f"{scheme}://captures/code/double.py"}
    engine.baseline(tmp_path / "rows.csv", output=tmp_path / "baseline", runner="inline", input=options)
    put_folder(bucket, tmp_path / "baseline", "reports/baseline")
    for where in (f"{scheme}://captures/reports/baseline", f"{scheme}://captures/reports/baseline/"):
        result = engine.monitor(
            tmp_path / "rows.csv", baseline=where, output=tmp_path / "out", runner="inline", input=options
        )
        assert (result.rows, result.violations) == (3, [])
    found = load_baseline({"constraints": f"{scheme}://captures/reports/baseline/constraints.json"})
    assert found.constraints == load_baseline(tmp_path / "baseline").constraints


def test_missing_documents_on_s3(bucket: Any) -> None:
    with pytest.raises(BaselineError, match=r"s3://captures/nowhere: .*no such file"):
        load_baseline("s3://captures/nowhere")
    with pytest.raises(UserScriptError, match=r"s3://captures/nowhere.py cannot be read"):
        UserScript.read("s3://captures/nowhere.py")


def test_manifests_of_a_batch_transform_job_on_s3(bucket: Any) -> None:
    bucket.put_object(Key="results/part.jsonl.out", Body=b'{"a": 1, "SageMakerInferenceId": "x"}\n')
    manifest = b'[{"prefix": "s3://captures/results/"}, "part.jsonl.out"]'
    bucket.put_object(Key="dest/output/2026/01/31/10/0b7c.json", Body=manifest)
    assert read("s3://captures/dest")[0] == [{"a": 1}]
    assert opened("s3://captures/dest").files == ("s3://captures/results/part.jsonl.out",)


def test_configuration_on_s3(bucket: Any) -> None:
    bucket.put_object(Key="monitor.yaml", Body=b"input: {paths: [captures]}\noutput: report\n")
    assert load_config("s3://captures/monitor.yaml").output == "report"
    with pytest.raises(ConfigurationError, match=r"s3://captures/none.yaml: .* No such file"):
        load_config("s3://captures/none.yaml")
