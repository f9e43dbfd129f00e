"""Does what SageMaker does for a processing job, with the real entry point and S3: downloads, runs, uploads, describes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.integration.conftest import REPOSITORY


def split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def inside(root: Path, path: str) -> Path:
    return root / path.removeprefix("/opt/ml/")


def keys_below(s3: Any, uri: str) -> list[str]:
    bucket, prefix = split(uri)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [found["Key"] for page in pages for found in page.get("Contents", [])]


def upload(s3: Any, folder: Path, uri: str) -> None:
    bucket, prefix = split(uri)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            s3.put_object(Bucket=bucket, Key=f"{prefix}/{path.relative_to(folder).as_posix()}", Body=path.read_bytes())


def _download(s3: Any, source: Mapping[str, str], root: Path) -> None:
    bucket, prefix = split(source["S3Uri"])
    found = keys_below(s3, source["S3Uri"])
    if not found:
        raise AssertionError(f"No S3 objects found under {source['S3Uri']}: the job would fail")
    for key in found:
        relative = key.removeprefix(prefix).lstrip("/") or key.rpartition("/")[2]
        path = inside(root, source["LocalPath"]) / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def run_processing_job(s3: Any, request: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """Run a request of ``CreateProcessingJob``; gives what ``DescribeProcessingJob`` would say."""
    for one in request["ProcessingInputs"]:
        _download(s3, one["S3Input"], root)
    (root / "config").mkdir(parents=True, exist_ok=True)
    (root / "config/processingjobconfig.json").write_text(json.dumps(request))
    (root / "config/resourceconfig.json").write_text('{"current_host": "algo-1", "hosts": ["algo-1"]}')
    for one in request["ProcessingOutputConfig"]["Outputs"]:
        inside(root, one["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "JAVA_HOME") if key in os.environ}
    environment |= {"OPT_ML_ROOT": str(root), "PYTHONPATH": str(REPOSITORY), "MONITOR_RUNNER": "inline"}
    done = subprocess.run(
        [sys.executable, "-m", "jobs.sagemaker"],
        env=environment | dict(request["Environment"]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=root,
    )
    for one in request["ProcessingOutputConfig"]["Outputs"]:
        upload(s3, inside(root, one["S3Output"]["LocalPath"]), one["S3Output"]["S3Uri"])
    status = "Failed" if done.returncode else "Completed"
    said = {"ExitMessage": (root / "output/message").read_text(), "ProcessingJobStatus": status, "log": done.stderr}
    return {**request, **said}
