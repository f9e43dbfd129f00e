"""A label of several values has no column that is meant unless one is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import DataFormatError
from tests.plugins.clarify.captured import write_captures

SOURCE = {"format": "capture", "capture": {"parts": ["endpointOutput", "groundTruthData"]}}


def accuracy(folder: Path, encoding: str, **attribute: Any) -> float:
    labels = ["1,0", "0,0", "1,0"] if encoding == "CSV" else ["[1,0]", "[0,0]", "[1,0]"]
    guesses = [("1", "CSV"), ("0", "CSV"), ("1", "CSV")]
    data = write_captures(folder / "c" / "a.jsonl", None, guesses, [(label, encoding) for label in labels])
    settings = {"problem_type": "BinaryClassification", "inference_attribute": 0} | attribute
    result = engine.baseline(
        data, output=folder / "out", runner="inline", monitor="model_quality", settings=settings, input=SOURCE
    )
    statistics: Any = result.statistics
    value: float = statistics.metrics_block["accuracy"]["value"]
    return value


@pytest.mark.parametrize("encoding", ["CSV", "JSON"])
@pytest.mark.parametrize(("attribute", "expected"), [(0, 1.0), ("0", 1.0), (1, 1 / 3)])
def test_label_by_index_counts_its_own_values(tmp_path: Path, encoding: str, attribute: Any, expected: float) -> None:
    assert accuracy(tmp_path, encoding, ground_truth_attribute=attribute) == pytest.approx(expected)


@pytest.mark.parametrize("encoding", ["CSV", "JSON"])
@pytest.mark.parametrize(
    "attribute", [{}, {"ground_truth_attribute": "groundTruthData"}, {"ground_truth_attribute": 2}]
)
def test_label_of_several_values_must_be_named(tmp_path: Path, encoding: str, attribute: dict[str, Any]) -> None:
    with pytest.raises(DataFormatError, match=r"label has (several columns|no column 2)"):
        accuracy(tmp_path, encoding, **attribute)
