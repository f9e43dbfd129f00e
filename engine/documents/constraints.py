"""``constraints.json`` of the data quality monitor.

Reading accepts all spellings found in the field (``spellings.py``); writing uses the canonical one. Absent switches and
thresholds stay absent: what they default to is said in ``engine/constraints/switches.py``.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator
from typing_extensions import Self

from engine.bounds import Bound
from engine.documents.document import Document, check_names
from engine.documents.spellings import DRIFT_METHODS, IGNORED_KEYS, METHODS, SWITCHES, canonical_keys, canonical_value
from engine.documents.statistics import InferredType

_LOG = logging.getLogger(__name__)

Switch = Annotated[Literal["Enabled", "Disabled"], BeforeValidator(partial(canonical_value, spellings=SWITCHES))]
ComparisonMethod = Annotated[Literal["Robust", "Simple"], BeforeValidator(partial(canonical_value, spellings=METHODS))]
DriftMethod = Annotated[
    Literal["LInfinity", "ChiSquared"], BeforeValidator(partial(canonical_value, spellings=DRIFT_METHODS))
]


def _as_text(value: Any) -> Any:
    """An allowed value written as a number (``[0, 1]``) means its text: cells are compared as text."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


DomainValue = Annotated[str, BeforeValidator(_as_text)]


class Lenient(Document):
    """A part of the file whose keys may be spelled in other known ways."""

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, body: Any) -> Any:
        return canonical_keys(body, cls.model_fields)


class DistributionConstraints(Lenient):
    """How the distribution of a column is compared with the baseline."""

    perform_comparison: Switch | None = None
    comparison_threshold: Bound | None = None
    comparison_method: ComparisonMethod | None = None
    categorical_comparison_threshold: Bound | None = None
    categorical_drift_method: DriftMethod | None = None


class MonitoringConfig(Lenient):
    """Switches and thresholds: of the whole file, or in ``monitoring_config_overrides`` of one column."""

    evaluate_constraints: Switch | None = None
    emit_metrics: Switch | None = None
    datatype_check_threshold: Bound | None = None
    domain_content_threshold: Bound | None = None
    distribution_constraints: DistributionConstraints | None = None

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, body: Any) -> Any:
        """Keys of the comparison that stand here, one level too high, mean what they say."""
        inner = DistributionConstraints.model_fields
        renamed = canonical_keys(body, {**cls.model_fields, **inner})
        lifted = {key: renamed.pop(key) for key in inner if isinstance(renamed, dict) and key in renamed}
        if lifted:
            own = canonical_keys(renamed.get("distribution_constraints") or {}, inner)
            renamed["distribution_constraints"] = {**lifted, **own}
        return renamed

    @model_validator(mode="after")
    def _tell_of_unknown_keys(self) -> Self:
        known = [*type(self).model_fields, *DistributionConstraints.model_fields]
        unknown = {**(self.model_extra or {}), **(getattr(self.distribution_constraints, "model_extra", None) or {})}
        for key in unknown:
            if key not in IGNORED_KEYS:
                _LOG.warning(
                    "constraints: the key %r of a monitoring_config has no effect; known: %s", key, ", ".join(known)
                )
        return self


class NumConstraints(Lenient):
    """Constraints of a numeric column."""

    is_non_negative: bool | None = None
    monitoring_config_overrides: MonitoringConfig | None = None


class StringConstraints(Lenient):
    """Constraints of a String column."""

    domains: list[DomainValue] | None = None
    monitoring_config_overrides: MonitoringConfig | None = None


class FeatureConstraints(Lenient):
    """Constraints of a column."""

    name: str
    inferred_type: InferredType | None = None
    completeness: Bound | None = None
    num_constraints: NumConstraints | None = None
    string_constraints: StringConstraints | None = None
    monitoring_config_overrides: MonitoringConfig | None = None

    @property
    def overrides(self) -> list[MonitoringConfig]:
        """Overrides wherever they stand, weakest first: numeric part, string part (where the SDK writes), column."""
        holders = (self.num_constraints, self.string_constraints, self)
        return [
            h.monitoring_config_overrides
            for h in holders
            if h is not None and h.monitoring_config_overrides is not None
        ]

    @property
    def domains(self) -> list[str] | None:
        """The allowed values, if they are listed."""
        return self.string_constraints.domains if self.string_constraints else None


class Constraints(Lenient):
    """The file."""

    version: Any = 0.0
    """Whatever a tool wrote; nothing depends on it."""
    features: list[FeatureConstraints]
    monitoring_config: MonitoringConfig | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        check_names([feature.name for feature in self.features])
        return self

    def by_name(self) -> dict[str, FeatureConstraints]:
        """Columns by name, in the order of the file."""
        return {feature.name: feature for feature in self.features}
