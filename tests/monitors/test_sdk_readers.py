"""The SageMaker SDK's own classes read our documents, and what they write is honoured."""

from __future__ import annotations

import importlib.util
import json
import os
from typing import Any

import pytest

from engine.documents.baseline import Baseline
from engine.documents.constraints import Constraints
from engine.documents.violations import Violations
from tests.monitors.text_dataset import LETTERS, MONITOR, baseline_of, dataset, verify

BASELINE = baseline_of(dataset(n=["1", "2"] * 50, t=LETTERS))
BAD = dataset(n=["1.5"] * 100, t=["z"] * 100)


@pytest.fixture(scope="module")
def sdk() -> Any:
    os.environ.setdefault("SAGEMAKER_SUPPRESS_V2_WARNING", "1")
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    if importlib.util.find_spec("sagemaker") is None:
        pytest.skip("the SageMaker SDK is not installed")
    return pytest.importorskip("sagemaker.model_monitor", reason="needs version 2 of the SageMaker SDK")


class Bucket:
    """Stands in for S3: keeps what the SDK uploads, and gives it back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from sagemaker import s3

        self.files: dict[str, str] = {}
        monkeypatch.setattr(s3.S3Uploader, "upload_string_as_file_body", self.upload)
        monkeypatch.setattr(s3.S3Downloader, "read_file", lambda s3_uri, sagemaker_session=None: self.files[s3_uri])

    def upload(self, body: str, desired_s3_uri: str, **_: Any) -> str:
        self.files[desired_s3_uri] = body
        return desired_s3_uri

    def default_bucket(self) -> str:
        return "bucket"

    default_bucket_prefix = None


def through_the_sdk(kind: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    return kind.from_string(text, sagemaker_session=Bucket(monkeypatch))


def test_the_sdk_reads_all_documents(sdk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert BASELINE.statistics
    assert BASELINE.constraints
    statistics = through_the_sdk(sdk.Statistics, BASELINE.statistics.to_json(), monkeypatch)
    assert [feature["name"] for feature in statistics.body_dict["features"]] == ["n", "t"]
    constraints = through_the_sdk(sdk.Constraints, BASELINE.constraints.to_json(), monkeypatch)
    assert constraints.body_dict == json.loads(BASELINE.constraints.to_json())
    found = MONITOR.verify(BAD, MONITOR.statistics(BAD), BASELINE)
    violations = through_the_sdk(sdk.ConstraintViolations, Violations(violations=found).to_json(), monkeypatch)
    assert len(violations.body_dict["violations"]) == len(found) > 0


def edited_by_the_sdk(sdk: Any, monkeypatch: pytest.MonkeyPatch, *arguments: Any) -> Baseline:
    assert BASELINE.constraints
    constraints = through_the_sdk(sdk.Constraints, BASELINE.constraints.to_json(), monkeypatch)
    constraints.set_monitoring(*arguments)
    return Baseline(BASELINE.statistics, Constraints.parse(json.dumps(constraints.body_dict), "constraints.json"))


def test_set_monitoring_for_all(sdk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {name for name, _ in verify(BAD, BASELINE)} == {"n", "t"}
    assert verify(BAD, edited_by_the_sdk(sdk, monkeypatch, False)) == []


def test_set_monitoring_for_a_column(sdk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = edited_by_the_sdk(sdk, monkeypatch, False, "t")
    assert {name for name, _ in verify(BAD, edited)} == {"n"}
    on_again = edited_by_the_sdk(sdk, monkeypatch, True, "t")
    assert {name for name, _ in verify(BAD, on_again)} == {"n", "t"}
