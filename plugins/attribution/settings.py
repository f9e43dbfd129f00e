"""Settings of the attribution monitor: the keys of Clarify's ``analysis_config.json``, and a few of ours."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from engine.filesystems import open_file
from plugins.clarify.headers import header_at

_LOG = logging.getLogger(__name__)

Loader = Literal["sklearn", "xgboost", "lightgbm", "onnx", "mlflow", "python"]
_WITHOUT_EFFECT = {
    "version", "dataset_type", "dataset_uri", "label_values_or_threshold", "probability_threshold", "facet", "group_variable",
    "inference_attribute", "probability_attribute",
    "probability_threshold_attribute",
}  # fmt: skip
"""Keys of Clarify that say something about other methods, or about a model behind an endpoint."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class ModelConfig(_Section):
    """A model that the executors load and explain."""

    path: str
    """File or folder, local on every executor or s3://; for python ``module:function``."""
    loader: Loader
    """Library that it was saved with. sklearn reads with joblib, which runs code of the file: give only files of your own."""


class ShapConfig(_Section):
    """Clarify's ``methods.shap``."""

    baseline: Any = None
    """Background rows, or the file that holds them."""
    num_clusters: int | None = None
    num_samples: int | None = Field(None, ge=1)
    agg_method: Literal["mean_abs", "median", "mean_sq"] = "mean_abs"
    use_logit: bool = False
    save_local_shap_values: bool = False
    seed: int = 0
    features_to_explain: list[str | int] | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_tables(cls, values: Any) -> Any:
        for key in ("text_config", "image_config"):
            if isinstance(values, Mapping) and values.get(key) is not None:
                raise ValueError(f"{key} is not supported: attributions are those of tables")
        return (
            {key: value for key, value in values.items() if value is not None}
            if isinstance(values, Mapping)
            else values
        )


class AttributionSettings(_Section):
    """Where attributions come from, and how they are put together."""

    source: Literal["auto", "captured", "columns", "model"] = Field(
        "auto", description="auto takes a model, if one is given."
    )
    columns: dict[str, dict[str, str]] | None = Field(None, description="Column of each feature, by label and feature.")
    model: ModelConfig | None = Field(None, description="Model to explain.")
    headers: list[str] | None = Field(
        None, description="Names of the columns in order; in a schedule, of the features."
    )
    label: str | int | None = Field(None, description="Column of the label: it is no feature.")
    predicted_label: str | int | None = Field(None, description="Column of the prediction: it is no feature.")
    excluded_columns: list[str | int] = Field([], description="Columns that the model does not take.")
    joinsource_name_or_index: str | int | None = Field(None, description="Identifier: it is no feature.")
    features: str | None = Field(None, description="Where JSON records hold the list of features.")
    label_headers: list[str] | None = Field(None, description="Names of the model's outputs.")
    shap: ShapConfig = Field(ShapConfig(), description="Clarify's methods.shap.")
    max_rows: int = Field(10_000, ge=1, description="Rows that a model is explained on, and that a median is taken of.")
    ndcg_threshold: float = Field(0.9, ge=0, le=1, description="Below it, the ranking has drifted.")

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        given = dict(values)
        if given.get("analysis_config") is not None:
            given = _read(str(given.pop("analysis_config")), set(cls.model_fields)) | given
        given = {key: value for key, value in given.items() if key not in _WITHOUT_EFFECT and value is not None}
        predictor, methods = given.pop("predictor", None) or {}, given.pop("methods", None) or {}
        for name, value in (("predictor", predictor), ("methods", methods)):
            if not isinstance(value, Mapping):
                raise ValueError(f"{name} is {value!r}; allowed is an object")  # noqa: TRY004 - pydantic reports ValueError
        for name in methods.keys() - {"shap", "report", "pre_training_bias", "post_training_bias"}:
            _LOG.warning("methods.%s is ignored: drift is measured with shap", name)
        found = {"shap": methods.get("shap"), "label_headers": predictor.get("label_headers")}
        found["features"] = given.pop("features_attribute", None)
        return {key: value for key, value in found.items() if value is not None} | given

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.source == "model" and self.model is None:
            raise ValueError("source is model: give model.path and model.loader")
        if self.uses_model and self.shap.baseline is None:
            raise ValueError(
                "methods.shap.baseline is missing: give the background rows that the model is compared on, as rows or as a "
                "CSV file (num_clusters of the data is not supported)"
            )
        return self

    @property
    def uses_model(self) -> bool:
        """Whether attributions are computed, not read."""
        return self.source == "model" or (self.source == "auto" and self.model is not None)

    @property
    def feature_headers(self) -> list[str] | None:
        """The headers without those of label and prediction."""
        if self.headers is None:
            return None
        others = {header_at(self.headers, address) for address in (self.label, self.predicted_label, *self.ignored)}
        return [header for header in self.headers if header not in others]

    @property
    def ignored(self) -> list[str | int]:
        """Columns that the model does not take, beside those of label and prediction."""
        identifier = [] if self.joinsource_name_or_index is None else [self.joinsource_name_or_index]
        return [*identifier, *self.excluded_columns]


def _read(where: str, allowed: set[str]) -> dict[str, Any]:
    """The keys of an ``analysis_config.json``; unknown ones are ignored with a warning."""
    try:
        with open_file(where) as file:
            found = json.loads(file.read().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"analysis_config: {where} cannot be read as UTF-8 JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"analysis_config: {where} holds a {type(found).__name__}; allowed is an object")  # noqa: TRY004
    known = allowed | {"predictor", "methods", *_WITHOUT_EFFECT}
    for key in found.keys() - known:
        _LOG.warning("%s: the key %r is not known and is ignored", where, key)
    return {key: value for key, value in found.items() if key in known}
