"""Types of JSON columns: optimistic, one a column over the whole dataset, as Spark infers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from engine.datasets.base import ReadReport
from engine.datasets.column_types import widest

ARROW_TYPES = {"integer": pa.int64(), "double": pa.float64(), "boolean": pa.bool_(), "text": pa.string()}


def kind_of(type_: pa.DataType) -> str | None:
    """The JSON type of an Arrow type; None for nulls only."""
    return next((kind for kind, arrow in ARROW_TYPES.items() if arrow.equals(type_)), None)


def planned_types(parts: Iterable[Mapping[str, pa.Array]]) -> dict[str, str]:
    """Types of the columns of the first blocks; a column of nulls has none yet."""
    types: dict[str, str] = {}
    for part in parts:
        for name, array in part.items():
            kind = widest(types.get(name), kind_of(array.type))
            if kind is not None:
                types[name] = kind
    return types


def conform(
    found: Mapping[str, pa.Array], rows: int, types: Mapping[str, str], report: ReadReport
) -> dict[str, pa.Array]:
    """Give columns their planned types.

    A column that arrives narrower is cast. One that arrives wider, or with a type that was not foreseen, is a conflict:
    the runner reads it again alone with the wider type, so that here it is nulls (which keep the count of rows).
    """
    return {name: _conformed(name, array, rows, types, report) for name, array in found.items()}


def _conformed(name: str, array: pa.Array, rows: int, types: Mapping[str, str], report: ReadReport) -> pa.Array:
    arrived, planned = kind_of(array.type), types.get(name)
    if arrived is None:
        return pa.nulls(rows, ARROW_TYPES[planned]) if planned else array
    expected = planned or "integer"  # the optimistic type of a column that was not foreseen
    wider = widest(planned, arrived)
    if wider != expected:
        report.conflict(name, str(widest(report.conflicts.get(name), wider)))
    if name in report.conflicts:
        return pa.nulls(rows, ARROW_TYPES[expected])
    return array if arrived == expected else array.cast(ARROW_TYPES[expected], safe=False)
