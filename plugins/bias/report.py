"""From the state of a pass to ``analysis.json``."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from engine import DataFormatError
from engine.documents.analysis import Analysis
from plugins.bias.columns import facet_header, label_header
from plugins.bias.counts import Counts, Table
from plugins.bias.flip_test import flip_test
from plugins.bias.formulas import POST_TRAINING, PRE_TRAINING, entry_of
from plugins.bias.positives import select_listed, select_positives
from plugins.bias.selection import MISSING, Selection
from plugins.bias.tally import LABEL, PREDICTION, Tally, table_of

_LOG = logging.getLogger(__name__)

STAGES = {"post_training_bias_metrics": POST_TRAINING, "pre_training_bias_metrics": PRE_TRAINING}
"""The blocks of the file in its order, and their metrics."""


@dataclass(frozen=True)
class Entry:
    """A group of a facet, against the rest.

    Attributes:
        facet: Header of the facet.
        shown: The group as text.
        table: Rows by cell.
        counts: What the formulas take.
        fault: Why nothing can be computed; None if it can.
    """

    facet: str
    shown: str
    table: Table
    counts: Counts
    fault: str | None = None


@dataclass(frozen=True)
class Report:
    """All groups of all facets, and how the positive labels are written."""

    entries: list[Entry]
    label: str
    shown: dict[str, str]

    def analysis(self, tally: Tally) -> Analysis:
        """The document."""
        chosen = {
            "post_training_bias_metrics": tally.settings.post_training,
            "pre_training_bias_metrics": tally.settings.pre_training,
        }
        return Analysis(**{stage: self._block(stage, names) for stage, names in chosen.items() if names})

    def _block(self, stage: str, names: list[str]) -> dict[str, Any]:
        facets: dict[str, list[dict[str, Any]]] = {}
        for entry in self.entries:
            metrics = [_metric(stage, name, entry) for name in names]
            facets.setdefault(entry.facet, []).append({"value_or_threshold": entry.shown, "metrics": metrics})
        return {"label": self.label, "facets": facets, "label_value_or_threshold": self.shown[stage]}


def _metric(stage: str, name: str, entry: Entry) -> dict[str, Any]:
    description, formula = STAGES[stage][name]
    if entry.fault is not None:
        return {"name": name, "description": description, "value": None, "error": entry.fault}
    return entry_of(name, description, formula, entry.counts)


def report_of(tally: Tally) -> Report:
    """Resolve what the data has shown.

    Raises:
        DataFormatError: A column has no positive values, or a continuous one no threshold.
    """
    settings = tally.settings
    if tally.sample.seen > len(tally.sample.cells):
        _LOG.info(
            "flip test: %d of %d rows, sampled by the hash of their features",
            len(tally.sample.cells),
            tally.sample.seen,
        )
    label, prediction, fault = select_positives(tally)
    if fault is not None and settings.on_degenerate == "fail":
        raise DataFormatError(fault)
    entries = []
    for index, facet in enumerate(settings.facet):
        header = facet_header(settings, facet.name_or_index)
        for selection in _groups(tally, index, header):
            table = _table(tally, index, selection, label, prediction)
            flips = partial(_flips, tally, index, selection, prediction)
            entries.append(Entry(header, selection.shown, table, Counts.of(table, flips), fault))
    shown = {"post_training_bias_metrics": prediction.shown, "pre_training_bias_metrics": label.shown}
    return Report(entries, label_header(settings), shown)


def note_missing(tally: Tally) -> None:
    """Say how many rows lack a label or a prediction: they count as negative, as in Clarify."""
    for role in (LABEL, PREDICTION):
        if role in tally.kinds.by_role and tally.kinds[role].missing:
            _LOG.warning(
                "%d of %d rows have no %s: they count as negative", tally.kinds[role].missing, tally.rows, role
            )


def _groups(tally: Tally, index: int, header: str) -> Iterator[Selection]:
    """The groups of a facet that are compared with the rest: the listed one, or each value."""
    listed, rule = tally.settings.facet[index].value_or_threshold, tally.settings.data_type_rule
    if listed:
        yield select_listed(tally, f"facet {index}", listed, f"facet {header}")
        return
    if tally.kinds[f"facet {index}"].is_continuous(0, rule):
        raise DataFormatError(
            f"Threshold values must be provided for continuous features: give value_or_threshold of the facet {header}."
        )
    for cell in tally.groups.values.get(str(index), []):
        if cell != MISSING:
            yield Selection(frozenset({cell}), cell[1:])


def _table(tally: Tally, index: int, facet: Selection, label: Selection, prediction: Selection) -> Table:
    groups: dict[str, int] = {MISSING: -1}
    found = []
    for cells, rows in table_of(tally, index):
        group = groups.setdefault(cells[3], len(groups) - 1)
        chosen = (facet, label, prediction)
        found.append([*(int(cell in part.cells) for cell, part in zip(cells, chosen, strict=False)), group, rows])
    return Table(*np.array(found, np.int64).reshape(-1, 5).T)


def _flips(tally: Tally, index: int, facet: Selection, prediction: Selection) -> float:
    sample = tally.sample
    dropped = {*tally.unfit, tally.facet_columns.names[index]}
    kept = [i for i, name in enumerate(sample.names) if name not in dropped]
    inside = np.array([cells[index] in facet.cells for cells in sample.cells], bool)
    positive = np.array([cells[-1] in prediction.cells for cells in sample.cells], bool)
    return flip_test(sample.values[:, kept], inside, positive)
