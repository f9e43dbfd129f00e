"""What is worth saying about a pass over labels and predictions: rows left out, and what was decided or looks wrong."""

from __future__ import annotations

from plugins.model_quality.classes import BinaryClasses, list_labels
from plugins.model_quality.quality import Quality

CHANCE = 0.5
"""Area under the ROC curve of scores that say nothing."""


def collect_notes(quality: Quality) -> dict[str, int]:
    """Return what is worth saying, and how many rows each concerns."""
    notes: dict[str, int] = {}
    if quality.skipped:
        notes["records without a usable label, prediction or score are left out"] = quality.skipped
    classes = quality.decide_classes()
    texts = [
        f"probability_attribute names {named}, the score of another class in a list of class scores: the last, {name}, is that "
        "of the positive class and is taken. A path such as [0] names an element"
        for named, name in quality.replaced_columns().items()
    ]
    if classes is not None:
        texts += [*classes.notes, *_no_positives(quality, classes), *_reversed_scores(quality, classes)]
    return notes | dict.fromkeys([*texts, *_strange_predictions(quality)], quality.used)


def _no_positives(quality: Quality, classes: BinaryClasses) -> list[str]:
    if not quality.used or any(actual in classes.positive_spellings for actual, _ in quality.labelled_pairs()):
        return []
    return [f"no row has the label {classes.positive!r} (positive_label): recall, F scores and areas are not defined"]


def _reversed_scores(quality: Quality, classes: BinaryClasses) -> list[str]:
    area = quality.scores.against(classes.positive_spellings).areas().get("auc")
    if area is None or area >= CHANCE:
        return []
    attribute = quality.settings.probability_attribute
    text = (
        f"auc is {area:.3f}: rows of the positive class {classes.positive!r} mostly have the lower scores. See that "
        f"probability_attribute ({attribute}) names the score of that class"
    )
    return [text]


def _strange_predictions(quality: Quality) -> list[str]:
    """A note where no prediction is a label that any row has: the two sides may be written in different ways."""
    if quality.settings.problem_type != "MulticlassClassification":
        return []
    pairs = quality.labelled_pairs()
    actual, predicted = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    if actual & predicted:
        return []
    return [
        f"no prediction is one of the labels: labels are {list_labels(actual)}, predictions {list_labels(predicted)}"
    ]
