"""A processing job on two hosts: processes with an /opt/ml (mount namespaces) and an address on loopback of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.testing.captures import write_captures
from engine.testing.labels import write_labels
from tests.class_archive import quick_options
from tests.integration.conftest import REPOSITORY
from tests.integration.ports import free_ports

FORMAT = '{"sagemakerCaptureJson": {"captureIndexNames": ["endpointInput", "endpointOutput"]}}'
NAMES = ("algo-1", "algo-2")
UNSHARE = shutil.which("unshare") or "unshare"
SLOW = """
import pathlib, time
def preprocess_handler(record):
    pathlib.Path({mark!r}).touch()
    time.sleep(0.05)
    return {{"a": 1}}
"""

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


def can_isolate() -> bool:
    """Whether processes can be given mounts of their own, which needs root on Linux."""
    command = [UNSHARE, "--mount", "mount", "--bind", "/etc/hostname", "/etc/hosts"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def hosts(tmp_path: Path) -> Hosts:
    if not can_isolate():
        pytest.skip("hosts need mount namespaces (root on Linux)")
    return Hosts(tmp_path)


class Hosts:
    """Two hosts. Each sees its own folder at the same path ``ml``, as containers see ``/opt/ml``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ml = folder / "ml"
        self.ml.mkdir()
        (folder / "hosts").write_text("127.0.0.1 localhost algo-1\n127.0.0.2 algo-2\n")
        self.port = free_ports(3)
        self.started: list[subprocess.Popen[str]] = []

    def own(self, name: str) -> Path:
        """The folder of a host."""
        return self.folder / name

    def lay_out(self, source: Path, place: str, distribution: str) -> None:
        """Give the hosts their files as the platform does: all to each, or each its share."""
        described = {"ProcessingInputs": [
            {"InputName": "in", "S3Input": {"LocalPath": f"/opt/ml/{place}", "S3DataDistributionType": distribution}}
        ]}  # fmt: skip
        files = sorted(path for path in source.rglob("*") if path.is_file())
        for number, name in enumerate(NAMES):
            config = self.own(name) / "config"
            config.mkdir(parents=True, exist_ok=True)
            (config / "resourceconfig.json").write_text(
                json.dumps({"current_host": name, "hosts": NAMES, "network": "eth0"})
            )
            (config / "processingjobconfig.json").write_text(json.dumps(described))
            mine = files[number::2] if distribution == "ShardedByS3Key" else files
            for path in mine:
                target = self.own(name) / place / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)

    def start(self, name: str, **variables: str) -> subprocess.Popen[str]:
        """Start the very entry point on a host."""
        environment = {key: os.environ[key] for key in ("PATH", "HOME", "JAVA_HOME") if key in os.environ}
        environment |= {
            "OPT_ML_ROOT": str(self.ml), "PYTHONPATH": str(REPOSITORY), "dataset_format": FORMAT,
            "output_path": "/opt/ml/processing/output", "MONITOR_HOSTS_PORT": str(self.port),
            **quick_options(), **variables,
        }  # fmt: skip
        own = f"mount --bind {self.own(name)} {self.ml} && mount --bind {self.folder}/hosts /etc/hosts"
        process = subprocess.Popen(
            [UNSHARE, "--mount", "sh", "-c", f"{own} && exec $0 -m jobs.sagemaker", sys.executable],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder,
        )  # fmt: skip
        self.started.append(process)
        return process

    def run(self, **variables: str) -> list[tuple[int, str]]:
        """Start all hosts, the primary last, and wait for them; their exit statuses and logs."""
        running = [self.start(name, **variables) for name in reversed(NAMES)]
        logs = [process.communicate(timeout=180)[0] for process in running]
        return [(process.returncode, log) for process, log in zip(running, logs, strict=True)][::-1]

    def documents(self, name: str) -> dict[str, bytes]:
        """What a host left in its output folder."""
        folder = self.own(name) / "processing/output"
        return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def one_host(folder: Path, captures: Path, **variables: str) -> dict[str, bytes]:
    """The documents of the same job on one host."""
    root = folder / "ml"
    shutil.copytree(captures, root / "processing/in", dirs_exist_ok=True)
    environment = os.environ | {
        "OPT_ML_ROOT": str(root), "dataset_format": FORMAT, "dataset_source": "/opt/ml/processing/in",
        "output_path": "/opt/ml/processing/output", "MONITOR_RUNNER": "inline", **variables,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "jobs.sagemaker"],
        env=environment,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    found = {path.name: path.read_bytes() for path in sorted((root / "processing/output").rglob("*")) if path.is_file()}
    shutil.rmtree(root)
    root.mkdir()  # where the hosts are mounted
    return found


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    write_captures(tmp_path / "source", 3000, seed=4, hours=5)
    return tmp_path / "source"


