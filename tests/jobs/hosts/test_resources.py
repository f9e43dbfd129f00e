from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import ConfigurationError
from jobs.hosts.resources import hosts_of, sharded_folders, shares_of_this_host


def written(root: Path, name: str, content: object) -> Path:
    (root / "config").mkdir(exist_ok=True)
    (root / "config" / name).write_text(json.dumps(content))
    return root


def test_one_host_or_none_said_is_alone(tmp_path: Path) -> None:
    assert hosts_of(tmp_path, {}) is None
    written(tmp_path, "resourceconfig.json", {"current_host": "algo-1", "hosts": ["algo-1"]})
    assert hosts_of(tmp_path, {}) is None


def test_the_first_by_name_is_the_primary(tmp_path: Path) -> None:
    told = {"current_host": "algo-2", "hosts": ["algo-2", "algo-1"], "network_interface_name": "eth0"}
    found = hosts_of(written(tmp_path, "resourceconfig.json", told), {"MONITOR_HOSTS_PORT": "9000"})
    assert found is not None
    assert (found.primary, found.is_primary, found.names) == ("algo-1", False, ("algo-1", "algo-2"))
    assert (found.master, found.url("algo-2", 1)) == ("spark://algo-1:9002", "http://algo-2:9001")


@pytest.mark.parametrize(
    "told", [{}, [], {"current_host": "algo-3", "hosts": ["algo-1", "algo-2"]}, {"current_host": "algo-1", "hosts": 5}]
)
def test_what_cannot_be_used_is_an_error(tmp_path: Path, told: object) -> None:
    with pytest.raises(ConfigurationError, match=r"resourceconfig.json"):
        hosts_of(written(tmp_path, "resourceconfig.json", told), {})


def test_shares_of_sharded_inputs(tmp_path: Path) -> None:
    inputs = [
        {"S3Input": {"LocalPath": f"/opt/ml/processing/{name}", "S3DataDistributionType": kind}}
        for name, kind in (("shared", "ShardedByS3Key"), ("whole", "FullyReplicated"))
    ]
    root = written(tmp_path, "processingjobconfig.json", {"ProcessingInputs": [*inputs, {"DatasetDefinition": {}}]})
    for name in ("shared/2026/01", "whole"):
        (root / "processing" / name).mkdir(parents=True)
        (root / "processing" / name / "x.jsonl").write_text("12345")
    folders = sharded_folders(root)
    assert folders == [root / "processing/shared"]
    assert shares_of_this_host(folders) == {str(root / "processing/shared/2026/01/x.jsonl"): 5}
    assert sharded_folders(tmp_path / "nowhere") == []
