"""The classes of a binary model: by default, by the setting, and where neither says which is positive."""

from __future__ import annotations

import re

import pytest

from engine import DataFormatError
from plugins.model_quality.classes import decide_classes
from plugins.model_quality.settings import ModelQualitySettings


@pytest.mark.parametrize(
    ("labels", "setting", "known", "expected"),
    [
        ({"0", "1"}, None, None, ("1", "0")),
        ({"-1", "1"}, None, None, ("1", "-1")),
        ({"1", "2"}, None, None, ("1", "2")),
        ({"1"}, None, None, ("1", "0")),
        ({"0"}, None, None, ("1", "0")),
        ({"true", "false"}, None, None, ("true", "false")),
        ({"false"}, None, None, ("true", "false")),
        ({"true"}, None, None, ("true", "false")),
        ({"0", "1", "true", "false"}, None, None, ("1", "0")),
        ({"0", "true", "false"}, None, None, ("1", "0")),
        ({"0", "1", "false"}, "true", None, ("1", "0")),
        ({"yes", "no"}, "yes", None, ("yes", "no")),
        ({"no"}, "yes", None, ("yes", "no")),
        ({"No"}, "Yes", None, ("Yes", "No")),
        ({"legit"}, "fraud", ("fraud", "legit"), ("fraud", "legit")),
        ({"fraud"}, "fraud", ("fraud", "legit"), ("fraud", "legit")),
        ({"legit"}, "fraud", (), ("fraud", "legit")),
        ({"2"}, None, ("1", "2"), ("1", "2")),
    ],
)
def test_binary_classes_of_two_labels_are_known(
    labels: set[str], setting: str | None, known: tuple[str, ...] | None, expected: tuple[str, str]
) -> None:
    classes = decide_classes(labels, setting, known)
    assert (classes.positive, classes.negative) == expected


@pytest.mark.parametrize(
    ("labels", "setting", "known"),
    [
        ({"yes", "no"}, None, None),
        ({"yes", "no"}, None, ("0", "1")),
        ({"0", "2"}, None, None),
        ({"yes"}, None, None),
        ({"true", "no"}, None, None),
        ({"true", "false"}, "1", None),
        ({"0", "1"}, "true", None),
        ({"yes", "no"}, "Yes", None),
        ({"legit"}, "fraud", None),
        ({"legit"}, "fraud", ("Fraud", "legit")),
        ({"0", "1", "2"}, None, None),
        ({"yes", "no", "maybe"}, "yes", None),
        ({"0", "1", "0.7"}, None, None),
    ],
)
def test_binary_classes_without_a_plain_positive_one_lists_the_labels(
    labels: set[str], setting: str | None, known: tuple[str, ...] | None
) -> None:
    with pytest.raises(DataFormatError, match="positive_label") as raised:
        decide_classes(labels, setting, known)
    assert set(re.findall(r"'([^']*)'", str(raised.value))) >= labels


def test_binary_classes_that_were_decided_are_said() -> None:
    assert "'true' is the positive class" in decide_classes({"true", "false"}, None).notes[0]
    assert "taken as the same classes" in decide_classes({"true", "0"}, None).notes[0]
    assert not decide_classes({"0", "1"}, None).notes


@pytest.mark.parametrize(
    ("value", "label"),
    [(True, "true"), (1, "1"), (1.0, "1"), ("1.0", "1"), ("True", "true"), (" yes ", "yes"), ("1e0", "1"), (0, "0")],
)
def test_positive_label_is_spelled_as_labels_are(value: object, label: str) -> None:
    settings = {"problem_type": "BinaryClassification", "inference_attribute": 0, "positive_label": value}
    assert ModelQualitySettings.model_validate(settings).positive_label == label


@pytest.mark.parametrize("value", ["", "nan", float("nan"), [1]])
def test_positive_label_that_is_no_label_is_refused(value: object) -> None:
    settings = {"problem_type": "BinaryClassification", "inference_attribute": 0, "positive_label": value}
    with pytest.raises(ValueError, match="positive_label"):
        ModelQualitySettings.model_validate(settings)
