"""Attributions, or features, as columns of the data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine import BatchView
from plugins.attribution.settings import AttributionSettings
from plugins.clarify.headers import answer_headers, header_at, map_headers
from plugins.clarify.headers import feature_columns as clarify_columns

Pair = tuple[str, str]
"""A label and a feature."""

_OURS = re.compile(r"shap_(?P<feature>.+?)(?:__(?P<label>.+))?")
_CLARIFYS = re.compile(r"(?P<feature>.+)_(?P<label>label\d+)")
BASE = "base"
"""What takes the place of a feature in the column that attributions add up from."""


@dataclass(frozen=True)
class Found:
    """Columns of attributions by label and feature, and of what they add up from by label."""

    attributions: dict[Pair, str]
    bases: dict[str, str]


def attribution_columns(batch: BatchView, settings: AttributionSettings) -> Found:
    """The columns of attributions: those that the settings map, or those with telling names.

    Raises:
        DataFormatError: There are none.
    """
    if settings.columns is not None:
        named = {
            (label, feature): batch.require("columns", column)
            for label, features in settings.columns.items()
            for feature, column in features.items()
        }
        return Found(named, {})
    for pattern in (_OURS, _CLARIFYS):
        matches = [(name, match) for name in batch.names if (match := pattern.fullmatch(name))]
        if matches:
            return _found(matches, settings)
    return Found({}, {})


NO_SOURCE = (
    "the data holds no attributions. Give one of three: captures of an endpoint with online explainability; columns "
    "shap_<feature>, shap_<feature>__<label>, or those named under columns; or a model to explain, with model.path, "
    "model.loader and methods.shap.baseline. Its columns are {names}."
)


def _found(matches: list[tuple[str, re.Match[str]]], settings: AttributionSettings) -> Found:
    found = {(_label(match["label"], settings), match["feature"]): name for name, match in matches}
    bases = {label: name for (label, feature), name in found.items() if feature == BASE}
    features = {pair: name for pair, name in found.items() if pair[1] != BASE}
    numbers = sorted({int(feature[7:]) for _, feature in features if re.fullmatch(r"column_\d+", feature)})
    if len(numbers) != len({feature for _, feature in features}):
        return Found(_ordered(features, settings.feature_headers or []), bases)
    headers = settings.feature_headers or []
    names = {f"column_{i}": headers[i] if i < len(headers) else f"column_{i}" for i in numbers}
    return Found(
        _ordered({(label, names[f]): name for (label, f), name in features.items()}, list(names.values())), bases
    )


def _ordered(features: dict[Pair, str], order: list[str]) -> dict[Pair, str]:
    places = {name: place for place, name in enumerate(order)}
    pairs = sorted(features, key=lambda pair: (pair[0], places.get(pair[1], len(places))))
    return {pair: features[pair] for pair in pairs}


def _label(text: str | None, settings: AttributionSettings) -> str:
    text = text or "label0"
    number = re.fullmatch(r"label(\d+)", text)
    headers = settings.label_headers or []
    return headers[int(number[1])] if number and int(number[1]) < len(headers) else text


def feature_columns(batch: BatchView, settings: AttributionSettings) -> dict[str, str]:
    """Return the columns of the features by header, in the order in which the model takes them.

    Raises:
        DataFormatError: The headers do not fit the columns of the data.
    """
    headers, answers = settings.headers, (settings.label, settings.predicted_label)
    roles = {
        None if settings.label is None else batch.find(settings.label, "label"),
        None if settings.predicted_label is None else batch.find(settings.predicted_label, "response"),
    }
    columns = clarify_columns(batch, settings.features, roles)
    if headers is None:
        dropped = {batch.find(address, "request") for address in settings.ignored}
        return {name: name for name in columns if name not in dropped}
    others = answer_headers(batch, headers, answers, columns)
    ignored = {header_at(headers, address) for address in settings.ignored} - {None}
    complete = len([header for header in headers if header not in others]) >= len(columns)
    named = map_headers(batch, headers, columns, others if complete else [*others, *ignored])
    return {header: name for header, name in named.items() if header not in ignored}
