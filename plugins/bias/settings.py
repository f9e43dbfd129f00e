"""Settings of the bias monitor: the keys of Clarify's ``analysis_config.json``, and a few of ours."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from engine.filesystems import open_file
from plugins.bias.formulas import POST_TRAINING, PRE_TRAINING

_LOG = logging.getLogger(__name__)

Value = bool | int | float | str
"""A label or a value of a facet, as JSON gives it."""
Address = Annotated[int, Field(ge=0)] | str
"""A column: its name, or its index from 0."""

_SEPARATE = ("facet_dataset_uri", "predicted_label_dataset_uri")
_WITHOUT_EFFECT = {
    "version", "dataset_type", "dataset_uri", "facet_headers", "predicted_label_headers", "segment_config",
    "time_series_data_config",
}  # fmt: skip
"""Keys of Clarify that the metrics do not depend on, or that the input section stands for."""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) else value


Values = Annotated[list[Value], BeforeValidator(_listed)]


class Facet(BaseModel):
    """A column whose groups are compared, and the values (or the threshold) of the disadvantaged group."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name_or_index: Address
    value_or_threshold: Values = []


class BiasSettings(BaseModel):
    """Which columns hold what, and what is computed. Keys are Clarify's, unless the description says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    headers: list[str] | None = Field(None, description="Names of the columns; features first where the data is JSON.")
    label: Address = Field("groundTruthData", description="Column of the label.")
    label_values_or_threshold: Values = Field(min_length=1, description="Positive labels, or an exclusive lower bound.")
    facet: list[Facet] = Field(min_length=1, description="The facets.")
    group_variable: Address | None = Field(None, description="Column of the groups of CDDL and CDDPL.")
    features: str | None = Field(None, description="Where JSON records hold the list of features.")
    predicted_label: Address | None = Field(None, description="Column of the prediction.")
    probability: Address | None = Field(
        None, description="Column of the score, or of a list of scores (predictor.probability)."
    )
    probability_threshold: float = Field(0.5, description="A score above it is the prediction 1, else 0.")
    label_headers: list[Value] | None = Field(None, description="Labels of a list of scores (predictor.label_headers).")
    joinsource_name_or_index: Address | None = Field(None, description="Identifier; left out of the flip test.")
    excluded_columns: list[Address] = Field([], description="Left out of the flip test.")
    methods: dict[Literal["pre_training_bias", "post_training_bias"], list[str]] = Field(
        {"pre_training_bias": list(PRE_TRAINING), "post_training_bias": list(POST_TRAINING)},
        description="Metrics by stage: all, or a list.",
    )
    data_type_rule: Literal["clarify", "values"] = Field(
        "clarify",
        description="Ours. clarify: numbers with many distinct values are compared with a threshold; values: only above 20.",
    )
    on_degenerate: Literal["fail", "report"] = Field(
        "fail", description="Ours. What data does to the job that no facet can be computed from."
    )
    tolerance: float = Field(1e-9, ge=0, description="Ours. By how much a metric may exceed the baseline's.")
    confidence: Literal["none", "bootstrap"] = Field(
        "none", description="Ours. bootstrap: a violation needs the whole interval of 95 % beyond the baseline."
    )
    ft_max_rows: int = Field(20_000, ge=10, description="Ours. Rows that the flip test looks at; more are sampled.")

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        given = dict(values)
        if given.get("analysis_config") is not None:
            given = _read(str(given.pop("analysis_config")), set(cls.model_fields)) | given
        for key in _SEPARATE:
            if given.get(key):
                raise ValueError(
                    f"{key} is not supported: join the file to the dataset by a column, and name the column"
                )
        given = {key: value for key, value in given.items() if key not in _WITHOUT_EFFECT and value is not None}
        return _with_predictor(given)

    @field_validator("methods", mode="before")
    @classmethod
    def _chosen(cls, methods: Any) -> Any:
        if not isinstance(methods, Mapping):
            return methods
        found = {}
        for stage, registered in (("pre_training_bias", PRE_TRAINING), ("post_training_bias", POST_TRAINING)):
            if methods.get(stage) is not None:
                chosen = methods[stage]
                chosen = chosen.get("methods", "all") if isinstance(chosen, Mapping) else chosen
                names = list(registered) if chosen == "all" else chosen
                wrong = [name for name in _listed(names) if name not in registered]
                if wrong:
                    raise ValueError(
                        f"{stage} has {wrong[0]!r}; metrics should be one of the registered metrics {list(registered)}"
                    )
                found[stage] = sorted(_listed(names))
        return found

    @model_validator(mode="after")
    def _predictions(self) -> Self:
        if not self.methods:
            raise ValueError("methods asks for neither pre_training_bias nor post_training_bias")
        if self.post_training and self.predicted_label is None and self.probability is None:
            raise ValueError(
                "predicted_label is missing: name the column of the prediction (or probability, that of the score), or ask for "
                "pre_training_bias only under methods"
            )
        return self

    @property
    def pre_training(self) -> list[str]:
        """Names of the metrics of labels."""
        return self.methods.get("pre_training_bias", [])

    @property
    def post_training(self) -> list[str]:
        """Names of the metrics of predictions."""
        return self.methods.get("post_training_bias", [])


def _with_predictor(given: dict[str, Any]) -> dict[str, Any]:
    """What the predictor and the platform's attributes say, in the words of the settings."""
    predictor = given.pop("predictor", None) or {}
    if not isinstance(predictor, Mapping):
        raise ValueError(f"predictor is {predictor!r}; allowed is an object")  # noqa: TRY004 - pydantic reports ValueError
    sources = {
        "predicted_label": (given.pop("inference_attribute", None), predictor.get("label")),
        "probability": (given.pop("probability_attribute", None), predictor.get("probability")),
        "probability_threshold": (given.pop("probability_threshold_attribute", None),),
        "features": (given.pop("features_attribute", None),),
        "label_headers": (predictor.get("label_headers"),),
    }
    for key, found in sources.items():
        first = next((value for value in found if value is not None), None)
        if key not in given and first is not None:
            given[key] = int(first) if isinstance(first, str) and first.isdigit() else first
    return given


def _read(where: str, allowed: set[str]) -> dict[str, Any]:
    """The keys of an ``analysis_config.json``; unknown ones are ignored with a warning."""
    try:
        with open_file(where) as file:
            found = json.loads(file.read().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"analysis_config: {where} cannot be read as UTF-8 JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"analysis_config: {where} holds a {type(found).__name__}; allowed is an object")  # noqa: TRY004
    known = allowed | {"predictor", *_WITHOUT_EFFECT, *_SEPARATE}
    for key in found.keys() - known:
        _LOG.warning("%s: the key %r is not known and is ignored", where, key)
    methods = found.get("methods")
    if isinstance(methods, dict) and not {"pre_training_bias", "post_training_bias"} & methods.keys():
        found.pop("methods")
    return {key: value for key, value in found.items() if key in known}
