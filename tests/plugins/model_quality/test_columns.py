"""Attributes as users write them: names, indices, paths; scores in one column, several, or lists."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from engine import BatchView, DataFormatError
from plugins.model_quality.columns import Columns, find_score_column
from plugins.model_quality.settings import ModelQualitySettings


def view(**columns: Any) -> BatchView:
    return BatchView(pa.RecordBatch.from_pydict(columns))


FLAT = BatchView(
    pa.RecordBatch.from_arrays(
        [pa.array(["1", "0"]), pa.array([0.2, 0.9]), pa.array([0.8, 0.1]), pa.array(["a", "b"])],
        ["predictions.0.label", "predictions.0.scores.0", "predictions.0.scores.1", "0.5"],
    )
)


def columns(batch: BatchView, label: str, prediction: str) -> Columns:
    settings = ModelQualitySettings(
        problem_type="Regression", ground_truth_attribute=label, inference_attribute=prediction
    )
    return Columns.of_batch(batch, settings)


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        ("predictions.0.label", "predictions.0.label"),
        ("$.predictions[0].label", "predictions.0.label"),
        (".predictions[0].label", "predictions.0.label"),
        ("predictions[*].label", "predictions.0.label"),
        ("predictions[].label", "predictions.0.label"),
        ("$['predictions'][0]['label']", "predictions.0.label"),
        ("Predictions.0.Label", "predictions.0.label"),
        ("0", "predictions.0.label"),
        ("3", "0.5"),
        ("0.5", "0.5"),
    ],
)
def test_columns_of_batch_by_name_index_or_path_names_the_label(attribute: str, name: str) -> None:
    assert columns(FLAT, attribute, "predictions.0.scores.0").label.name == name


@pytest.mark.parametrize("attribute", ["absent", "7", "$.predictions[1].label"])
def test_columns_of_batch_with_an_absent_column_names_the_setting(attribute: str) -> None:
    with pytest.raises(DataFormatError, match="ground_truth_attribute: the data has no column"):
        columns(FLAT, attribute, "0.5")


@pytest.mark.parametrize("prediction", ["label", "0", "LABEL"])
def test_columns_of_batch_with_one_column_for_both_is_an_error(prediction: str) -> None:
    with pytest.raises(DataFormatError, match="both name the column 'label'"):
        columns(view(label=[1, 2], guess=[1, 2]), "label", prediction)


@pytest.mark.parametrize(
    ("batch", "attribute", "expected"),
    [
        (FLAT, "$.predictions[0].scores", [0.8, 0.1]),
        (FLAT, "predictions[*].scores", [0.8, 0.1]),
        (FLAT, "predictions[0].scores[0]", [0.2, 0.9]),
        (view(p=[0.25, None]), "p", [0.25, None]),
        (view(p0=[0.2, 0.9], p1=[0.8, 0.1]), "p0, p1", [0.8, 0.1]),
        (view(p=["[0.2, 0.8]", "[0.9,0.1]", None]), "p", [0.8, 0.1, None]),
        (view(p=["[0.2, 0.8]", "0.1", "[[0.7, 0.3]]"]), "p", [0.8, 0.1, 0.3]),
        (view(p=["[0.2, 0.8]", "[0.9,0.1]"]), "p[0]", [0.2, 0.9]),
        (view(p=["[0.2, 0.8]", "[0.9,0.1]"]), "p[1]", [0.8, 0.1]),
        (view(p=["[0.2, 0.8]", "[0.9,0.1]"]), "p[2]", [None, None]),
        (view(p=["[0.2, 0.8]", "[1e-3,0.1]"]), "0[0]", [0.2, 0.001]),
        (view(p=["[[0.2, 0.8]]", "[1e-3,0.1]"]), "p[0]", [0.2, 0.001]),
        (view(p=["0.5", "x"]), "p", [0.5, None]),
    ],
)
def test_score_column_of_numbers_or_lists_gives_the_positive_classes_score(
    batch: BatchView, attribute: str, expected: list[float | None]
) -> None:
    values = find_score_column(batch, attribute).values(batch).tolist()
    assert [None if value != value else value for value in values] == expected  # noqa: PLR0124


def test_score_column_of_an_object_is_an_error() -> None:
    batch = BatchView(pa.RecordBatch.from_pydict({"p.no": [0.2], "p.yes": [0.8]}))
    with pytest.raises(DataFormatError, match=r"probability_attribute: 'p' names 2 columns \(p.no, p.yes\)"):
        find_score_column(batch, "p")
