"""Which labels and predictions are positive, and what is wrong where that cannot be said."""

from __future__ import annotations

from typing import Any

from engine import DataFormatError
from plugins.bias.columns import label_header
from plugins.bias.selection import Selection, select
from plugins.bias.tally import LABEL, PREDICTION, Tally, table_of

_PLACES = {LABEL: 1, PREDICTION: 2}
"""Where the cells of labels and predictions stand among those of a row."""


def select_positives(tally: Tally) -> tuple[Selection, Selection, str | None]:
    """Return the positive labels, the positive predictions, and what is wrong with them, if anything.

    Labels of which none is positive are no fault: the formulas are defined for them.
    """
    settings, listed = tally.settings, tally.settings.label_values_or_threshold
    label = select_listed(tally, LABEL, listed, "label_values_or_threshold")
    if _is_bound_at_maximum(tally, LABEL, label):
        empty = f"Positive label values or thresholds are empty for Label column {label_header(settings)}: "
        return label, label, empty + _explain_bound(listed, "label")
    if not settings.post_training:
        return label, Selection(frozenset(), label.shown), None
    if (fault := _explain_types(tally)) is not None:
        return label, label, fault
    kinds = tally.kinds
    kinds[PREDICTION].largest = max(kinds[PREDICTION].largest, kinds[LABEL].largest)
    prediction = select_listed(tally, PREDICTION, listed, "label_values_or_threshold")
    return label, prediction, None if _any(tally, PREDICTION, prediction) else _explain_none(tally, prediction)


def select_listed(tally: Tally, role: str, listed: list[Any], what: str) -> Selection:
    """Return the cells that listed values stand for in the column of a role.

    Raises:
        DataFormatError: A continuous column has no numeric threshold.
    """
    try:
        return select(tally.kinds[role], listed, tally.settings.data_type_rule, what)
    except ValueError as error:
        raise DataFormatError(str(error)) from None


def _explain_types(tally: Tally) -> str | None:
    """What is wrong where labels are read as another type than predictions."""
    listed, rule, kinds = tally.settings.label_values_or_threshold, tally.settings.data_type_rule, tally.kinds
    words = [
        "continuous" if kinds[role].is_continuous(len(listed), rule) else "categorical" for role in (LABEL, PREDICTION)
    ]
    if words[0] == words[1] or not kinds[LABEL].present or not kinds[PREDICTION].present:
        return None
    return (
        "Predicted Label Column series datatype is not the same as Label Column series: the labels of "
        f"{label_header(tally.settings)} are {words[0]}, the predictions {words[1]}. Give both as whole numbers or both as "
        "text, or set data_type_rule: values."
    )


def _explain_none(tally: Tally, prediction: Selection) -> str:
    """What is wrong where no prediction is positive, in the words of the original and with the cause."""
    listed, present = tally.settings.label_values_or_threshold, tally.kinds[PREDICTION].present
    others = f"{present} predictions, all of other values" if present else "no predictions"
    at_maximum = _is_bound_at_maximum(tally, PREDICTION, prediction)
    reason = _explain_bound(listed, "prediction") if at_maximum else f"no prediction is {listed!r}; there are {others}."
    return (
        "No Label values are present in the predicted Label Column,Positive Predicted Index Series contains all False values: "
        f"{reason}"
    )


def _is_bound_at_maximum(tally: Tally, role: str, selection: Selection) -> bool:
    """Whether a listed value occurs, but is read as an exclusive lower bound that no value exceeds."""
    listed, rule = tally.settings.label_values_or_threshold, tally.settings.data_type_rule
    if not tally.kinds[role].is_continuous(len(listed), rule) or _any(tally, role, selection):
        return False
    rows = _rows_by_cell(tally, role)
    return any(rows.get(f"{prefix}{index}") for index in range(len(listed)) for prefix in "tn")


def _explain_bound(listed: list[Any], word: str) -> str:
    return (
        f"{word}s are read as continuous numbers, as they have a fraction or missing values or are mostly distinct, so "
        f"{listed!r} is an exclusive lower bound, and no {word} is above it. Set data_type_rule: values to compare with the value "
        "itself."
    )


def _rows_by_cell(tally: Tally, role: str) -> dict[str, int]:
    totals: dict[str, int] = {}
    for cells, rows in table_of(tally, 0):
        cell = cells[_PLACES[role]]
        totals[cell] = totals.get(cell, 0) + rows
    return totals


def _any(tally: Tally, role: str, selection: Selection) -> bool:
    rows = _rows_by_cell(tally, role)
    return any(rows.get(cell) for cell in selection.cells)
