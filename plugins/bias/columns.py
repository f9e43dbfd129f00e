"""Which columns of a batch hold label, prediction, facets and features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from engine import BatchView, DataFormatError
from plugins.bias.settings import Address, BiasSettings
from plugins.clarify.headers import answer_headers, feature_columns, header_at, map_headers

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
        prediction = batch.require("predicted_label", settings.predicted_label, "response")
    if settings.post_training and settings.probability is not None:
        scores = list(batch.require_all("probability", settings.probability, "response"))
    features = feature_columns(batch, settings.features, {label, prediction, *scores, GROUND_TRUTH})
    named = _Features(batch, settings, features)
    facets = [named.column("facet", facet.name_or_index) for facet in settings.facet]
    group = None if settings.group_variable is None else named.column("group_variable", settings.group_variable)
    ignored = [*settings.excluded_columns]
    if settings.joinsource_name_or_index is not None:
        ignored.append(settings.joinsource_name_or_index)
    dropped = {named.find(address) for address in ignored}
    return Columns(label, facets, group, prediction, scores, [name for name in features if name not in dropped])


def _label(batch: BatchView, settings: BiasSettings) -> str:
    """The column of the label. In merged captures it is the label part, whatever the label is called in the baseline's data."""
    labels = [name for name, _ in batch.layout.columns_in("label")]
    if labels:
        address = settings.label if len(labels) > 1 or isinstance(settings.label, str) else 0
        own = batch.find(address, "label")
        return own if own in labels else labels[0] if len(labels) == 1 else batch.require("label", address, "label")
    column = batch.find(settings.label) if not (batch.layout.has_parts and isinstance(settings.label, int)) else None
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
            indexed = self._indexed()
            return indexed[address] if 0 <= address < len(indexed) else None
        return self.batch.find(address, "request")

    def _indexed(self) -> list[str]:
        """The columns that an index counts: the features of JSON, the request of captures, all columns of a table."""
        named = self.settings.features is not None or self.batch.layout.has_parts
        return self.features if named else list(self.batch.names)

    def _of_header(self, header: str) -> str | None:
        headers = self.settings.headers or []
        others = answer_headers(self.batch, headers, self.settings.label, self.settings.predicted_label)
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
    scores = np.column_stack([batch.numbers(name) for name in columns])
    missing = np.isnan(scores).any(axis=1)
    if settings.label_headers is None or len(columns) == 1:
        return pa.array((scores[:, -1] > settings.probability_threshold).astype(np.int64), mask=missing)
    if len(settings.label_headers) != len(columns):
        raise DataFormatError(
            f"label_headers has {len(settings.label_headers)} labels, but there are {len(columns)} scores: {', '.join(columns)}."
        )
    best = np.argmax(np.where(np.isnan(scores), -np.inf, scores), axis=1)
    return pa.array([str(header) for header in settings.label_headers]).take(pa.array(best, mask=missing))


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
