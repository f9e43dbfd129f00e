"""``missing_column_check`` and ``extra_column_check``: checks of the table, not of a column."""

from __future__ import annotations

from collections.abc import Sequence

from engine.documents.violations import Violation


def check_columns(current: Sequence[str], baseline: Sequence[str], list_columns: bool = False) -> list[Violation]:
    """Compare the columns of the current data with those of the constraints.

    The container compares numbers of columns. Where the numbers are equal but names differ, which it overlooks, both
    types are reported and the names are given.

    Args:
        current: Names of the columns of the current data.
        baseline: Names of the columns of the constraints.
        list_columns: Give the names in every case.
    """
    known, present = set(baseline), set(current)
    absent, new = [c for c in baseline if c not in present], [c for c in current if c not in known]
    by_name = len(current) == len(baseline)
    violations = []
    if len(current) < len(baseline) or (by_name and absent):
        violations.append(_violation("missing", current, baseline, absent if list_columns or by_name else []))
    if len(current) > len(baseline) or (by_name and new):
        violations.append(_violation("extra", current, baseline, new if list_columns or by_name else []))
    return violations


def _violation(which: str, current: Sequence[str], baseline: Sequence[str], names: Sequence[str]) -> Violation:
    description = (
        f"There are {which} columns in current dataset. Number of columns in current dataset: {len(current)}, "
        f"Number of columns in baseline constraints: {len(baseline)}"
    )
    if names:
        description += f". {which.capitalize()} columns: {', '.join(names)}"
    return Violation(
        feature_name=f"{which.capitalize()} columns",
        constraint_check_type=f"{which}_column_check",
        description=description,
    )
