"""The results and constraints of plugins inside the monitors' documents, as keys that SageMaker's readers pass over.

A feature holds those of its column under ``metrics``; the top level of the document those of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from engine.analyzers.measured import Measured
from engine.analyzers.metric_constraint import MetricConstraint
from engine.documents.document import Document
from engine.errors import BaselineError
from engine.measurements.judgement import Place
from engine.measurements.measurement import Measurement
from engine.metrics import WHOLE
from engine.validation import faults_of

KEY = "metrics"


def add_measurements(document: Document, measurements: Iterable[Measurement]) -> None:
    """Write the results on all rows into a statistics document."""
    entries = ((m.column or WHOLE, m.metric, _entry(m)) for m in measurements if m.slice is None)
    _add(document, ((column, key, entry) for column, key, entry in entries if entry is not None))


def add_constraints(document: Document, constraints: Mapping[Place, MetricConstraint]) -> None:
    """Write constraints into a constraints document."""
    _add(document, ((column, key, c.model_dump(exclude_none=True)) for (column, key), c in constraints.items()))


def read_measurements(document: Document | None) -> dict[tuple[str | None, str, str], Measured]:
    """The results of plugins in a statistics document, by slice (none), column and key."""
    found: dict[tuple[str | None, str, str], Measured] = {}
    for column, key, entry in _entries(document):
        value = entry.get("value") if isinstance(entry, Mapping) else entry
        if isinstance(value, int | float):
            found[None, column, key] = Measured(float(value))
    return found


def read_constraints(document: Document | None) -> dict[Place, MetricConstraint]:
    """The constraints of plugins in a constraints document.

    Raises:
        BaselineError: An entry is not allowed.
    """
    found = {}
    for column, key, entry in _entries(document):
        try:
            found[column, key] = MetricConstraint.model_validate(entry)
        except ValidationError as error:
            raise BaselineError(
                f"constraints.json: metrics.{key} of {column or 'the dataset'}: {faults_of(error)[0].sentence}. "
                "Allowed: threshold (a number), comparison_operator (GreaterThanThreshold, LessThanThreshold, "
                "OutsideThresholds) and lower_threshold."
            ) from None
    return found


def _entry(measurement: Measurement) -> dict[str, Any] | None:
    shown = ("value", "distance", "p_value", "error", "lower", "upper", "unit")
    entry = {key: getattr(measurement, key) for key in shown if getattr(measurement, key) is not None}
    if measurement.status in ("failed", "not_enough_data", "not_computed"):
        entry["status"] = measurement.status
    return entry or None


def _add(document: Document, entries: Iterable[tuple[str, str, Any]]) -> None:
    features = {feature.name: feature for feature in getattr(document, "features", [])}
    by_place: dict[str, dict[str, Any]] = {}
    for column, key, entry in entries:
        by_place.setdefault(column, {})[key] = entry
    top = by_place.pop(WHOLE, {})
    for column, found in by_place.items():
        if column in features:
            setattr(features[column], KEY, found)
        else:
            top |= {f"{column}.{key}": entry for key, entry in found.items()}
    if top and document.extensible:
        setattr(document, KEY, top)


def _entries(document: Document | None) -> Iterator[tuple[str, str, Any]]:
    if document is None:
        return
    holders = [(WHOLE, document), *((feature.name, feature) for feature in getattr(document, "features", []))]
    for column, holder in holders:
        held = getattr(holder, KEY, None)
        for key, entry in (held or {}).items() if isinstance(held, Mapping) else ():
            yield column, key, entry
