"""S3 as it is on bad days, and with the options that buckets of others ask for: a real HTTP server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine
from engine.errors import ConfigurationError, MonitorError
from engine.s3.settings import VARIABLE, S3Settings, current_s3, use_s3
from engine.sinks.files import write_documents
from engine.testing.captures import write_captures
from tests.integration.conftest import run_job
from tests.integration.faulty_proxy import BUSY, FaultyProxy, Request, faulty_proxy

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def proxy(aws: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyProxy]:
    """The server of the fixture ``aws``, reached through a network with faults."""
    with faulty_proxy(aws.meta.endpoint_url) as found:
        monkeypatch.setenv("AWS_ENDPOINT_URL", found.url)
        yield found


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of a test end with it."""
    monkeypatch.setenv(VARIABLE, "")


def of_data(request: Request) -> bool:
    return request.method == "GET" and ".jsonl" in request.path


@pytest.fixture
def captures(aws: Any, tmp_path: Path) -> Path:
    for path in write_captures(tmp_path / "captures", 2000, seed=5, hours=2):
        aws.put_object(Bucket="bucket", Key=str(path.relative_to(tmp_path)), Body=path.read_bytes())
    return tmp_path / "captures"


@pytest.mark.parametrize("fault", [(503, BUSY), (500, BUSY), "broken"], ids=["busy", "error", "broken"])
def test_reads_that_fail_are_tried_again(proxy: FaultyProxy, captures: Path, tmp_path: Path, fault: Any) -> None:
    engine.baseline(captures, output=tmp_path / "local", runner="inline")
    proxy.times(3, of_data, fault)
    engine.baseline("s3://bucket/captures", output=tmp_path / "remote", runner="inline")
    for name in ("statistics.json", "constraints.json"):
        assert (tmp_path / "remote" / name).read_bytes() == (tmp_path / "local" / name).read_bytes()
    assert sum(map(of_data, proxy.requests)) > 3


@pytest.mark.parametrize("options", [{}, {"requester_pays": True}], ids=["arrow", "s3fs"])
@pytest.mark.parametrize(("fault", "after"), [((503, BUSY), 4), ("broken", 1)], ids=["busy", "broken"])
def test_a_busy_store_is_no_malformed_parquet(
    proxy: FaultyProxy, aws: Any, tmp_path: Path, fault: Any, options: dict[str, Any], after: int
) -> None:
    """A row group that does not arrive is read again; it is not counted as malformed."""
    table = pa.table({"x": range(60_000), "y": [i / 7 for i in range(60_000)]})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=10_000)
    aws.put_object(Bucket="bucket", Key="t.parquet", Body=(tmp_path / "t.parquet").read_bytes())
    engine.baseline(tmp_path / "t.parquet", output=tmp_path / "local", runner="inline")

    def gets() -> int:
        return sum(request.method == "GET" for request in proxy.requests)

    proxy.times(3, lambda request: request.method == "GET" and gets() > after, fault)
    result = engine.baseline(
        "s3://bucket/t.parquet", output=tmp_path / "remote", runner="inline", s3={"tries": 2, **options}
    )
    assert result.malformed == 0
    assert (tmp_path / "remote/statistics.json").read_bytes() == (tmp_path / "local/statistics.json").read_bytes()
    assert gets() > after + 3


def test_reads_are_of_ranges(proxy: FaultyProxy, captures: Path, tmp_path: Path) -> None:
    """A task reads its part of a file, not the whole."""
    options = {"split_bytes": 20_000}
    engine.baseline("s3://bucket/captures", output=tmp_path / "out", runner="inline", input=options)
    ranges = [request.headers.get("range") for request in proxy.requests if of_data(request)]
    assert all(ranges)
    assert len(set(ranges)) > 10


def test_a_store_that_stays_busy_is_an_error_that_says_so(proxy: FaultyProxy, captures: Path, tmp_path: Path) -> None:
    proxy.times(1000, of_data, (503, BUSY))
    done = run_job(
        "baseline", "s3://bucket/captures", "--output", str(tmp_path / "out"), "--runner", "inline",
        environment={VARIABLE: '{"tries": 2}'},
    )  # fmt: skip
    assert done.returncode == 1
    assert "bucket/captures" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_writes_that_fail_are_tried_again(proxy: FaultyProxy, aws: Any) -> None:
    proxy.times(2, lambda request: request.method == "PUT", (503, BUSY))
    write_documents("s3://bucket/reports", {"a.json": "1"})
    assert aws.get_object(Bucket="bucket", Key="reports/a.json")["Body"].read() == b"1"


