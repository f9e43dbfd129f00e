"""How the captures of a dataset are laid out: decided once, from the first records, so that every task agrees."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import pyarrow as pa

from engine.columns.layout import Layout, PartColumn
from engine.datasets.base import Fragment, ReadReport
from engine.datasets.capture_parts import GROUND_TRUTH, parse_captures
from engine.datasets.capture_payloads import PayloadRules, Rows, rows_of
from engine.datasets.capture_reader import CaptureReader, in_window
from engine.datasets.capture_rows import MalformedPayloadError, csv_fields, decode
from engine.datasets.capture_tables import TableRules, tabulate
from engine.datasets.csv_names import names_in_place, positional_names
from engine.datasets.explained_responses import unwrap
from engine.datasets.json_types import planned_types
from engine.datasets.settings import CaptureSettings
from engine.datasets.text_blocks import blocks

SAMPLE = 1000
"""Records looked at before the table's shape is decided."""


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
    sample = unwrap(_sample(fragments, start, end), settings.explanations)
    parts = ordered_parts(settings)
    rules = PayloadRules(parts, {}, settings.decode_base64, settings.multi_row, settings.explanations)
    rules = replace(rules, kinds={part: _kind(sample, part, rules) for part in parts})
    csv_parts = tuple(part for part in parts if rules.kind(part) == "csv")
    json_parts = tuple(part for part in parts if rules.kind(part) == "json")
    rows = rows_of(sample, rules, _ignored, ReadReport())
    widths = {part: _width(rows.texts[part]) for part in csv_parts}
    total = sum(widths.values())
    further = names_in_place(names)[total:] if not json_parts else ()
    table = TableRules(csv_parts, _names(widths, names), further, widths, json_parts)
    types, table, json_sources = _json_types(rows, table)
    planned = {name: kind for part in types.values() for name, kind in part.items()}
    sources = {**table.csv_sources(table.names), **{name: json_sources[name] for name in planned}}
    reader = CaptureReader(rules, table, planned, sources, start, end)
    return CaptureLayout(reader, Layout.from_names(sources, sources))


def _names(widths: Mapping[str, int], names: Sequence[str] | None) -> tuple[str, ...]:
    """Names of the CSV columns: those given or ``_cN``; the label, which comes last, is called as in the record."""
    labels = widths.get(GROUND_TRUTH, 0)
    captured = positional_names(sum(widths.values()) - labels, names)
    own = [GROUND_TRUTH if labels == 1 else f"{GROUND_TRUTH}.{i}" for i in range(labels)]
    return (*captured, *own)


def ordered_parts(settings: CaptureSettings) -> tuple[str, ...]:
    """Parts in column order: outputs first unless the baseline has them last (contract 2.3); the label after all."""
    outputs_first = settings.output_columns_position.upper() != "END"
    asked = ["endpointOutput" if part == "batchTransformOutput" else part for part in settings.parts]
    captured = [part for part in dict.fromkeys(asked) if part != GROUND_TRUTH]
    ordered = sorted(captured, key=lambda part: (part != "endpointOutput") == outputs_first)
    return (*ordered, GROUND_TRUTH) if GROUND_TRUTH in asked else tuple(ordered)


def _sample(fragments: Sequence[Fragment], start: datetime | None, end: datetime | None) -> pa.Table:
    tables: list[pa.Table] = []
    found = 0
    for table in _tables(fragments):
        tables.append(in_window(table, start, end).slice(0, SAMPLE - found))
        found += len(tables[-1])
        if found >= SAMPLE:
            break
    return pa.concat_tables(tables).combine_chunks() if tables else parse_captures(b"", _ignored)


def _ignored(*problem: object) -> None:
    """Problems of the sample are reported when its split is read."""


def _tables(fragments: Sequence[Fragment]) -> Iterator[pa.Table]:
    for fragment in fragments:
        for block in blocks(fragment, ReadReport()):
            head = b"".join(islice(io.BytesIO(block.data), 2 * SAMPLE))
            yield parse_captures(head, _ignored)


def _kind(sample: pa.Table, part: str, rules: PayloadRules) -> str:
    """The commonest kind of the part's payloads."""
    members = ("data", "encoding", "observedContentType")
    names = [part, "batchTransformOutput"] if part == "endpointOutput" else [part]
    kinds: Counter[str] = Counter()
    for name in names:
        for row in zip(*(sample.column(f"{name}.{member}").to_pylist() for member in members), strict=True):
            if row[0] is not None:
                kinds.update(_decoded_kind(name, row, rules))
    return kinds.most_common(1)[0][0] if kinds else "csv"


def _decoded_kind(part: str, row: tuple[str, str | None, str | None], rules: PayloadRules) -> list[str]:
    try:
        return [decode(part, *row, rules.base64_as).kind]
    except MalformedPayloadError:
        return []


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
        types[part] = planned_types([found.columns])
        sources |= found.sources
    return types, replace(table, taken=taken), sources
