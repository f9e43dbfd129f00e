"""The form of the blocks of ``analysis.json``: what readers of a baseline rely on. Keys beside these are left as they are."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ValidationError

from engine.validation import faults_of


class _Metric(BaseModel):
    name: str
    value: float | None = None


class _Group(BaseModel):
    value_or_threshold: str
    metrics: list[_Metric]


class _BiasMetrics(BaseModel):
    facets: dict[str, list[_Group]] = {}


class _Label(BaseModel):
    global_shap_values: dict[str, float | None] = {}


class _Explanations(BaseModel):
    kernel_shap: dict[str, _Label] | None = None


def _checked(form: type[BaseModel], value: dict[str, Any]) -> dict[str, Any]:
    try:
        form.model_validate(value)
    except ValidationError as error:
        raise ValueError("; ".join(fault.sentence for fault in faults_of(error)[:3])) from None
    return value


BiasMetrics = Annotated[dict[str, Any], AfterValidator(lambda value: _checked(_BiasMetrics, value))]
"""Metrics by facet and group."""

Explanations = Annotated[dict[str, Any], AfterValidator(lambda value: _checked(_Explanations, value))]
"""Attributions by label and feature."""
