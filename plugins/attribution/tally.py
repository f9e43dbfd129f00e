"""The state of the attribution monitor: what one pass over the records leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine import BatchView, DatasetAnalyzer, setting
from plugins.attribution.columns import Pair, attribution_columns, feature_columns
from plugins.attribution.explaining import explainer_of
from plugins.attribution.sample import Sample, keys_of
from plugins.attribution.settings import AttributionSettings
from plugins.bias.column_kinds import numbers_of

FloatArray = npt.NDArray[np.float64]

SCALE = 2.0**64
"""Sums are kept divided by it, so that values near the largest double do not overflow. As a power of two it costs no digit."""


@dataclass
class Known:
    """Values by name, in the order in which they were first seen; the first one holds. Merges itself."""

    values: dict[str, Any] = field(default_factory=dict)

    def merge(self, other: Known) -> None:
        """Take in a later part."""
        self.values = self.values | {name: value for name, value in other.values.items() if name not in self.values}

    def to_state(self) -> dict[str, Any]:
        """Plain values."""
        return {"values": self.values}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Known:
        """The inverse of ``to_state``."""
        return cls(**state)


@dataclass
class Attributions(DatasetAnalyzer):
    """Sums of attributions by label and feature, and explained rows.

    Attributes:
        rows: Records.
        counts: Records with an attribution, by a JSON list of label and feature.
        sums: Sums of what is aggregated: magnitudes, or squares; divided by ``SCALE``, as ``base_sums`` are.
        base_sums: Sums of what attributions add up from, by label; ``base_counts`` their number.
        pairs: Labels and features in order, as keys.
        expected: Mean output over the background of a model, by label.
        sample: Attributions of rows, in the order of ``pairs``.
        skipped: Records that the model cannot explain: a feature is missing, or is no number.
    """

    name: ClassVar[str] = "attribution"

    settings: AttributionSettings = setting(default=AttributionSettings(), description="Settings of the monitor.")  # noqa: RUF009
    rows: int = 0
    skipped: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    base_counts: dict[str, int] = field(default_factory=dict)
    base_sums: dict[str, float] = field(default_factory=dict)
    pairs: Known = field(default_factory=Known)
    expected: Known = field(default_factory=Known)
    sample: Sample = field(default_factory=Sample)

    def update(self, batch: BatchView) -> None:
        if not batch.rows:
            return
        self.rows += batch.rows
        if self.settings.uses_model:
            self._explain(batch)
        else:
            self._read(batch)

    def result(self) -> Attributions:
        return self

    @property
    def keeps_rows(self) -> bool:
        """Whether single rows are needed: for a median, for local values, and of a model that explains some rows only."""
        chosen = self.settings.shap
        return self.settings.uses_model or chosen.agg_method == "median" or chosen.save_local_shap_values

    def _read(self, batch: BatchView) -> None:
        found = attribution_columns(batch, self.settings)
        for label, name in found.bases.items():
            values = batch.numbers(name)
            known = values[~np.isnan(values)]
            self.base_counts[label] = self.base_counts.get(label, 0) + len(known)
            self.base_sums[label] = self.base_sums.get(label, 0.0) + float((known / SCALE).sum())
        self._name(found.attributions)
        if not found.attributions:
            return  # an endpoint may explain only some of its responses
        values = np.column_stack([batch.numbers(name) for name in found.attributions.values()])
        self._sum(values, [key_of(pair) for pair in found.attributions])
        if self.keeps_rows:
            whole = values[~np.isnan(values).any(axis=1)]
            self._keep(whole, lambda places: whole[places])

    def _explain(self, batch: BatchView) -> None:
        columns = feature_columns(batch, self.settings)
        features = np.column_stack([numbers_of(batch, name) for name in columns.values()])
        explainer = explainer_of(self.settings, list(columns))
        usable = np.ones(batch.rows, bool) if explainer.missing else ~np.isnan(features).any(axis=1)
        self.skipped += int((~usable).sum())
        features = features[usable]
        labels = _labels(len(explainer.expected), self.settings)
        self.expected.merge(Known(dict(zip(labels, explainer.expected.tolist(), strict=True))))
        self._name([(label, feature) for label in labels for feature in columns])

        def explain(places: npt.NDArray[np.int64]) -> FloatArray:
            rows, where = np.unique(features[places], axis=0, return_inverse=True)
            values = explainer.explain(rows)
            found: FloatArray = values.reshape(len(values), -1)[where.ravel()]
            return found

        self._keep(features, explain)

    def _name(self, pairs: Iterable[Pair]) -> None:
        self.pairs.merge(Known({key_of(pair): True for pair in pairs}))

    def _sum(self, values: FloatArray, keys: list[str]) -> None:
        with np.errstate(over="ignore"):  # the report says where a square is too large
            weights = (values**2 if self.settings.shap.agg_method == "mean_sq" else np.abs(values)) / SCALE
        known = ~np.isnan(values)
        for key, count, total in zip(
            keys, known.sum(axis=0).tolist(), np.nansum(weights, axis=0).tolist(), strict=True
        ):
            self.counts[key] = self.counts.get(key, 0) + count
            self.sums[key] = self.sums.get(key, 0.0) + total

    def _keep(self, rows: FloatArray, explain: Callable[[npt.NDArray[np.int64]], FloatArray]) -> None:
        self.sample.limit = self.settings.max_rows
        self.sample.add(keys_of(rows), explain)


def key_of(pair: Pair) -> str:
    """A label and a feature as a key of the state."""
    return json.dumps(pair)


def _labels(count: int, settings: AttributionSettings) -> list[str]:
    headers = settings.label_headers or []
    return [headers[i] if i < len(headers) else f"label{i}" for i in range(count)]
