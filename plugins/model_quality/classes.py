"""Which label of a binary model is the positive one, and which labels are one class."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from engine import DataFormatError

POSITIVE, NEGATIVE = "1", "0"
ABOVE, BELOW = "\x00above", "\x00below"
"""Predictions by a threshold, until it is known which labels the classes have."""
_BITS = {"true": POSITIVE, "false": NEGATIVE}
_OPPOSITES = {"1": ("0", "-1"), "true": ("false",), "yes": ("no",), "y": ("n",), "t": ("f",), "positive": ("negative",)}
"""Labels that are plainly the negative class beside a positive one."""
MOST_LISTED = 10
"""Labels that an error lists."""


@dataclass(frozen=True)
class BinaryClasses:
    """The two classes of a binary model.

    Attributes:
        positive: Label of the positive class.
        negative: Label of the other one.
        spelled: Class of what is written otherwise: ``true`` beside ``1``, and predictions by a threshold.
        notes: What was decided where no setting says it.
    """

    positive: str
    negative: str
    spelled: Mapping[str, str] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def positive_spellings(self) -> tuple[str, ...]:
        """What is written for the positive class."""
        return (self.positive, *(text for text, label in self.spelled.items() if label == self.positive))


def find_bits(labels: Collection[str]) -> Mapping[str, str]:
    """Return how labels are spelled where 0 and 1 on one side stand for false and true on the other; else nothing.

    >>> find_bits({"0", "1", "true", "false"}), find_bits({"true", "false"})
    ({'true': '1', 'false': '0'}, {})
    """
    mixed = set(labels) & _BITS.keys() and set(labels) & {POSITIVE, NEGATIVE}
    return _BITS if mixed and set(labels) <= {POSITIVE, NEGATIVE, *_BITS} else {}


def decide_classes(
    labels: Collection[str], positive: str | None, known: Collection[str] | None = None
) -> BinaryClasses:
    """Decide which label is the positive class.

    Args:
        labels: All labels of the data, actual and predicted, in canonical spelling.
        positive: The setting ``positive_label``; None where the user has not set it.
        known: Labels of the baseline, which may be empty; None in a baseline job.

    Raises:
        DataFormatError: There are more than two classes, or none of two is plainly the positive one.

    >>> decide_classes({"0", "1"}, None), decide_classes({"no"}, "yes")
    (BinaryClasses(positive='1', negative='0', notes=()), BinaryClasses(positive='yes', negative='no', notes=()))
    """
    notes: list[str] = []
    bits = find_bits(labels)
    if bits:
        notes.append("0 and 1 on one side are false and true on the other: they are taken as the same classes")
    classes = {bits.get(label, label) for label in labels}
    if len(classes) > 2:
        raise _too_many(classes)
    if positive is None:
        label = _plain_choice(classes, known or (), notes)
    else:
        label = _choice_of_user(classes, bits.get(positive, positive), known)
    other = _other(label, classes, known or ())
    return BinaryClasses(label, other, {**bits, ABOVE: label, BELOW: other}, tuple(notes))


def list_labels(labels: Collection[str]) -> str:
    """Return labels as a list in a sentence.

    >>> list_labels({"b", "a"})
    "'a', 'b'"
    """
    shown = sorted(labels)
    more = f" and {len(shown) - MOST_LISTED} more" if len(shown) > MOST_LISTED else ""
    return ", ".join(repr(label) for label in shown[:MOST_LISTED]) + more


def _too_many(labels: Collection[str]) -> DataFormatError:
    return DataFormatError(
        f"BinaryClassification needs two classes, but the labels of the data, actual and predicted, are {list_labels(labels)}. Use "
        "problem_type MulticlassClassification, or make labels and predictions the same two; positive_label names the positive "
        "one. A score is named with probability_attribute, beside probability_threshold_attribute."
    )


def _plain_choice(labels: Collection[str], known: Collection[str], notes: list[str]) -> str:
    """The positive label where the user has set none: 1, or true of true and false."""
    for candidates in (labels, known) if len(labels) < 2 else (labels,):
        if POSITIVE in candidates or set(candidates) == {NEGATIVE}:
            return POSITIVE
        if candidates and set(candidates) <= _BITS.keys():
            notes.append(f"positive_label is not set and no label is {POSITIVE!r}: 'true' is the positive class")
            return "true"
    if not labels:
        return POSITIVE
    raise _no_positive(POSITIVE, labels)


def _choice_of_user(labels: Collection[str], positive: str, known: Collection[str] | None) -> str:
    if positive in labels or not labels:
        return positive
    quiet = known is not None and (not known or positive in known)  # where no baseline says otherwise, it is believed
    if len(labels) == 1 and (quiet or next(iter(labels)).lower() in _OPPOSITES.get(positive.lower(), ())):
        return positive
    raise _no_positive(positive, labels)


def _no_positive(positive: str, labels: Collection[str]) -> DataFormatError:
    return DataFormatError(
        f"no row has the label {positive!r}, which positive_label says is the positive class ('1' unless set). The labels of the "
        f"data, actual and predicted, are {list_labels(labels)}. Set positive_label to that of the positive class."
    )


def _other(label: str, labels: Collection[str], known: Collection[str]) -> str:
    """The label of the negative class: the other one of the data or the baseline, else the plain opposite."""
    for candidates in (labels, known):
        others = {*candidates} - {label}
        if len(others) == 1:
            return others.pop()
    return next(iter(_OPPOSITES.get(label, ())), NEGATIVE if label != NEGATIVE else POSITIVE)
