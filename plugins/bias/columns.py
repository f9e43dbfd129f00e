"""Which columns of a batch hold label, prediction, facets and features."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import BatchView, DataFormatError
from plugins.bias.settings import Address, BiasSettings

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
        DataFormatError: One is not there.
    """
    label = _found(batch, settings.label) or (GROUND_TRUTH if GROUND_TRUTH in batch else None)
    if label is None:
        raise _absent(batch, "label", settings.label)
    post = settings.post_training
    prediction = _role(batch, "predicted_label", settings.predicted_label) if post else None
    scores = _scores(batch, settings.probability) if post and settings.probability is not None else []
    features = _features(batch, settings, {label, prediction, *scores, GROUND_TRUTH})
    facets = [_facet(batch, settings, facet.name_or_index, features) for facet in settings.facet]
    group = _named(batch, settings, settings.group_variable, features) if settings.group_variable is not None else None
    if settings.group_variable is not None and group is None:
        raise _absent(batch, "group_variable", settings.group_variable)
    dropped = {_named(batch, settings, address, features) for address in settings.excluded_columns}
    if settings.joinsource_name_or_index is not None:
        dropped.add(_named(batch, settings, settings.joinsource_name_or_index, features))
    return Columns(label, facets, group, prediction, scores, [name for name in features if name not in dropped])


def predictions_of(
    batch: BatchView, columns: Columns, settings: BiasSettings
) -> tuple[pa.Array, npt.NDArray[np.float64]]:
    """Predictions as texts and as numbers: the column's, or made from scores (contract 7.2)."""
    if columns.prediction is not None and not columns.scores:
        return batch.texts(columns.prediction), batch.numbers(columns.prediction)
    scores = np.column_stack([batch.numbers(name) for name in columns.scores])
    missing = np.isnan(scores).any(axis=1)
    if settings.label_headers is None or len(columns.scores) == 1:
        found = (scores[:, -1] > settings.probability_threshold).astype(np.float64)
        texts = pa.array(found.astype(np.int64), mask=missing).cast(pa.string())
        return texts, np.where(missing, np.nan, found)
    if len(settings.label_headers) != len(columns.scores):
        raise DataFormatError(
            f"label_headers has {len(settings.label_headers)} labels, but there are {len(columns.scores)} scores: "
            f"{', '.join(columns.scores)}."
        )
    best = np.where(missing, 0, np.argmax(np.where(np.isnan(scores), -np.inf, scores), axis=1))
    headers = pa.array([str(header) for header in settings.label_headers])
    texts = pc.if_else(pa.array(~missing), headers.take(pa.array(best)), pa.scalar(None, pa.string()))
    return texts, BatchView(pa.RecordBatch.from_arrays([texts], ["x"])).numbers("x")


def label_header(settings: BiasSettings) -> str:
    """The name of the label in the report: its header, never a path into JSON."""
    headers = settings.headers
    if headers is None or settings.label in headers:
        return str(settings.label)
    if isinstance(settings.label, int):
        return headers[settings.label] if settings.label < len(headers) else str(settings.label)
    return headers[-1]


def facet_header(settings: BiasSettings, address: Address) -> str:
    """The name of a facet in the report."""
    headers = settings.headers
    return headers[address] if isinstance(address, int) and headers and address < len(headers) else str(address)


def _facet(batch: BatchView, settings: BiasSettings, address: Address, features: list[str]) -> str:
    found = _named(batch, settings, address, features)
    if found is None:
        raise DataFormatError(
            f"Facet column {address} is not present in the dataset. Its columns are {', '.join(batch.names)}; name one of "
            "them, or give all names as headers."
        )
    return found


def _named(batch: BatchView, settings: BiasSettings, address: Address, features: list[str]) -> str | None:
    """The column of an address: by name, by index, or by its place among the headers."""
    if isinstance(address, int):
        places = features if settings.features else list(batch.names)
        return places[address] if address < len(places) else None
    found = _found(batch, address)
    if found is None and settings.headers and address in settings.headers:
        index = [header for header in settings.headers if header != settings.label].index(address)
        return features[index] if index < len(features) else None
    return found


def _features(batch: BatchView, settings: BiasSettings, others: set[str | None]) -> list[str]:
    """The columns that are neither label nor prediction; of records in JSON, those of the list of features."""
    if settings.features:
        path = _path(settings.features)
        found = [name for name in batch.names if name == path or name.startswith(f"{path}.")]
        if found:
            return sorted(found, key=lambda name: _place(name, path))
    return [name for name in batch.names if name not in others]


def _place(name: str, path: str) -> tuple[int, str]:
    """The place of an element in the list of features: columns of JSON come in the order of their names."""
    element = name[len(path) + 1 :]
    return (int(element), "") if element.isdigit() else (0, element)


def _role(batch: BatchView, key: str, address: Address | None) -> str | None:
    if address is None:
        return None
    found = _found(batch, address)
    if found is None:
        raise _absent(batch, key, address)
    return found


def _scores(batch: BatchView, address: Address) -> list[str]:
    found = _found(batch, address)
    if found is not None:
        return [found]
    elements: list[str] = []
    while (name := f"{_path(str(address))}.{len(elements)}") in batch:
        elements.append(name)
    if not elements:
        raise _absent(batch, "probability", address)
    return elements


def _found(batch: BatchView, address: Address) -> str | None:
    if isinstance(address, int):
        return batch.names[address] if address < len(batch.names) else None
    return next((name for name in (address, _path(address)) if name in batch), None)


def _path(address: str) -> str:
    """A path into JSON as the name of a flattened column.

    >>> _path("$.predictions[0].score"), _path("instances[*].label")
    ('predictions.0.score', 'instances.label')
    """
    return re.sub(r"\[(\d+)\]", r".\1", address.removeprefix("$").replace("[*]", "").replace("[]", "")).strip(".")


def _absent(batch: BatchView, key: str, address: Address) -> DataFormatError:
    return DataFormatError(
        f"{key}: the data has no column {address!r}. Its columns are {', '.join(batch.names)}; name one of them, or give its "
        "index from 0."
    )
