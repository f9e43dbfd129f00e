"""From the state of a pass to ``analysis.json``, and the files of single rows."""

from __future__ import annotations

import csv
import io
import json
import logging
from typing import Any

import numpy as np

from engine.documents.analysis import Analysis
from engine.errors import ConfigurationError
from plugins.attribution.columns import BASE
from plugins.attribution.explaining import background_rows
from plugins.attribution.sample import weighted_median
from plugins.attribution.tally import SCALE, Attributions, key_of
from plugins.clarify.headers import header_at

_LOG = logging.getLogger(__name__)

METHOD = "kernel_shap"
LOCAL, BACKGROUND = "explanations_shap/out.csv", "explanations_shap/baseline.csv"


def analysis_of(tally: Attributions) -> Analysis:
    """The document: global values and the expected value of every label."""
    pairs = [tuple(json.loads(key)) for key in tally.pairs.values]
    wanted = tally.settings.shap.features_to_explain
    headers = list(dict.fromkeys(feature for _, feature in pairs))
    chosen = set(headers) if wanted is None else {_explained_feature(headers, address) for address in wanted}
    labels: dict[str, dict[str, Any]] = {}
    for place, (label, feature) in enumerate(pairs):
        value = _global(tally, place, key_of((label, feature)))
        if feature in chosen and value is not None:
            labels.setdefault(label, {"global_shap_values": {}})["global_shap_values"][feature] = value
    for label, block in labels.items():
        block["expected_value"] = _expected(tally, label)
    return Analysis(explanations={METHOD: labels})


def _explained_feature(headers: list[str], address: str | int) -> str:
    header = header_at(headers, address)
    if header is None:
        raise ConfigurationError(
            f"methods.shap.features_to_explain: there is no feature {address!r}. Features are {', '.join(headers)}; name one, or "
            "give its index from 0."
        )
    return header


def explained(tally: Attributions) -> int:
    """Records that the values are computed from."""
    return tally.sample.rows if tally.settings.uses_model else max(tally.counts.values(), default=0)


def local_files(tally: Attributions) -> dict[str, str | None]:
    """Attributions row by row and the background rows, as Clarify names these files. Rows that are alike have one line."""
    found: dict[str, str | None] = {LOCAL: None, BACKGROUND: None}
    if not tally.settings.shap.save_local_shap_values:
        return found
    pairs = [json.loads(key) for key in tally.pairs.values]
    found[LOCAL] = _csv([f"{f}_{label}" for label, f in pairs], tally.sample.values)
    if tally.settings.uses_model:
        features = list(dict.fromkeys(feature for _, feature in pairs))
        rows = background_rows(tally.settings.shap.baseline, len(features))
        found[BACKGROUND] = _csv(features, rows)
    return found


def _global(tally: Attributions, place: int, key: str) -> float | None:
    method = tally.settings.shap.agg_method
    if not tally.settings.uses_model and method != "median":
        return _finite(tally.sums[key] / tally.counts[key] * SCALE, key) if tally.counts.get(key) else None
    if not len(tally.sample.values):
        return None
    values, counts = tally.sample.values[:, place], tally.sample.counts
    known = np.isfinite(values)
    if not known.any():
        return None
    if method == "median":
        return weighted_median(values[known], counts[known])
    with np.errstate(over="ignore"):
        weights = values[known] ** 2 if method == "mean_sq" else np.abs(values[known])
        return _finite(float(np.average(weights / SCALE, weights=counts[known])) * SCALE, key)


def _finite(value: float, key: str) -> float | None:
    """The value, or None where it is beyond the range of a double, which JSON cannot hold."""
    if np.isfinite(value):
        return value
    _LOG.warning("the attribution of %s is not given: it is too large for a double", " and ".join(json.loads(key)))
    return None


def _expected(tally: Attributions, label: str) -> float | None:
    if label in tally.expected.values:
        return float(tally.expected.values[label])
    if not tally.base_counts.get(label):
        return None
    return _finite(tally.base_sums[label] / tally.base_counts[label] * SCALE, key_of((label, BASE)))


def _csv(header: list[str], rows: Any) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(row.tolist() for row in rows)
    return target.getvalue()
