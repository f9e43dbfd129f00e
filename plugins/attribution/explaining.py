"""Shapley values of a model with the library shap, against given background rows.

S. Lundberg and S.-I. Lee, A unified approach to interpreting model predictions, NIPS 2017. Trees and linear models are explained
exactly, others by Kernel SHAP; all interventionally, as Clarify does. The values of a row depend on nothing but the row, so they
are the same on any cluster.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError
from engine.filesystems import open_file
from plugins.attribution.models import Model, load_model
from plugins.attribution.settings import AttributionSettings

FloatArray = npt.NDArray[np.float64]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Explainer:
    """A loaded model.

    Attributes:
        explain: From features (rows, features) to attributions (rows, outputs, features).
        expected: Mean output over the background, for each output.
        missing: Whether rows with missing features can be explained.
        background: The background rows.
    """

    explain: Callable[[FloatArray], FloatArray]
    expected: FloatArray
    missing: bool
    background: FloatArray


def explainer_of(settings: AttributionSettings, names: list[str]) -> Explainer:
    """The explainer of the settings' model; loaded once a process.

    Raises:
        ConfigurationError: The model or the background cannot be read, or shap is not installed.
    """
    return _loaded(settings.model_dump_json(), tuple(names))


@functools.lru_cache(maxsize=4)
def _loaded(text: str, names: tuple[str, ...]) -> Explainer:
    settings = AttributionSettings.model_validate_json(text)
    if settings.model is None:
        raise ConfigurationError("model is missing: give model.path and model.loader.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries that shap would like to plot with
            import shap
    except ImportError as error:
        raise ConfigurationError(
            f"explaining a model needs shap, which is not installed: {error}. Here and on the executors: "
            "pip install 'open-model-monitor[attribution]'"
        ) from error
    background = background_rows(settings.shap.baseline, len(names))
    model = load_model(settings.model, names)
    outputs = _logit(model.predict(background)) if settings.shap.use_logit else model.predict(background)
    if not np.isfinite(outputs).all():
        logit = ": with use_logit it must be above 0 and below 1" if settings.shap.use_logit else ""
        raise ConfigurationError(
            f"model: {settings.model.path} gives no finite number for a row of methods.shap.baseline{logit}. Choose other rows."
        )
    explain = (
        _linear(shap, model, background)
        or _trees(shap, model, background, settings)
        or _kernel(shap, model, background, settings)
    )
    return Explainer(explain, outputs.mean(axis=0), model.missing, background)


def background_rows(given: Any, width: int) -> FloatArray:
    """The background as a matrix, from rows, records with features, or a CSV file without header.

    >>> background_rows({"instances": [{"features": [1, 2]}]}, 2)
    array([[1., 2.]])
    >>> background_rows([1, 2], 2)
    array([[1., 2.]])
    """
    rows = _file_rows(given) if isinstance(given, str) else given
    rows = rows.get("instances", [rows]) if isinstance(rows, dict) else rows
    if isinstance(rows, list) and rows and not any(isinstance(row, list | tuple | dict) for row in rows):
        rows = [rows]  # one row, written without the list around it
    try:
        found = np.array([_row(row) for row in rows], np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"methods.shap.baseline holds something else than numbers: {error}") from None
    if found.ndim != 2 or found.shape[1] != width:
        raise ConfigurationError(
            f"methods.shap.baseline has {_shape_text(found)}, but there are {width} features. Give a list of rows, each with a "
            "value for every feature in the order of headers."
        )
    return found


def _shape_text(rows: FloatArray) -> str:
    return (
        f"rows of {rows.shape[1]} values" if rows.ndim == 2 else "no rows" if not rows.size else "rows that are nested"
    )


def _row(row: Any) -> Any:
    return (
        row["features"]
        if isinstance(row, dict) and "features" in row
        else list(row.values())
        if isinstance(row, dict)
        else row
    )


def _file_rows(where: str) -> list[Any]:
    try:
        with open_file(where) as file:
            text = file.read().decode("utf-8")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"methods.shap.baseline: {where} cannot be read: {error}") from None
    if text.lstrip().startswith(("{", "[")):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return [row for row in csv.reader(io.StringIO(text)) if row]


def _linear(shap: Any, model: Model, background: FloatArray) -> Callable[[FloatArray], FloatArray] | None:
    native = model.native
    if not hasattr(native, "coef_") or hasattr(native, "predict_proba"):
        return None
    explainer = shap.LinearExplainer(native, shap.maskers.Independent(background, max_samples=len(background)))
    return lambda x: _shaped(explainer.shap_values(x))


def _trees(
    shap: Any, model: Model, background: FloatArray, settings: AttributionSettings
) -> Callable[[FloatArray], FloatArray] | None:
    """Exact values of trees whose sum is the output itself; None for all others.

    For the probability of boosted trees shap has only an approximation (the values of the margin, rescaled): not for us.
    """
    if model.native is None:
        return None
    try:
        explainer = shap.TreeExplainer(model.native, background, feature_perturbation="interventional")
        found = _shaped(explainer.shap_values(background[:1], check_additivity=False))
        total = found.sum(axis=2)[0] + _last(np.atleast_1d(explainer.expected_value))
    except Exception as error:  # noqa: BLE001 - whatever shap says, Kernel SHAP can explain the model
        _LOG.info("shap has no exact values for %s (%s)", type(model.native).__name__, error)
        return None
    wanted = model.predict(background[:1])[0]
    wanted = _logit(wanted) if settings.shap.use_logit else wanted
    if total.shape != wanted.shape or not np.allclose(total, wanted, rtol=1e-3, atol=1e-5):
        return None
    return lambda x: _shaped(explainer.shap_values(x, check_additivity=False))


def _kernel(
    shap: Any, model: Model, background: FloatArray, settings: AttributionSettings
) -> Callable[[FloatArray], FloatArray]:
    link = "logit" if settings.shap.use_logit else "identity"
    explainer = shap.KernelExplainer(model.predict, background, link=link)
    samples: Any = settings.shap.num_samples or 2 * background.shape[1] + 2048

    def explain(x: FloatArray) -> FloatArray:
        before = np.random.get_state()  # noqa: NPY002 - shap draws from it
        found = []
        for row in x:
            np.random.seed(settings.shap.seed)  # noqa: NPY002 - for each row the same coalitions, whatever rows are beside it
            found.append(_shaped(explainer.shap_values(row[None, :], nsamples=samples, l1_reg=0, silent=True)))
        np.random.set_state(before)  # noqa: NPY002 - as it was
        return np.concatenate(found)

    return explain


def _shaped(values: Any) -> FloatArray:
    """Attributions as (rows, outputs, features); of two classes, those of the second."""
    found = np.stack(values, axis=-1) if isinstance(values, list) else np.asarray(values, np.float64)
    found = found[:, :, None] if found.ndim == 2 else found
    outputs = np.moveaxis(found, 2, 1)
    opposed = outputs.shape[1] == 2 and np.allclose(outputs[:, 0], -outputs[:, 1], atol=1e-8)
    return outputs[:, 1:] if opposed else outputs


def _last(values: FloatArray) -> FloatArray:
    return values[1:] if len(values) == 2 else values


def _logit(values: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        found: FloatArray = np.log(values / (1 - values))
    return found
