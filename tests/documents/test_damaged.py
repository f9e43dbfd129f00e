"""Documents that are damaged or were edited badly: read, or refused by name. Nothing of a file is a defect of the program."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

import engine
from tests.documents.mutations import mutated

ROWS = "\n".join(
    f"{number},{number / 7:.3f},{'abc'[number % 3]},{'' if number % 9 == 0 else number * number}"
    for number in range(60)
)
FILES = ("statistics.json", "constraints.json", "states.json")
ROUNDS = 60
"""For each of the files; more were run when this was written."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data, and the baseline of a job with a plugin's metric and slices."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "d.csv").write_text(f"id,share,kind,square\n{ROWS}\n")
    engine.baseline(
        folder / "d.csv",
        output=folder / "base",
        runner="inline",
        metrics=["drift", "outlier_share"],
        segments={"by": ["kind"]},
    )
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_document_is_read_or_refused_by_name(made: Path, tmp_path: Path, name: str) -> None:
    rng = random.Random(f"{name} 18")  # noqa: S311 - a seed, no secret
    document = json.loads((made / "base" / name).read_bytes())
    refused = 0
    for _ in range(ROUNDS):
        shutil.copytree(made / "base", tmp_path / "base", dirs_exist_ok=True)
        text = mutated(document, rng)
        (tmp_path / "base" / name).write_bytes(text)
        try:
            engine.monitor(
                made / "d.csv", baseline=tmp_path / "base", output=tmp_path / "out", runner="inline",
                metrics=["drift", "outlier_share"], segments={"by": ["kind"]},
            )  # fmt: skip
        except engine.MonitorError as error:
            assert name in str(error), text[:2000]  # noqa: PT017 - it may also be read
            refused += 1
    assert refused > ROUNDS // 4