@pytest.mark.parametrize("settings", [S3Settings(tries=2), S3Settings(tries=2, acl="private")], ids=["arrow", "s3fs"])
def test_a_large_document_appears_whole_or_not_at_all(proxy: FaultyProxy, aws: Any, settings: S3Settings) -> None:
    """It is sent in parts; when one never arrives, there is no object, and none of the job's other documents changed."""
    large = bytes(range(256)) * 130_000
    use_s3(settings)
    write_documents("s3://bucket/reports", {"a.json": "old", "metrics.parquet": large})
    assert aws.get_object(Bucket="bucket", Key="reports/metrics.parquet")["Body"].read() == large
    assert [r for r in proxy.requests if "partNumber=1" in r.path], "in parts"
    aws.delete_object(Bucket="bucket", Key="reports/metrics.parquet")
    proxy.times(1000, lambda request: "metrics.parquet?partNumber=1" in request.path, (503, BUSY))
    with pytest.raises(MonitorError, match=r"metrics.parquet cannot be written.*No document was changed"):
        write_documents("s3://bucket/reports", {"a.json": "new", "metrics.parquet": large})
    listed = [found["Key"] for found in aws.list_objects_v2(Bucket="bucket", Prefix="reports/")["Contents"]]
    assert listed == ["reports/a.json"]
    assert aws.get_object(Bucket="bucket", Key="reports/a.json")["Body"].read() == b"old"


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_settings_reach_the_executors(
    proxy: FaultyProxy, aws: Any, captures: Path, tmp_path: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Endpoint, payer, key and ACL come from the configuration alone; the workers of the cluster know no endpoint."""
    config = tmp_path / "monitor.yaml"
    config.write_text(
        json.dumps({
            "input": {"paths": ["s3://bucket/captures"]},
            "output": "s3://bucket/reports",
            "runner": {"conf": {f"spark.executorEnv.AWS_{name}": "test" for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}},
            "s3": {"endpoint_url": proxy.url, "requester_pays": True, "kms_key_id": KEY, "acl": "bucket-owner-full-control"},
        })
    )  # fmt: skip
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    done = run_job("baseline", "--config", str(config), "--master", cluster, "-vv")
    assert done.returncode == 0, done.stderr
    read = [request for request in proxy.requests if of_data(request)]
    assert {request.headers.get("x-amz-request-payer") for request in read} == {"requester"}
    head = aws.head_object(Bucket="bucket", Key="reports/statistics.json")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", KEY)
    written = [request for request in proxy.requests if request.method == "PUT" and "statistics.json" in request.path]
    assert {request.headers.get("x-amz-acl") for request in written} == {"bucket-owner-full-control"}
    engine.baseline(captures, output=tmp_path / "local", runner="inline")
    body = aws.get_object(Bucket="bucket", Key="reports/statistics.json")["Body"].read()
    assert body == (tmp_path / "local/statistics.json").read_bytes()


def test_another_region(proxy: FaultyProxy, captures: Path, tmp_path: Path) -> None:
    """Requests are signed for the region that the settings name, whatever the environment says."""
    for payer in (False, True):
        proxy.requests.clear()
        told = {"region": "eu-west-1", "requester_pays": payer}
        engine.baseline("s3://bucket/captures", output=tmp_path / "out", runner="inline", s3=told)
        signed = [request.headers["authorization"] for request in proxy.requests]
        assert signed
        assert all("/eu-west-1/s3/aws4_request" in text for text in signed)


def test_no_credentials_in_what_is_printed(
    proxy: FaultyProxy, captures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {
        "AWS_ACCESS_KEY_ID": "AKIAVERYSECRET",
        "AWS_SECRET_ACCESS_KEY": "not/for/logs",
        "AWS_SESSION_TOKEN": "tokenoftoday",
    }
    for extra in ({}, {VARIABLE: '{"requester_pays": true, "tries": 1}'}):
        proxy.times(1000, of_data, (403, BUSY.replace(b"SlowDown", b"AccessDenied")))
        done = run_job(
            "baseline", "s3://bucket/captures", "--output", str(tmp_path / "out"), "--runner", "inline", "-vv",
            environment=secrets | extra,
        )  # fmt: skip
        assert done.returncode == 1
        assert "bucket" in done.stderr
        assert not [text for text in secrets.values() if text in done.stdout + done.stderr]


def test_the_merge_writes_no_empty_objects(proxy: FaultyProxy, aws: Any, captures: Path) -> None:
    """An empty object in the place of a folder would be downloaded as a file by the next job."""
    from engine.testing.labels import write_labels

    write_labels(captures, captures.parent / "labels")
    for path in (captures.parent / "labels").rglob("*.jsonl"):
        aws.put_object(Bucket="bucket", Key=str(path.relative_to(captures.parent)), Body=path.read_bytes())
    done = run_job(
        "merge", "s3://bucket/captures", "s3://bucket/labels", "--output", "s3://bucket/merged", "--runner", "inline"
    )
    assert done.returncode == 0, done.stderr
    found = aws.list_objects_v2(Bucket="bucket", Prefix="merged")["Contents"]
    assert found
    assert [one["Key"] for one in found if one["Key"].endswith("/") or not one["Size"]] in ([], ["merged/"])


def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, '{"acl": "everybody"}')
    with pytest.raises(
        ConfigurationError, match=r"MODEL_MONITOR_S3 does not hold S3 settings: 'acl' is .*Allowed is a JSON"
    ):
        current_s3()
