# ruff: noqa: N815 - Deequ's own names
"""Arguments of Deequ's methods and analyzers beyond columns, assertions and hints: their types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from engine.config_sections import Section
from engine.deequ.signatures import OPTIONS
from engine.deequ.strategy_config import StrategyConfig
from engine.times import UtcTime


class KllParameters(Section):
    """Size of a KLL sketch."""

    sketchSize: int = Field(2048, ge=1)
    shrinkingFactor: float = Field(0.64, gt=0, lt=1)
    numberOfBuckets: int = Field(100, ge=1, le=100)


_Share = Annotated[float, Field(ge=0, le=1)]
_Text = Annotated[str, Field(min_length=1)]

ARGUMENTS: dict[str, Any] = {
    "quantile": _Share,
    "relativeError": _Share,
    "pattern": _Text,
    "allowedValues": Annotated[list[str | int | float | bool], Field(min_length=1)],
    "lowerBound": float,
    "upperBound": float,
    "includeLowerBound": bool,
    "includeUpperBound": bool,
    "dataType": Literal["Null", "Fractional", "Integral", "Boolean", "String", "Numeric"],
    "maxBins": Annotated[int, Field(ge=1, le=1000)],
    "binCount": Annotated[int, Field(ge=1)],
    "customEdges": Annotated[list[float], Field(min_length=2)],
    "columnCondition": _Text,
    "predicate": _Text,
    "expression": _Text,
    "constraintName": _Text,
    "instance": _Text,
    "otherDataset": _Text,
    "kllParameters": KllParameters,
    "keyColumnMappings": dict[str, str],
    "matchColumnMappings": dict[str, str],
    "tags": dict[str, str],
    "after": UtcTime,
    "before": UtcTime,
    "strategy": StrategyConfig,
    "nullBehavior": Literal[OPTIONS["nullBehavior"]],
    "filteredRow": Literal[OPTIONS["filteredRow"]],
}
"""Types by name; that of ``analyzer`` is an entry itself."""
