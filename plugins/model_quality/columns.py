"""Which columns hold the label, the prediction and the score."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView, DataFormatError
from plugins.model_quality.settings import LABEL, ModelQualitySettings

FloatArray = npt.NDArray[np.float64]

_ELEMENT = re.compile(r"(.+)\[(\d+)\]")


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers, or of lists of them as text, such as ``[0.2, 0.8]`` in a cell of CSV.

    Attributes:
        name: Name of the column.
        element: Which element of a list; None for the last, which is that of the positive class.
    """

    name: str
    element: int | None = None

    def values(self, batch: BatchView) -> FloatArray:
        """The numbers, one a row; NaN where there is none."""
        values = batch.numbers(self.name)
        missing = np.isnan(values)
        if not missing.any():
            return values
        texts = batch.texts(self.name)
        lists = pc.fill_null(pc.starts_with(pc.utf8_ltrim_whitespace(texts), "["), False)
        rows = missing & lists.to_numpy(zero_copy_only=False)
        return np.where(rows, _list_elements(texts, self.element), values) if rows.any() else values


@dataclass(frozen=True)
class Columns:
    """The columns of a batch, of which a binary model may lack one of the last two."""

    label: NumberColumn
    prediction: NumberColumn | None = None
    score: NumberColumn | None = None

    @property
    def key(self) -> str:
        """The names as JSON."""
        return json.dumps([column.name for column in (self.label, self.prediction, self.score) if column is not None])

    def predicted_numbers(self, batch: BatchView) -> FloatArray:
        """The predictions of a regression, one a row; NaN where there is none."""
        return self.prediction.values(batch) if self.prediction is not None else np.full(batch.rows, np.nan)

    @classmethod
    def of_batch(cls, batch: BatchView, settings: ModelQualitySettings) -> Columns:
        """Return the columns that the settings name.

        Raises:
            DataFormatError: There is no such column, or one column is named for two purposes.
        """
        label, prediction, score = _label_column(batch, settings.ground_truth_attribute), None, None
        if settings.inference_attribute is not None:
            prediction = NumberColumn(batch.require("inference_attribute", settings.inference_attribute, "response"))
        if settings.probability_attribute is not None and settings.is_binary:
            score = score_column(batch, settings.probability_attribute)
        for setting, column in (("inference_attribute", prediction), ("probability_attribute", score)):
            if column is not None and column.name == label:
                raise DataFormatError(
                    f"{setting} and ground_truth_attribute both name the column {label!r}: compared with itself, every label is "
                    f"right. Name another column with one of them. The data has: {', '.join(batch.names)}."
                )
        return cls(NumberColumn(label), prediction, score)


def score_column(batch: BatchView, address: str) -> NumberColumn:
    """Return where the scores of the positive class are.

    The address names a column of numbers; several columns (``p0,p1``) or a list, of which the last is that of the positive class;
    or an element of a list (``scores[1]``). A list is one in JSON, of whose elements each has a column, or text in a cell.

    Raises:
        DataFormatError: There is no such column, or what is named is no list.
    """
    names = batch.find_all(address, "response")
    if not names and "," in address:
        return [score_column(batch, part.strip()) for part in address.split(",")][-1]
    element = _ELEMENT.fullmatch(address)
    if not names and element is not None and (name := batch.find(element[1], "response")) is not None:
        return NumberColumn(name, int(element[2]))
    local = dict(batch.layout.columns_in("response"))
    if len(names) > 1 and _are_elements([local.get(name, name) for name in names]):
        return NumberColumn(names[-1])
    name = batch.require("probability_attribute", address, "response")
    return NumberColumn(_last_beside(batch, name) if address.isdigit() and name != address else name)


def _label_column(batch: BatchView, address: str) -> str:
    own = [name for name, _ in batch.layout.columns_in("label")]
    if address == LABEL and own and LABEL not in batch:
        if len(own) > 1:
            raise DataFormatError(
                f"the label has several columns: {', '.join(own)}. Name one with ground_truth_attribute, or its index."
            )
        return own[0]  # its payload is JSON and has a name of its own, or is a list
    return batch.require("ground_truth_attribute", address, "label")


def _last_beside(batch: BatchView, name: str) -> str:
    """Return the last element of the list to which a column of a response belongs: an index means the list, not an element."""
    local = dict(batch.layout.columns_in("response"))
    above = local.get(name, "").rpartition(".")[0]
    beside = [column for column, path in local.items() if path.rpartition(".")[0] == above]
    return beside[-1] if above and _are_elements([local[column] for column in beside]) else name


def _are_elements(paths: Sequence[str]) -> bool:
    """Return whether paths are those of all elements of one list, in order.

    >>> _are_elements(["scores.0", "scores.1"]), _are_elements(["p.0.score", "p.1.score"])
    (True, False)
    """
    parents, places = zip(
        *((parent, place) for parent, _, place in (path.rpartition(".") for path in paths)), strict=True
    )
    return len(set(parents)) == 1 and list(places) == [str(place) for place in range(len(places))]


def _list_elements(texts: pa.Array, element: int | None) -> FloatArray:
    """An element of lists written as text, ``[0.2, 0.8]``; None for the last."""
    before = "" if element is None else rf"^\s*(?:\[\s*)*(?:[^,]*,){{{element}}}\s*"
    after = r"\s*(?:\]\s*)*$" if element is None else r"\s*(?:[,\]]|$)"
    elements = pc.struct_field(pc.extract_regex(texts, rf"{before}(?P<x>[^,\[\]\s]+){after}"), "x")
    return BatchView(pa.RecordBatch.from_arrays([elements], ["x"])).numbers("x")
