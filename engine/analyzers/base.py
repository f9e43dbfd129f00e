"""What an analyzer is: a dataclass whose fields are its mergeable state.

An analyzer takes in batches, merges with its like and gives a result. There are three kinds: of one column
(:class:`ColumnAnalyzer`), of several columns at once (:class:`DatasetAnalyzer`), and metrics computed from the results of others
without any data (:class:`DerivedMetric`). The runner makes one instance a column (or dataset) and split, and merges them in the
order of the splits.

Fields fall into two groups. *Settings* (``setting(...)``) are what a user may tune; they take no part in a merge. All others are
*state*: numbers add up, unless the annotation says otherwise (``Annotated[float, Max]``, ``Annotated[float, Min]``), and an object
with a ``merge`` method merges itself. See ``state.py`` for how state is written without pickle.

What a metric of a third party may add: ``spec`` (see ``metric.py``) and the hooks ``compare``, ``suggest`` and ``verify``.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from typing_extensions import Self

from engine.analyzers.judging import broken, suggested
from engine.analyzers.measured import Measured
from engine.analyzers.metric_constraint import MetricConstraint
from engine.analyzers.metric_spec import MetricSpec
from engine.analyzers.state import fold_of, state_fields
from engine.columns.batch import BatchView
from engine.columns.view import ColumnView


def setting(default: Any, **limits: Any) -> Any:
    """Declare a dataclass field as a setting: chosen by the user, equal in all parts, never merged or stored.

    Args:
        default: Value where the user gives none.
        limits: What pydantic's ``Field`` takes, for example ``ge=1``, ``description="Longest text"``.

    >>> @dataclass
    ... class Longer(ColumnAnalyzer):
    ...     '''Number of texts longer than a limit.'''
    ...     limit: int = setting(10, ge=0)
    ...     count: int = 0
    ...     def update(self, column): ...
    ...     def result(self): return self.count
    >>> Longer(limit=3).fresh()
    Longer(limit=3, count=0)
    """
    return field(default=default, metadata={"setting": True, "limits": limits})


@dataclass
class Metric(ABC):  # noqa: B024 - its kinds declare the abstract methods
    """What all kinds share: a name, settings, and hooks that judge a result. Not to be derived from directly.

    Attributes:
        name: Key of the result in the metrics of a column; unique in the registry.
        spec: What the metric says about itself; None for the parts of a monitor.
    """

    name: ClassVar[str] = ""
    spec: ClassVar[MetricSpec | None] = None

    def fresh(self) -> Self:
        """The same settings and empty state."""
        chosen = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.metadata.get("setting")}
        return type(self)(**chosen)

    @property
    def default_threshold(self) -> float | None:
        """Hook: the threshold where nobody set one; by default the declared one."""
        return self.spec.threshold if self.spec else None

    def suggest(self, key: str, found: Measured, chunks: Sequence[Measured]) -> MetricConstraint | None:
        """Hook: the constraint that a baseline job proposes for a result; None for none.

        Args:
            key: Name of the result.
            found: The result on the whole baseline.
            chunks: The same on parts of the baseline, where the user asked for them.
        """
        return suggested(self.spec, self.default_threshold, found, chunks)

    def verify(self, key: str, found: Measured, constraint: MetricConstraint) -> str | None:
        """Hook: why a result breaks its constraint, as a sentence; None if it does not."""
        return broken(key, found, constraint)


@dataclass
class Analyzer(Metric):
    """A metric with state: of a column, or of a dataset."""

    @abstractmethod
    def result(self) -> Any:
        """The metric computed from the state; None where it is not defined (for example no values).

        As a metric of its own: a number, :class:`~engine.analyzers.measured.Measured`, or a mapping of either by name.
        """

    def compare(self, baseline: Self) -> Any:
        """Hook: the result in comparison with the state of the baseline, in a monitoring job. By default as without one."""
        return self.result()

    def merge(self, other: Self) -> None:
        """Take in the state of a later part of the data. ``other`` is not changed."""
        for spec in state_fields(type(self)):
            mine, theirs = getattr(self, spec.name), getattr(other, spec.name)
            setattr(self, spec.name, fold_of(type(self), spec.name)(mine, theirs))


@dataclass
class ColumnAnalyzer(Analyzer):
    """One mergeable statistic of one column."""

    @abstractmethod
    def update(self, column: ColumnView) -> None:
        """Take in the values of a batch. Must not change the view or its arrays."""


@dataclass
class DatasetAnalyzer(Analyzer):
    """One mergeable statistic of several columns, or of whole records."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns that must exist, usually from settings; an absent one is reported before or after the pass."""
        return ()

    @abstractmethod
    def update(self, batch: BatchView) -> None:
        """Take in a batch. Must not change it."""


@dataclass
class DerivedMetric(Metric):
    """A metric of a column computed from the results of others; reads no data.

    Attributes:
        needs: Names of the analyzers whose results it uses; the engine sees to it that they run.
    """

    needs: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def compute(self, current: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> Any:
        """The metric, as :meth:`Analyzer.result` gives it.

        Args:
            current: Results of the column by analyzer name.
            baseline: Those of the baseline's column; None in a baseline job, or where it had no such column.
        """
