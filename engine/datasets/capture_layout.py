"""How the captures of a dataset are laid out: decided once, from the first records, so that every task agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from engine.columns.layout import Layout, PartColumn
from engine.datasets.base import Fragment, ReadReport
from engine.datasets.capture_csv import csv_fields
from engine.datasets.capture_headers import find_headers
from engine.datasets.capture_parts import GROUND_TRUTH
from engine.datasets.capture_payloads import Rows, rows_of
from engine.datasets.capture_reader import CaptureReader
from engine.datasets.capture_sample import are_lists, common_kind, decoded, first_records
from engine.datasets.capture_tables import tabulate
from engine.datasets.csv_names import names_in_place, positional_names
from engine.datasets.explained_responses import unwrap
from engine.datasets.json_types import planned_types
from engine.datasets.payload_rules import CAPTURED, PayloadRules
from engine.datasets.settings import CaptureSettings
from engine.datasets.table_rules import TableRules


@dataclass(frozen=True)
class CaptureLayout:
    """What the first records say about all.

    Attributes:
        reader: Reads the captures.
        columns: The columns seen, and the part that each comes from.
    """

    reader: CaptureReader
    columns: Layout


def infer_layout(
    fragments: Sequence[Fragment],
    settings: CaptureSettings,
    names: Sequence[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> CaptureLayout:
    """Look at the first records and plan the reader.

    Args:
        fragments: The files in order.
        settings: Which parts, and how.
        names: Names of CSV columns by position, from a baseline.
        start: First moment of the window, for a filter by record.
        end: Moment after the window.
    """
    sample = unwrap(first_records(fragments, start, end), settings.explanations)
    parts = parts_in_use(settings, sample)
    payloads = decoded(sample, dict.fromkeys([*parts, *CAPTURED]), settings.decode_base64)
    kinds = {part: common_kind([record[part] for record in payloads if part in record]) for part in parts}
    headers = find_headers(payloads, names)
    rules = PayloadRules(
        parts, kinds, settings.decode_base64, settings.multi_row, settings.explanations,
        {part: header for part, header in headers.items() if kinds.get(part, "csv") == "csv"},
    )  # fmt: skip
    lists = frozenset(part for part in parts if are_lists([record[part] for record in payloads if part in record]))
    table, types, sources = _plan_table(rows_of(sample, rules, _ignored, ReadReport()), rules, names, lists)
    return CaptureLayout(CaptureReader(rules, table, types, sources, start, end), Layout.from_names(sources, sources))


def _plan_table(
    rows: Rows, rules: PayloadRules, names: Sequence[str] | None, lists: frozenset[str]
) -> tuple[TableRules, dict[str, str], dict[str, PartColumn]]:
    """How rows become columns, the types of those of JSON, and where all come from."""
    csv_parts = tuple(part for part in rules.parts if rules.kind(part) == "csv")
    json_parts = tuple(part for part in rules.parts if rules.kind(part) == "json")
    widths = {part: _width(rows.texts[part]) for part in csv_parts}
    total = sum(widths.values())
    further = names_in_place(names)[total:] if not json_parts else ()
    table = TableRules(csv_parts, _names(widths, names), further, widths, json_parts, lists=lists)
    types, table, json_sources = _json_types(rows, table)
    planned = {name: kind for part in types.values() for name, kind in part.items()}
    return table, planned, {**table.csv_sources(table.names), **{name: json_sources[name] for name in planned}}


def _names(widths: Mapping[str, int], names: Sequence[str] | None) -> tuple[str, ...]:
    """Names of the CSV columns: those given or ``_cN``; the label, which comes last, is called as in the record."""
    labels = widths.get(GROUND_TRUTH, 0)
    captured = positional_names(sum(widths.values()) - labels, names)
    own = [GROUND_TRUTH if labels == 1 else f"{GROUND_TRUTH}.{i}" for i in range(labels)]
    return (*captured, *own)


def parts_in_use(settings: CaptureSettings, sample: pa.Table) -> tuple[str, ...]:
    """Return the parts of records that are used, in column order; the label also where it is wanted and there is one."""
    parts = ordered_parts(settings)
    labelled = sample.column(f"{GROUND_TRUTH}.data")
    adds_label = settings.labels and GROUND_TRUTH not in parts and labelled.null_count < len(labelled)
    return (*parts, GROUND_TRUTH) if adds_label else parts


def ordered_parts(settings: CaptureSettings) -> tuple[str, ...]:
    """Return parts in column order: outputs first unless the baseline has them last; the label after all."""
    outputs_first = settings.output_columns_position.upper() != "END"
    asked = ["endpointOutput" if part == "batchTransformOutput" else part for part in settings.parts]
    captured = [part for part in dict.fromkeys(asked) if part != GROUND_TRUTH]
    ordered = sorted(captured, key=lambda part: (part != "endpointOutput") == outputs_first)
    return (*ordered, GROUND_TRUTH) if GROUND_TRUTH in asked else tuple(ordered)


def _ignored(*problem: object) -> None:
    """Problems of the sample are reported when its split is read."""


def _width(texts: pa.Array) -> int:
    """The most frequent number of fields in a CSV payload; of equally frequent ones the first seen; 0 without any."""
    widths = Counter(max(len(csv_fields(text)), 1) for text in texts.to_pylist() if text is not None)
    return widths.most_common(1)[0][0] if widths else 0


def _json_types(rows: Rows, table: TableRules) -> tuple[dict[str, dict[str, str]], TableRules, dict[str, PartColumn]]:
    """Types of the JSON columns of each part, which names of later parts clash with earlier ones, and where columns come from."""
    types: dict[str, dict[str, str]] = {}
    taken: dict[str, frozenset[str]] = {}
    sources: dict[str, PartColumn] = {}
    for part in table.json_parts:
        taken[part] = frozenset([*table.names, *(name for earlier in types.values() for name in earlier)])
        alone = TableRules(json_parts=(part,), taken=taken)
        _, found = tabulate(rows, alone, {}, ReadReport())
        if part == GROUND_TRUTH and len(found.sources) == 1:  # a label of one value has one name, however it is written
            [local] = (source.local for source in found.sources.values())
            table = replace(table, only_label=local)
            _, found = tabulate(rows, replace(alone, only_label=local), {}, ReadReport())
        types[part] = planned_types([found.columns])
        sources |= found.sources
    return types, replace(table, taken=taken), sources
