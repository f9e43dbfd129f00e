"""A column on either side of a comparison: its numbers or the counts of its values, or why there is nothing to compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import Measured
from plugins.drift.points import Points, points_of_sketch

_NUMERIC = ("Integral", "Fractional")


@dataclass(frozen=True)
class Side:
    """A column of the baseline or of the current data.

    Attributes:
        present: Number of values.
        is_numeric: Whether they are numbers.
        points: Its numbers; None where no sketch of them is known.
        counts: Its categories; None where there were too many to count, or nobody kept the counts.
    """

    present: int
    is_numeric: bool
    points: Points | None = None
    counts: Mapping[str, int] | None = None

    @property
    def size(self) -> int:
        """How many values can be compared."""
        if self.is_numeric:
            return self.points.size if self.points else 0
        return sum((self.counts or {}).values())

    @property
    def is_known(self) -> bool:
        """Whether there is a distribution."""
        return bool(self.points is not None if self.is_numeric else self.counts)


def side_of(results: Mapping[str, Any]) -> Side:
    """The side that the results of the engine's analyzers describe."""
    completeness, types, sketch = (results.get(name) for name in ("completeness", "data_type", "kll"))
    counts = results.get("categories")
    is_numeric = types.inferred in _NUMERIC if types is not None else sketch is not None
    points = points_of(results) if is_numeric else None
    side = Side(0, is_numeric, points, counts)
    return Side(int(completeness.num_present) if completeness is not None else side.size, is_numeric, points, counts)


def points_of(results: Mapping[str, Any]) -> Points | None:
    """The numbers of a column: those of its sketch, with the exact extremes; None without a sketch."""
    sketch, moments = results.get("kll"), results.get("moments")
    if sketch is None:
        return None
    extremes = (moments.min, moments.max) if moments is not None else None
    return points_of_sketch(sketch.data, sketch.parameters[0], extremes)


def obstacle(baseline: Side, current: Side, minimum: int) -> Measured | None:
    """Why two sides cannot be compared, as the result of the metric; None if they can."""
    few = min(baseline.present, current.present)
    if few < minimum:
        reason = f"{current.present:,} values now and {baseline.present:,} in the baseline; {minimum:,} are needed"
        return Measured(None, status="not_enough_data", detail={"reason": reason})
    if baseline.is_numeric != current.is_numeric:
        words = ["numbers" if side.is_numeric else "texts" for side in (baseline, current)]
        return _not_computed(f"the column held {words[0]} in the baseline and holds {words[1]} now")
    for side, where in ((current, "now"), (baseline, "in the baseline")):
        if not side.is_known:
            missing = "no sketch of the numbers is known" if side.is_numeric else "too many different values to count"
            return _not_computed(f"{missing} {where}")
    if min(baseline.size, current.size) < minimum:
        reason = f"{current.size:,} finite values now and {baseline.size:,} in the baseline; {minimum:,} are needed"
        return Measured(None, status="not_enough_data", detail={"reason": reason})
    return None


def _not_computed(reason: str) -> Measured:
    return Measured(None, status="not_computed", detail={"reason": reason})
