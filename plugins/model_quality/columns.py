"""Which columns hold the label, the prediction and the score."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine import BatchView, DataFormatError
from plugins.clarify.score_lists import are_class_scores, hold_lists, list_around, read_elements
from plugins.model_quality.settings import LABEL, ModelQualitySettings

FloatArray = npt.NDArray[np.float64]

_ELEMENT = re.compile(r"(.+)\[(\d+)\]")


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers, or of lists of them as text, such as ``[0.2, 0.8]`` in a cell of CSV.

    Attributes:
        name: Name of the column.
        element: Which element of a list; None for the last, which is that of the positive class.
        instead_of: The column that the setting names, where this one is taken in its place.
    """

    name: str
    element: int | None = None
    instead_of: str | None = None

    def values(self, batch: BatchView) -> FloatArray:
        """The numbers, one a row; NaN where there is none."""
        values = batch.numbers(self.name)
        missing = np.isnan(values)
        if not missing.any():
            return values
        texts = batch.texts(self.name)
        rows = missing & hold_lists(texts)
        return np.where(rows, read_elements(texts, self.element), values) if rows.any() else values


@dataclass(frozen=True)
class Columns:
    """The columns of a batch, of which a binary model may lack one of the last two."""

    label: NumberColumn
    prediction: NumberColumn | None = None
    score: NumberColumn | None = None

    @property
    def key(self) -> str:
        """The names as JSON, each with that of the column in whose place it is taken."""
        columns = [column for column in (self.label, self.prediction, self.score) if column is not None]
        return json.dumps([(column.name, column.instead_of) for column in columns])

    def predicted_numbers(self, batch: BatchView) -> FloatArray:
        """The predictions of a regression, one a row; NaN where there is none."""
        return self.prediction.values(batch) if self.prediction is not None else np.full(batch.rows, np.nan)

    @classmethod
    def of_batch(cls, batch: BatchView, settings: ModelQualitySettings) -> Columns:
        """Return the columns that the settings name.

        Raises:
            DataFormatError: There is no such column, or one column is named for two purposes.
        """
        label, prediction, score = _find_label_column(batch, settings.ground_truth_attribute), None, None
        if settings.inference_attribute is not None:
            prediction = NumberColumn(batch.require("inference_attribute", settings.inference_attribute, "response"))
        if settings.probability_attribute is not None and settings.is_binary:
            score = find_score_column(batch, settings.probability_attribute)
        for setting, column in (("inference_attribute", prediction), ("probability_attribute", score)):
            if column is not None and column.name == label:
                raise DataFormatError(
                    f"{setting} and ground_truth_attribute both name the column {label!r}: compared with itself, every label is "
                    f"right. Name another column with one of them. The data has: {', '.join(batch.names)}."
                )
        return cls(NumberColumn(label), prediction, score)


def find_score_column(batch: BatchView, address: str) -> NumberColumn:
    """Return where the scores of the positive class are.

    The address names a column of numbers; several columns (``p0,p1``) or a list, of which the last is that of the positive class;
    or an element of a list (``scores[1]``). A list is one in JSON, of whose elements each has a column, or text in a cell. An index
    that hits an element of a list of class scores means the list.

    Raises:
        DataFormatError: There is no such column, or what is named is no list.
    """
    names = batch.find_all(address, "response")
    if not names and "," in address:
        return [find_score_column(batch, part.strip()) for part in address.split(",")][-1]
    element = _ELEMENT.fullmatch(address)
    if not names and element is not None and (name := batch.find(element[1], "response")) is not None:
        return NumberColumn(name, int(element[2]))
    local = dict(batch.layout.columns_in("response"))
    if len(names) > 1 and _are_elements([local.get(name, name) for name in names]):
        return NumberColumn(names[-1])
    name = batch.require("probability_attribute", address, "response")
    return _find_class_score(batch, name) if address.isdigit() and name != address else NumberColumn(name)


def _find_label_column(batch: BatchView, address: str) -> str:
    own = [name for name, _ in batch.layout.columns_in("label")]
    if address == LABEL and not own and batch.layout.has_parts and LABEL not in batch:
        raise DataFormatError(
            "the captures have no labels (groundTruthData). Join them with 'model-monitor merge' and read its output, add "
            "groundTruthData to input.capture.parts if that is set and leaves it out, or name the column of the label with "
            f"ground_truth_attribute. The captures have: {', '.join(batch.names)}."
        )
    if address == LABEL and own and LABEL not in batch:
        if len(own) > 1:
            raise DataFormatError(
                f"the label has several columns: {', '.join(own)}. Name one with ground_truth_attribute, or its index."
            )
        return own[0]  # its payload is JSON and has a name of its own, or is a list
    return batch.require("ground_truth_attribute", address, "label")


def _find_class_score(batch: BatchView, name: str) -> NumberColumn:
    """The column that an index names, or the last score of its list where this is a list of class scores, which sum to 1."""
    beside = list_around(batch, name)
    if name == beside[-1] or not are_class_scores(batch, beside):
        return NumberColumn(name)
    return NumberColumn(beside[-1], instead_of=name)


def _are_elements(paths: Sequence[str]) -> bool:
    """Whether paths are those of all elements of one list, in order.

    >>> _are_elements(["scores.0", "scores.1"]), _are_elements(["p.0.score", "p.1.score"])
    (True, False)
    """
    parents, places = zip(
        *((parent, place) for parent, _, place in (path.rpartition(".") for path in paths)), strict=True
    )
    return len(set(parents)) == 1 and list(places) == [str(place) for place in range(len(places))]
