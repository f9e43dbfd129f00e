"""Aggregates as partial results that merge: what each batch gives, how two of them combine, and what they amount to."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlglot import exp

from engine.analyzers.sql_engine import NUMBER

Kind = Literal["add", "min", "max", "moments"]
_MOMENTS = (exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop)


_FOLDS: dict[str, Callable[[Any, Any], Any]] = {"add": operator.add, "min": min, "max": max}


@dataclass(frozen=True)
class Partial:
    """One aggregate of an expression.

    Attributes:
        kind: How partial results combine.
        select: Expressions whose values over a batch are the partial result.
        aggregate: The aggregate, which says what becomes of them.
    """

    kind: Kind
    select: tuple[str, ...]
    aggregate: exp.Expression


def partial_of(aggregate: exp.Expression) -> Partial:
    """The partial results of an aggregate.

    Raises:
        ValueError: It takes something that is not one expression.
    """
    inner = aggregate.this
    if isinstance(inner, exp.Star) or (isinstance(aggregate, exp.Count) and inner is None):
        return Partial("add", ("count(*)",), aggregate)
    if isinstance(inner, list) or aggregate.expressions:
        raise ValueError(f"{aggregate.sql('spark')!r} takes several arguments; allowed is one")
    x = inner.sql("duckdb")
    if isinstance(aggregate, exp.Count):
        return Partial("add", (f"count({x})",), aggregate)
    if isinstance(aggregate, exp.CountIf):
        return Partial("add", (f"count(*) FILTER ({x})",), aggregate)
    if isinstance(aggregate, exp.Min | exp.LogicalAnd):
        return Partial("min", (f"min({NUMBER}({x}))",), aggregate)
    if isinstance(aggregate, exp.Max | exp.LogicalOr):
        return Partial("max", (f"max({NUMBER}({x}))",), aggregate)
    if isinstance(aggregate, _MOMENTS):
        number = f"{NUMBER}({x})"
        return Partial(
            "moments", (f"count({number})", f"avg({number})", f"var_pop({number}) * count({number})"), aggregate
        )
    return Partial("add", (f"sum({NUMBER}({x}))", f"count({NUMBER}({x}))"), aggregate)


def value_of_aggregate(partial: Partial, values: list[Any] | None) -> Any:
    """What the merged partial results amount to; None for NULL.

    Args:
        partial: The aggregate.
        values: Its merged results; None before the first batch.
    """
    aggregate = partial.aggregate
    if values is None:
        return 0 if isinstance(aggregate, exp.Count | exp.CountIf) else None
    if isinstance(aggregate, exp.Count | exp.CountIf):
        return int(values[0])
    if isinstance(aggregate, exp.Sum | exp.Avg):
        total, count = values
        return None if not count else total / count if isinstance(aggregate, exp.Avg) else total
    if isinstance(aggregate, exp.LogicalAnd | exp.LogicalOr):
        return None if values[0] is None else bool(values[0])
    if not isinstance(aggregate, _MOMENTS):
        return values[0]
    count, _, m2 = values
    lost = 0 if isinstance(aggregate, exp.StddevPop | exp.VariancePop) else 1
    if not count or count - lost <= 0:
        return None
    if not math.isfinite(m2):
        return math.nan  # as in Spark: squares beyond doubles say nothing about numbers within
    variance = m2 / (count - lost)
    return math.sqrt(variance) if isinstance(aggregate, exp.Stddev | exp.StddevPop | exp.StddevSamp) else variance


@dataclass
class PartialResults:
    """The partial results of all aggregates of an expression so far. Merges itself (see ``state.py``).

    Attributes:
        kinds: How each combines.
        values: Numbers of each, None for NULL; empty before the first batch.
    """

    kinds: list[str] = field(default_factory=list)
    values: list[list[Any]] = field(default_factory=list)

    def merge(self, other: PartialResults) -> None:
        """Take in those of a later part."""
        if not self.values:
            self.kinds, self.values = list(other.kinds), [list(values) for values in other.values]
        elif other.values:
            pairs = zip(self.kinds, self.values, other.values, strict=True)
            self.values = [_combined(kind, mine, theirs) for kind, mine, theirs in pairs]

    def to_state(self) -> dict[str, Any]:
        """As plain values."""
        return {"kinds": list(self.kinds), "values": [list(values) for values in self.values]}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> PartialResults:
        """The inverse of ``to_state``."""
        return cls(list(state["kinds"]), [list(values) for values in state["values"]])


def _combined(kind: str, mine: list[Any], theirs: list[Any]) -> list[Any]:
    if kind == "moments":
        return _moments(mine, theirs)
    fold = _FOLDS[kind]
    return [b if a is None else a if b is None else fold(a, b) for a, b in zip(mine, theirs, strict=True)]


def _moments(mine: list[Any], theirs: list[Any]) -> list[Any]:
    """Count, mean and sum of squared deviations (Chan, Golub and LeVeque 1979)."""
    if not mine[0] or not theirs[0]:
        return theirs if not mine[0] else mine
    n, m = mine[0], theirs[0]
    step = theirs[1] - mine[1]
    return [n + m, mine[1] + step * m / (n + m), mine[2] + theirs[2] + step * step * n * m / (n + m)]
