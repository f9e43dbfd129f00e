"""Attributes as users write them: names, indices, JSONPath; scores in one column, several, or lists."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from engine import BatchView, DataFormatError
from plugins.model_quality.columns import column_of, labels_of, scores_of


def view(**columns: Any) -> BatchView:
    return BatchView(pa.RecordBatch.from_pydict(columns))


FLAT = BatchView(
    pa.RecordBatch.from_arrays(
        [pa.array(["1", "0"]), pa.array([0.2, 0.9]), pa.array([0.8, 0.1]), pa.array(["a", "b"])],
        ["predictions.0.label", "predictions.0.scores.0", "predictions.0.scores.1", "0.5"],
    )
)


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        ("predictions.0.label", "predictions.0.label"),
        ("$.predictions[0].label", "predictions.0.label"),
        (".predictions[0].label", "predictions.0.label"),
        ("0", "predictions.0.label"),
        ("3", "0.5"),
        ("0.5", "0.5"),
    ],
)
def test_names(attribute: str, name: str) -> None:
    assert column_of(FLAT, attribute) == name


@pytest.mark.parametrize("attribute", ["absent", "7", "$.predictions[1].label"])
def test_absent(attribute: str) -> None:
    with pytest.raises(DataFormatError, match="the data has no column"):
        column_of(FLAT, attribute)


@pytest.mark.parametrize(
    ("batch", "attribute", "expected"),
    [
        (FLAT, "$.predictions[0].scores", [0.8, 0.1]),
        (FLAT, "predictions[0].scores[0]", [0.2, 0.9]),
        (view(p=[0.25, None]), "p", [0.25, None]),
        (view(p0=[0.2, 0.9], p1=[0.8, 0.1]), "p0, p1", [0.8, 0.1]),
        (view(p=["[0.2, 0.8]", "[0.9,0.1]", None]), "p", [0.8, 0.1, None]),
        (view(p=["[0.2, 0.8]", "[0.9,0.1]"]), "p[0]", [0.2, 0.9]),
        (view(p=["[0.2, 0.8]", "[1e-3,0.1]"]), "0[0]", [0.2, 0.001]),
        (view(p=["0.5", "x"]), "p", [0.5, None]),
    ],
)
def test_scores(batch: BatchView, attribute: str, expected: list[float | None]) -> None:
    assert [None if value != value else value for value in scores_of(batch, attribute).tolist()] == expected  # noqa: PLR0124


def test_labels() -> None:
    found = labels_of(view(label=[" 1 ", "1.0", "01", "cat", "", None, "-2.00"]), "label")
    assert found.to_pylist() == ["1", "1", "01", "cat", None, None, "-2"]
