"""The use of a metric in a job: which class, with which settings, on which columns, under which name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.analyzers.base import ColumnAnalyzer, DatasetAnalyzer, DerivedMetric, Metric
from engine.analyzers.metric_spec import MetricSpec, Worse
from engine.analyzers.plugged import remember_plugged
from engine.analyzers.settings import validated_settings
from engine.columns.addresses import list_names
from engine.columns.patterns import is_meant, matches_pattern
from engine.errors import ConfigurationError


@dataclass(frozen=True)
class MetricUse:
    """One metric as a job uses it. Sent to the tasks.

    Attributes:
        metric: The class.
        key: Name of its results: the metric's, or what the user calls it.
        origin: Where it comes from (distribution, file), for messages.
        settings: The user's choice.
        columns: Names or patterns (``*``, ``?``) of the columns, without regard to case; None for all that it takes.
        threshold: The user's threshold; None leaves it to the metric.
        worse: The user's word on which direction is worse; None leaves it to the metric.
        learn: Learn the threshold from chunks of the baseline.
    """

    metric: type[Metric]
    key: str
    origin: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    threshold: float | None = None
    worse: Worse | None = None
    learn: bool = False

    def __post_init__(self) -> None:
        chosen = validated_settings(self.metric, self.settings, f"metric {self.key!r}")
        object.__setattr__(self, "settings", chosen)
        if self.columns is not None and issubclass(self.metric, DatasetAnalyzer):
            raise ConfigurationError(
                f"metric {self.key!r}: 'columns' is not allowed here, since it looks at whole records. Its settings: "
                f"{', '.join(chosen) or 'none'}."
            )

    @property
    def spec(self) -> MetricSpec:
        """What the metric says about itself, under the user's choice. A threshold needs a direction: higher is worse."""
        spec = self.metric.spec or MetricSpec()
        threshold = spec.threshold if self.threshold is None else self.threshold
        direction = self.worse or spec.worse or (None if self.threshold is None else "higher")
        return replace(spec, threshold=threshold, worse=direction)

    def names(self, column: str) -> bool:
        """Whether the user wants this column."""
        return self.columns is None or any(matches_pattern(column, p) for p in self.columns)

    def means(self, column: str, columns: Collection[str]) -> bool:
        """Whether the user wants this column, where all columns are known: an exact name is no other that differs by case."""
        return self.columns is None or is_meant(column, self.columns, columns)

    def unmatched(self, columns: Collection[str]) -> list[str]:
        """What is wrong with the names and patterns that fit no column, a sentence each."""
        patterns = [p for p in self.columns or () if not any(matches_pattern(column, p) for column in columns)]
        there = list_names(list(columns))
        return [f"metric {self.key!r}: no column fits {p!r} of its 'columns'; there are {there}" for p in patterns]

    def new(self) -> Any:
        """An instance with the settings and empty state."""
        remember_plugged(self.metric)
        made: Any = self.metric(**self.settings)
        made.spec = self.spec
        return made

    @property
    def of_column(self) -> bool:
        """Whether it is an analyzer of columns."""
        return issubclass(self.metric, ColumnAnalyzer)

    @property
    def of_dataset(self) -> bool:
        """Whether it is an analyzer of whole records."""
        return issubclass(self.metric, DatasetAnalyzer)

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the analyzers that it is derived from."""
        return self.metric.needs if issubclass(self.metric, DerivedMetric) else ()


def uses_of_column(uses: Iterable[MetricUse], column: str) -> dict[str, MetricUse]:
    """The metrics of a column by key. Of several uses under one key, the last one that names the column holds for it."""
    return {use.key: use for use in uses if not use.of_dataset and use.names(column)}