@pytest.mark.parametrize("distribution", ["FullyReplicated", "ShardedByS3Key"])
def test_two_hosts_give_the_documents_of_one(hosts: Hosts, captures: Path, tmp_path: Path, distribution: str) -> None:
    own = one_host(tmp_path, captures)
    hosts.lay_out(captures, "processing/in", distribution)
    counts = [len(list((hosts.own(name) / "processing/in").rglob("*.jsonl"))) for name in NAMES]
    assert counts == ([5, 5] if distribution == "FullyReplicated" else [3, 2])
    ended = hosts.run(dataset_source="/opt/ml/processing/in")
    assert [status for status, _ in ended] == [0, 0], ended
    assert hosts.documents("algo-1") == own
    assert hosts.documents("algo-2") == {}
    assert (hosts.own("algo-1") / "output/message").read_text().startswith("Completed: ")
    assert not (hosts.own("algo-2") / "output").exists()


def test_a_merge_of_sharded_captures(hosts: Hosts, captures: Path, tmp_path: Path) -> None:
    write_labels(captures, tmp_path / "labels")
    hosts.lay_out(captures, "processing/in", "ShardedByS3Key")
    for name in NAMES:
        shutil.copytree(tmp_path / "labels", hosts.own(name) / "processing/groundtruth")
    ended = hosts.run(dataset_source="/opt/ml/processing/in", ground_truth_source="/opt/ml/processing/groundtruth")
    assert [status for status, _ in ended] == [0, 0], ended
    message = (hosts.own("algo-1") / "output/message").read_text()
    assert message.endswith(" of 3000 captured records.")
    written = [path for path in (hosts.own("algo-1") / "processing/output").rglob("*") if path.is_file()]
    assert len(written) == 5
    assert hosts.documents("algo-2") == {}


def test_a_failing_primary_ends_the_others(hosts: Hosts, captures: Path) -> None:
    hosts.lay_out(captures, "processing/in", "FullyReplicated")
    ended = hosts.run(dataset_source="/opt/ml/processing/nothing")
    assert [status for status, _ in ended] == [1, 1], ended
    assert "there is no such file or folder" in (hosts.own("algo-1") / "output/message").read_text()


def test_a_host_that_never_comes_is_named(hosts: Hosts, captures: Path) -> None:
    hosts.lay_out(captures, "processing/in", "FullyReplicated")
    primary = hosts.start("algo-1", dataset_source="/opt/ml/processing/in", MONITOR_HOSTS_SECONDS="3")
    log, _ = primary.communicate(timeout=60)
    assert primary.returncode == 1, log
    message = (hosts.own("algo-1") / "output/message").read_text()
    assert (
        message == "Hosts that did not report within 3 s: algo-2. See their logs; MONITOR_HOSTS_SECONDS waits longer."
    )


def processes_of(hosts: Hosts) -> list[str]:
    """Processes that know the folder of this test: what must not be left."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(hosts.ml).encode() in place.read_bytes():
                found.append((place.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_stopping_leaves_nothing(hosts: Hosts, captures: Path) -> None:
    """SIGTERM on each host, as the platform sends it: no document, no process, and the primary says what happened."""
    hosts.lay_out(captures, "processing/in", "FullyReplicated")
    slow = SLOW.format(mark=str(hosts.folder / "running"))
    for name in NAMES:
        (hosts.own(name) / "slow.py").write_text(slow)
    running = [
        hosts.start(name, dataset_source="/opt/ml/processing/in", record_preprocessor_script="/opt/ml/slow.py")
        for name in reversed(NAMES)
    ]
    _await((hosts.folder / "running").exists, running)
    for process in running:
        process.send_signal(signal.SIGTERM)
    logs = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [143, 143], logs
    assert (
        hosts.own("algo-1") / "output/message"
    ).read_text() == "Stopped before the documents were written: none was changed."
    assert hosts.documents("algo-1") == hosts.documents("algo-2") == {}
    _await(lambda: not processes_of(hosts), [])
    assert processes_of(hosts) == []


def _await(reached: Any, running: list[subprocess.Popen[str]]) -> None:
    deadline = time.monotonic() + 90
    while not reached() and time.monotonic() < deadline and all(process.poll() is None for process in running):
        time.sleep(0.1)
