"""A metric under test, and the data that it is tried on."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from engine.analyzers.base import Analyzer, ColumnAnalyzer, DatasetAnalyzer, DerivedMetric, Metric
from engine.analyzers.built_in import BUILT_IN
from engine.analyzers.measured import Measured, measured
from engine.analyzers.metric_spec import Takes
from engine.analyzers.settings import validated_settings
from engine.columns.batch import BatchView
from engine.columns.view import ColumnView
from engine.testing.samples import arrays_of, batch_of

TOLERANCE = 1e-9
"""Relative difference of two results that counts as none: sums of floats depend on their order."""


@dataclass(frozen=True)
class Subject:
    """A metric with settings.

    Attributes:
        metric: The class.
        settings: The settings it is tried with.
        given: Data of the author's; empty for generated data. Arrays for metrics of a column, batches for those of records.
    """

    metric: type[Metric]
    settings: Mapping[str, Any]
    given: tuple[Any, ...] = ()

    @property
    def is_analyzer(self) -> bool:
        """Whether it has state."""
        return issubclass(self.metric, Analyzer)

    @property
    def of_column(self) -> bool:
        """Whether it sees one column at a time."""
        return issubclass(self.metric, ColumnAnalyzer)

    @property
    def takes(self) -> tuple[Takes, ...]:
        """Kinds of columns that it is tried on."""
        spec = self.metric.spec
        return ("number", "text", "boolean", "time") if spec is None or "any" in spec.takes else spec.takes

    def new(self) -> Any:
        """An instance with empty state."""
        return self.metric(**validated_settings(self.metric, self.settings, f"metric {self.metric.name!r}"))

    def samples(self) -> list[Any]:
        """Data to try, each on its own: arrays of one column, or batches."""
        if self.given:
            return list(self.given)
        if self.of_column:
            return [array for kind in self.takes for array in arrays_of(kind)]
        new = self.new()
        return [batch_of(new.reads if isinstance(new, DatasetAnalyzer) else ())]

    def fed(self, parts: Iterable[Any]) -> Any:
        """An instance that has taken in some parts, one after the other."""
        analyzer = self.new()
        for part in parts:
            self.feed(analyzer, part)
        return analyzer

    def feed(self, analyzer: Any, part: Any) -> None:
        """Let an instance take in a part."""
        analyzer.update(ColumnView("column", part) if self.of_column else BatchView(part))

    def merged(self, parts: Iterable[Any]) -> Any:
        """An instance merged from one a part."""
        total = self.new()
        for part in parts:
            total.merge(self.fed([part]))
        return total


def derived_inputs(subject: Subject) -> list[dict[str, Any]]:
    """Results of the built-in analyzers on samples: what a derived metric is computed from."""
    needs = subject.metric.needs if issubclass(subject.metric, DerivedMetric) else ()
    found = []
    for kind in subject.takes:
        for seed in (1, 2):
            array = arrays_of(kind, seed=seed)[0]
            results = {}
            for need in needs:
                analyzer = BUILT_IN[need]()
                analyzer.update(ColumnView("column", array))
                results[need] = analyzer.result()
            found.append(results)
    return found


def flat(result: Any) -> dict[str, Any]:
    """A result as values by name, of a plugin's metric or of a part of a monitor."""
    try:
        return dict(measured("result", result))
    except (TypeError, ValueError):
        return {"result": result}


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal, numbers but for the rounding of sums."""
    if dataclasses.is_dataclass(one) and type(one) is type(other):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(one))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray | pa.Array):
        return same(one.tolist(), other.tolist())
    if isinstance(one, Sequence) and not isinstance(one, str | bytes):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float | int | np.number) and isinstance(other, float | int | np.number):
        both_nan = bool(np.isnan(one) and np.isnan(other))
        return both_nan or math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other)


def same_results(one: Any, other: Any) -> bool:
    """Whether two instances give the same result."""
    return same(flat(one.result()), flat(other.result()))


def numbers_in(result: Any) -> list[float]:
    """All numbers of a plugin's result, those in ``Measured`` as the metric put them there: the engine takes NaN out."""
    if isinstance(result, Mapping):
        return [number for value in result.values() for number in numbers_in(value)]
    measurable = [result] if isinstance(result, Measured) else flat(result).values()
    values = [value for value in measurable if isinstance(value, Measured)]
    fields = ("value", "baseline", "distance", "compared", "p_value", "error", "lower", "upper")
    return [number for value in values for name in fields if (number := getattr(value, name)) is not None]
