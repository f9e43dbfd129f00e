# ruff: noqa: N815 - Deequ's own names
"""Deequ's strategies of anomaly detection and their parameters (deequ.md 6.8), named as Deequ names them."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from engine.config_sections import Section

_Factor = Annotated[float, Field(ge=0)]


class SimpleThreshold(Section):
    """Values outside of two bounds."""

    name: Literal["SimpleThreshold"]
    lowerBound: float = -sys.float_info.max
    upperBound: float = sys.float_info.max

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lowerBound > self.upperBound:
            raise ValueError(f"lowerBound {self.lowerBound} is above upperBound {self.upperBound}")
        return self


class _Change(Section):
    maxRateDecrease: float | None = None
    maxRateIncrease: float | None = None
    order: int = Field(1, ge=0)

    @model_validator(mode="after")
    def _has_limit(self) -> Self:
        lower, upper = self.maxRateDecrease, self.maxRateIncrease
        if lower is None and upper is None:
            raise ValueError("one of maxRateDecrease and maxRateIncrease is needed")
        if lower is not None and upper is not None and lower > upper:
            raise ValueError(f"maxRateDecrease {lower} is above maxRateIncrease {upper}")
        return self


class AbsoluteChange(_Change):
    """Differences between values that are too large; RateOfChange is its older name."""

    name: Literal["AbsoluteChange", "RateOfChange"]


class RelativeRateOfChange(_Change):
    """Quotients of values that are too large or small."""

    name: Literal["RelativeRateOfChange"]
    order: int = Field(1, ge=1)


class BatchNormal(Section):
    """Values too many standard deviations from the mean of the others."""

    name: Literal["BatchNormal"]
    lowerDeviationFactor: _Factor | None = 3.0
    upperDeviationFactor: _Factor | None = 3.0
    includeInterval: bool = False


class OnlineNormal(Section):
    """Values too many standard deviations from the running mean."""

    name: Literal["OnlineNormal"]
    lowerDeviationFactor: _Factor | None = 3.0
    upperDeviationFactor: _Factor | None = 3.0
    ignoreStartPercentage: float = Field(0.1, ge=0, le=1)
    ignoreAnomalies: bool = True


class HoltWinters(Section):
    """Values far from the forecast of a seasonal model."""

    name: Literal["HoltWinters"]
    metricsInterval: Literal["Hourly", "Daily", "Monthly"] | None = None
    seasonality: Literal["Daily", "Weekly", "Yearly"] | None = None
    periodicity: int | None = Field(None, ge=2)

    @model_validator(mode="after")
    def _has_period(self) -> Self:
        pair = (self.metricsInterval, self.seasonality)
        allowed = [("Hourly", "Daily"), ("Daily", "Weekly"), ("Monthly", "Yearly")]
        if (self.periodicity is None) == (pair not in allowed):
            shown = ", ".join("/".join(names) for names in allowed)
            raise ValueError(f"either periodicity, or metricsInterval and seasonality are needed: {shown}")
        return self


StrategyConfig = Annotated[
    SimpleThreshold | AbsoluteChange | RelativeRateOfChange | BatchNormal | OnlineNormal | HoltWinters,
    Field(discriminator="name"),
]
"""A strategy by its ``name``."""
