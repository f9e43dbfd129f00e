"""How a baseline is cut into chunks to learn thresholds from."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import make_config
from engine.job_plan import chunk_of_splits, plan_job


def folder(tmp_path: Path) -> Path:
    for hour in range(6):
        place = tmp_path / "data" / "2026" / "01" / ("30" if hour < 2 else "31") / f"{hour:02d}"
        place.mkdir(parents=True)
        (place / "part.csv").write_text("a\n" + "1\n" * 50)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("by", "chunks", "expected"),
    [
        ("split", 3, [0, 0, 1, 1, 2, 2]),
        ("split", 10, [0, 1, 2, 3, 4, 5]),
        ("hour", 3, [0, 1, 2, 3, 4, 5]),
        ("day", 3, [0, 0, 1, 1, 1, 1]),
    ],
)
def test_chunks(tmp_path: Path, by: str, chunks: int, expected: list[int]) -> None:
    options = {
        "input": {"split_bytes": 128, "format": "csv"},
        "metrics": [{"name": "drift", "learn": True}],
        "learning": {"by": by, "chunks": chunks},
    }
    config = make_config([str(folder(tmp_path))], str(tmp_path / "out"), runner="inline", options=options)
    plan = plan_job(config, "baseline")
    assert len(plan.dataset.splits) == 6
    assert chunk_of_splits(config, plan) == expected


def test_nobody_learns(tmp_path: Path) -> None:
    config = make_config([str(folder(tmp_path))], str(tmp_path / "out"), runner="inline")
    assert chunk_of_splits(config, plan_job(config, "baseline")) is None
