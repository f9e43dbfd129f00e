"""``data_type_check``: the share of present cells whose class is that of the baseline."""

from __future__ import annotations

from engine.columns.java_text import java_double
from engine.constraints.column_data import ColumnData
from engine.documents.violations import Violation


def type_match(column: ColumnData) -> float | None:
    """Share of present cells of the expected class.

    The class is exact, as in Deequ's ``hasDataType``: an integer is not Fractional, a number is not String. Only
    Boolean cells count as String, because the documents have no name of their own for them; and every cell does where a
    person declared a column of numbers to be text.

    Returns:
        A number from 0 to 1; None if no type is expected or no cell is present.
    """
    expected, types = column.constraints.inferred_type, column.metrics.get("data_type")
    if expected in (None, "Unknown") or types is None:
        return None
    present = sum(count for kind, count in types.counts.items() if kind != "Unknown")
    if not present:
        return None
    if column.is_declared_text:
        return 1.0
    accepted = [str(expected)]
    if expected == "String":
        accepted.append("Boolean")
    if expected == "Fractional" and column.options.fractional_accepts_integral:
        accepted.append("Integral")
    return sum(int(types.counts.get(kind, 0)) for kind in accepted) / int(present)


def fails_type_check(column: ColumnData) -> bool:
    """Whether too few cells match. Such a column is not compared by distribution either."""
    match = type_match(column)
    return match is not None and match < column.switches.datatype_threshold


def check_type(column: ColumnData) -> Violation | None:
    """The violation, if there is one, in the words of the container."""
    match = type_match(column)
    if match is None or not fails_type_check(column):
        return None
    expected = column.constraints.inferred_type
    description = (
        f"Data type match requirement is not met. Expected data type: {expected}, "
        f"Expected match: {java_double(column.switches.datatype_threshold * 100.0)}%. "
        f"Observed: Only {java_double(match * 100.0)}% of data is {expected}."
    )
    return Violation(feature_name=column.name, constraint_check_type="data_type_check", description=description)
