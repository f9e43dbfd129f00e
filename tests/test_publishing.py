"""What a job writes beside its documents fails alone, and is named: the documents are there, and the message says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import DeliveryError

FILE = "a file where a folder should be"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text(FILE)
    path = tmp_path / "d.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    return path


def options(folder: Path, name: str) -> dict[str, Any]:
    blocked = str(folder / "file" / "below")
    made: dict[str, dict[str, Any]] = {
        "message": {"message_file": blocked},
        "message is a folder": {"message_file": str(folder)},
        "metrics": {"cloudwatch": {"enabled": True, "metrics_dir": blocked}},
        "metrics on a store": {"cloudwatch": {"enabled": True, "metrics_dir": "nosuch://x/y"}},
        "message on a store": {"message_file": "nosuch://x/y"},
        "both": {"message_file": blocked, "cloudwatch": {"enabled": True, "metrics_dir": blocked}},
    }
    return made[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("message", ["the exit message is not in"]),
        ("message is a folder", ["the exit message is not in"]),
        ("message on a store", ["the exit message is not in nosuch://x/y"]),
        ("metrics", ["metrics did not arrive", "cloudwatch_metrics.jsonl cannot be written"]),
        ("metrics on a store", ["metrics did not arrive", "nosuch://x/y"]),
        ("both", ["metrics did not arrive", "the exit message is not in"]),
    ],
)
def test_a_side_output_that_cannot_be_written_fails_alone(
    data: Path, tmp_path: Path, name: str, expected: list[str]
) -> None:
    result = engine.baseline(data, output=tmp_path / "out", runner="inline", **options(tmp_path, name))
    assert result.message.startswith("Completed: ")
    for part in expected:
        assert part in result.message
    assert "None was changed" not in result.message
    assert (tmp_path / "out" / "statistics.json").exists()
    assert (tmp_path / "file").read_text() == FILE


def test_a_strict_job_fails_and_says_that_the_documents_are_written(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="The documents are written"):
        engine.baseline(
            data, output=tmp_path / "out", runner="inline", plugins={"strict": True}, **options(tmp_path, "both")
        )
    assert (tmp_path / "out" / "statistics.json").exists()


def test_documents_that_cannot_be_written_are_a_failure_that_leaves_a_message(data: Path, tmp_path: Path) -> None:
    with pytest.raises(engine.MonitorError, match="None was changed"):
        engine.baseline(data, output=tmp_path / "file" / "out", runner="inline", message_file=str(tmp_path / "message"))
    assert "None was changed" in (tmp_path / "message").read_text()
