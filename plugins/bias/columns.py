"""Which columns of a batch hold label, prediction, facets and features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from engine import BatchView, DataFormatError
from plugins.bias.settings import Address, BiasSettings
from plugins.clarify.headers import answer_headers, column_at_header, feature_columns, header_at, map_headers
from plugins.clarify.score_lists import FloatArray, are_class_scores, hold_lists, list_around, read_elements

GROUND_TRUTH = "groundTruthData"
"""Column of the labels in merged captures."""


@dataclass(frozen=True)
class Columns:
    """Names of the columns of a batch by their roles."""

    label: str
    facets: list[str]
    group: str | None
    prediction: str | None
    scores: list[str]
    features: list[str]


def resolve(batch: BatchView, settings: BiasSettings) -> Columns:
    """Find the columns that the settings name.

    Raises:
        DataFormatError: One is not there, or the headers do not fit the data.
    """
    label = _label(batch, settings)
    prediction, scores = None, []
    if settings.post_training and settings.predicted_label is not None:
        place = column_at_header(batch, settings.headers, settings.predicted_label)
        prediction = place or batch.require("predicted_label", settings.predicted_label, "response")
    if settings.post_training:
        scores = _score_columns(batch, settings)
    features = feature_columns(batch, settings.features, {label, prediction, *scores, GROUND_TRUTH})
    named = _Features(batch, settings, features)
    facets = [named.column("facet", facet.name_or_index) for facet in settings.facet]
    group = None if settings.group_variable is None else named.column("group_variable", settings.group_variable)
    ignored = [*settings.excluded_columns]
    if settings.joinsource_name_or_index is not None:
        ignored.append(settings.joinsource_name_or_index)
    dropped = {named.find(address) for address in ignored}
    return Columns(label, facets, group, prediction, scores, [name for name in features if name not in dropped])


def _score_columns(batch: BatchView, settings: BiasSettings) -> list[str]:
    """The columns of the scores. An index that hits an element of a list of class scores means the list."""
    address, labels = settings.probability, settings.label_headers
    if address is None:
        return []
    if (place := column_at_header(batch, settings.headers, address)) is not None:
        return [place]
    columns = list(batch.require_all("probability", address, "response"))
    if len(columns) > 1 or not str(address).isdigit() or columns[0] == str(address):
        return columns
    beside = list_around(batch, columns[0])
    is_whole = len(labels) == len(beside) if labels else are_class_scores(batch, beside)
    return beside if is_whole else columns


def _label(batch: BatchView, settings: BiasSettings) -> str:
    """The column of the label. In merged captures it is the label part, whatever the label is called in the baseline's data."""
    labels = [name for name, _ in batch.layout.columns_in("label")]
    if labels:
        address = settings.label if len(labels) > 1 or isinstance(settings.label, str) else 0
        own = batch.find(address, "label")
        return own if own in labels else labels[0] if len(labels) == 1 else batch.require("label", address, "label")
    column = batch.find(settings.label) if not (batch.layout.has_parts and isinstance(settings.label, int)) else None
    if column is None:
        column = column_at_header(batch, settings.headers, settings.label)
    if column is not None:
        return column
    return GROUND_TRUTH if GROUND_TRUTH in batch else batch.require("label", settings.label, "label")


@dataclass(frozen=True)
class _Features:
    """Finds columns that are named by header, by index among headers or columns, or by path."""

    batch: BatchView
    settings: BiasSettings
    features: list[str]

    def column(self, setting: str, address: Address) -> str:
        """Return the column of an address.

        Raises:
            DataFormatError: There is none.
        """
        column = self.find(address)
        if column is None:
            reason = (
                f"Facet column {facet_header(self.settings, address)} is not present in the dataset"
                if setting == "facet"
                else f"{setting}: the data has no column {address!r}"
            )
            raise DataFormatError(
                f"{reason}. Its columns are {', '.join(self._indexed())}; name one of them, give its index from 0, or give all "
                "names as headers."
            )
        return column

    def find(self, address: Address) -> str | None:
        """Return the column of an address, or None.

        Raises:
            DataFormatError: The headers do not fit the data.
        """
        header = header_at(self.settings.headers, address)
        if header is not None:
            return self._of_header(header)
        if isinstance(address, int):
            if self.settings.features is None:
                return self.batch.find(address, "request")
            return self.features[address] if 0 <= address < len(self.features) else None
        return self.batch.find(address, "request")

    def _indexed(self) -> list[str]:
        """The columns that an index counts: the features of JSON, the request of captures, all columns of a table."""
        named = self.settings.features is not None or self.batch.layout.has_parts
        return self.features if named else list(self.batch.names)

    def _of_header(self, header: str) -> str | None:
        headers = self.settings.headers or []
        others = answer_headers(
            self.batch, headers, (self.settings.label, self.settings.predicted_label), self.features
        )
        if header in others:
            return self.batch.find(header, "request")
        return map_headers(self.batch, headers, self.features, others).get(header)


def predictions_of(batch: BatchView, columns: Sequence[str], settings: BiasSettings) -> pa.Array:
    """Return predictions made from scores, one a row; missing where a score is.

    A single score is the prediction 1 above ``probability_threshold``, else 0. Of several the label with the highest score is
    predicted, the first of equal ones.

    Args:
        batch: The data.
        columns: The columns of the scores.
        settings: Threshold, and the labels of the scores.

    Raises:
        DataFormatError: There are not as many scores as labels.
    """
    scores = _scores(batch, columns, settings.label_headers)
    missing = np.isnan(scores).any(axis=1)
    if settings.label_headers is None or scores.shape[1] == 1:
        return pa.array((scores[:, -1] > settings.probability_threshold).astype(np.int64), mask=missing)
    if len(settings.label_headers) != scores.shape[1]:
        raise DataFormatError(
            f"label_headers has {len(settings.label_headers)} labels, but there are {scores.shape[1]} scores in "
            f"{', '.join(columns)}."
        )
    best = np.argmax(np.where(np.isnan(scores), -np.inf, scores), axis=1)
    return pa.array([str(header) for header in settings.label_headers]).take(pa.array(best, mask=missing))


def _scores(batch: BatchView, columns: Sequence[str], labels: Sequence[Any] | None) -> FloatArray:
    """Scores, a row each: those of the columns, or of the lists in the cells of a single one."""
    if len(columns) > 1 or not (lists := hold_lists(texts := batch.texts(columns[0]))).any():
        return np.column_stack([batch.numbers(name) for name in columns])
    if labels is None or len(labels) == 1:
        return np.where(lists, read_elements(texts, None), batch.numbers(columns[0]))[:, np.newaxis]
    elements = [read_elements(texts, place) for place in range(len(labels) + 1)]
    return np.column_stack(elements[:-1] if np.isnan(elements[-1]).all() else elements)


def label_header(settings: BiasSettings) -> str:
    """The name of the label in the report: its header, never a path into JSON."""
    headers = settings.headers
    if headers is None:
        return str(settings.label)
    header = header_at(headers, settings.label)
    return header if header is not None else str(settings.label) if isinstance(settings.label, int) else headers[-1]


def facet_header(settings: BiasSettings, address: Address) -> str:
    """The name of a facet in the report."""
    header = header_at(settings.headers, address)
    return header if header is not None else str(address)
