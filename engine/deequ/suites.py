"""Runs of Deequ's VerificationSuite, in as few passes as possible and as many as are needed.

Inside of Deequ one expression that Spark refuses fails every metric of the same pass. So what failed for another reason than the
data is run again in halves, until the part that is at fault stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.deequ.jvm import Jvm, items, optional, pairs
from engine.deequ.strategies import reason_of

_SHARED = ("MetricCalculationRuntimeException", "MetricCalculationUnspecifiedException")
"""Deequ's exceptions around what a whole pass died of. Others say what is wrong with one metric: a missing column, a wrong type."""


@dataclass(frozen=True)
class Part:
    """A check or an analyzer of a suite.

    Attributes:
        key: Which one it is.
        added_to: Adds it to a builder of a suite.
        check: Deequ's check; None for an analyzer.
        analyzer: Deequ's analyzer; None for a check.
    """

    key: int
    check: Any = None
    analyzer: Any = None

    def added_to(self, builder: Any) -> Any:
        """The builder of a suite with this part."""
        return builder.addRequiredAnalyzer(self.analyzer) if self.check is None else builder.addCheck(self.check)

    def metrics(self, result: Any) -> Iterator[Any]:
        """Its metrics in Deequ's result."""
        if self.check is None:
            metric = optional(result.metrics().get(self.analyzer))
            yield from () if metric is None else (metric,)
            return
        for judged in self.constraint_results(result):
            metric = optional(judged.metric())
            if metric is not None:
                yield metric

    def constraint_results(self, result: Any) -> Iterator[Any]:
        """What became of the constraints of a check."""
        name = self.check.description()
        for check, judged in pairs(result.checkResults()):
            if check.description() == name:
                yield from items(judged.constraintResults())


@dataclass(frozen=True)
class SuiteRun:
    """A run, and the parts whose last run it is.

    Attributes:
        result: Deequ's VerificationResult; None where Deequ gave up.
        error: Why it gave up.
    """

    parts: tuple[Part, ...]
    result: Any = None
    error: str = ""


def run_suites(jvm: Jvm, builder: Callable[[], Any], parts: Sequence[Part]) -> list[SuiteRun]:
    """Run parts together where that works, and apart where not.

    Args:
        jvm: The JVM.
        builder: Makes a builder of a suite on the data.
        parts: What to run.
    """
    if not parts:
        return []
    suite = builder()
    for part in parts:
        suite = part.added_to(suite)
    try:
        result = suite.run()
    except Exception as error:  # noqa: BLE001 - whatever Spark or Deequ says, it concerns some of these parts only
        if len(parts) == 1:
            return [SuiteRun(tuple(parts), error=reason_of(error))]
        return _in_halves(jvm, builder, parts)
    shared = [part for part in parts if any(map(_died_with_others, part.metrics(result)))]
    if not shared or len(parts) == 1:
        return [SuiteRun(tuple(parts), result)]
    rest = tuple(part for part in parts if part not in shared)
    return [SuiteRun(rest, result), *_in_halves(jvm, builder, shared)]


def _in_halves(jvm: Jvm, builder: Callable[[], Any], parts: Sequence[Part]) -> list[SuiteRun]:
    middle = (len(parts) + 1) // 2
    return [*run_suites(jvm, builder, parts[:middle]), *run_suites(jvm, builder, parts[middle:])]


def _died_with_others(metric: Any) -> bool:
    value = metric.value()
    return bool(value.isFailure() and value.failed().get().getClass().getSimpleName() in _SHARED)
