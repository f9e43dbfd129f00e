"""What an earlier job wrote into the input is told, whatever the monitor calls its documents and however places are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.own_files import check_input
from engine.errors import ConfigurationError

BIAS = ("analysis.json", "analysis.json")


@pytest.mark.parametrize("name", ["analysis.json", "states.json", "quarantine.jsonl"])
@pytest.mark.parametrize(
    ("folder", "output"),
    [
        ("s3://bucket/in/out", "s3a://bucket/in/out/"),
        ("/data/in/out", "file:///data/in/out"),
        ("hdfs://host/in/out", "hdfs://host/in/out"),
    ],
)
def test_it_is_refused(name: str, folder: str, output: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{folder}/{name}: the input holds a document"):
        check_input([f"{folder}/data.csv", f"{folder}/{name}"], output, BIAS)


def test_a_relative_output_is_in_the_folder_that_the_job_runs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError):
        check_input([f"{tmp_path}/out/analysis.json"], "./out", BIAS)


def test_data_of_the_same_name_elsewhere_is_data() -> None:
    check_input(["/data/in/analysis.json", "/data/in/out/statistics.json"], "/data/in/out", BIAS)
