"""Deequ's strategies of anomaly detection, run by Deequ over any series: that of its repository, or our own history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm, optional, pairs
from engine.deequ.strategy_config import (
    AbsoluteChange,
    BatchNormal,
    HoltWinters,
    RelativeRateOfChange,
    SimpleThreshold,
    StrategyConfig,
)
from engine.foreign_code import describe


@dataclass(frozen=True)
class Anomaly:
    """A point that a strategy finds unusual.

    Attributes:
        time: As given.
        value: Its value.
        detail: Deequ's explanation.
    """

    time: int
    value: float
    detail: str | None


def detect_anomalies(
    jvm: Jvm,
    strategy: StrategyConfig,
    points: Sequence[tuple[int, float | None]],
    start: int | None = None,
    end: int | None = None,
) -> list[Anomaly]:
    """Run a strategy over a series.

    Args:
        jvm: The JVM.
        strategy: The strategy.
        points: Time (any integer unit) and value, in any order; points without value are left out.
        start: First time to look at; earlier points only teach the strategy. None looks at all.
        end: First time that is not looked at any more.

    Raises:
        DeequError: The strategy refuses the series, for example as too short.
    """
    detection = jvm.deequ.anomalydetection
    series = [detection.DataPoint(time, jvm.option(None if value is None else float(value))) for time, value in points]
    smallest, largest = -(2**63), 2**63 - 1
    interval = jvm.java.interval(smallest if start is None else start, largest if end is None else end)
    try:
        detector = detection.AnomalyDetector(make_strategy(jvm, strategy))
        found = detector.detectAnomaliesInHistory(jvm.seq(series), interval).anomalies()
    except Exception as error:
        raise DeequError(
            f"Deequ's strategy {strategy.name} cannot judge {len(points)} points: {reason_of(error)}"
        ) from error
    return [_anomaly(int(time), anomaly) for time, anomaly in pairs(found)]


def _anomaly(time: int, anomaly: Any) -> Anomaly:
    return Anomaly(time, float(optional(anomaly.value())), optional(anomaly.detail()))


def make_strategy(jvm: Jvm, config: StrategyConfig) -> Any:
    """Deequ's own strategy object."""
    package = jvm.deequ.anomalydetection
    if isinstance(config, SimpleThreshold):
        return package.SimpleThresholdStrategy(config.lowerBound, config.upperBound)
    if isinstance(config, AbsoluteChange | RelativeRateOfChange):
        limits = jvm.option(config.maxRateDecrease), jvm.option(config.maxRateIncrease)
        return getattr(package, f"{config.name}Strategy")(*limits, config.order)
    if isinstance(config, HoltWinters):
        return package.seasonal.HoltWinters(config.periodicity or _PERIODS[config.metricsInterval or ""])
    factors = jvm.option(config.lowerDeviationFactor), jvm.option(config.upperDeviationFactor)
    if isinstance(config, BatchNormal):
        return package.BatchNormalStrategy(*factors, config.includeInterval)
    return package.OnlineNormalStrategy(*factors, config.ignoreStartPercentage, config.ignoreAnomalies)


_PERIODS = {"Hourly": 24, "Daily": 7, "Monthly": 12}
"""Values a season, by how often there is one."""


def reason_of(error: Any) -> str:
    """The first line of what the JVM said.

    Args:
        error: An exception of Python's, or the JVM's own.
    """
    cause = getattr(error, "java_exception", None) if isinstance(error, BaseException) else error
    # pyspark's exceptions have the message of the JVM's as their description; some cannot be written as text.
    text = cause.getMessage() if cause is not None else getattr(error, "desc", None) or describe(error)
    return str(text or cause).strip().split("\n", 1)[0]
