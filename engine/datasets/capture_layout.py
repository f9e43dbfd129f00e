"""How the captures of a dataset are laid out: decided once, from the first records, so that every task agrees."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport
from engine.datasets.capture_parts import parse_captures
from engine.datasets.capture_payloads import PayloadRules, rows_of
from engine.datasets.capture_reader import CaptureReader, in_window
from engine.datasets.capture_rows import MalformedPayloadError, csv_fields, decode
from engine.datasets.capture_tables import TableRules, tabulate
from engine.datasets.csv_reader import positional_names
from engine.datasets.json_types import planned_types
from engine.datasets.settings import CaptureSettings
from engine.datasets.text_blocks import blocks

SAMPLE = 1000
"""Records looked at before the table's shape is decided."""


def infer_reader(
    fragments: Sequence[Fragment],
    settings: CaptureSettings,
    names: Sequence[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> tuple[CaptureReader, tuple[str, ...]]:
    """Look at the first records and plan the reader.

    Args:
        fragments: The files in order.
        settings: Which parts, and how.
        names: Names of CSV columns by position, from a baseline.
        start: First moment of the window, for a filter by record.
        end: Moment after the window.

    Returns:
        The reader, and the names of the columns seen.
    """
    sample = _sample(fragments, start, end)
    parts = ordered_parts(settings)
    rules = PayloadRules(parts, {}, settings.decode_base64, settings.multi_row)
    rules = replace(rules, kinds={part: _kind(sample, part, rules) for part in parts})
    table = TableRules(
        csv_parts=tuple(part for part in parts if rules.kind(part) == "csv"),
        json_parts=tuple(part for part in parts if rules.kind(part) == "json"),
    )
    table = replace(table, names=positional_names(_width(sample, rules, table), names))
    types, table = _json_types(sample, rules, table)
    return CaptureReader(rules, table, types, start, end), (*table.names, *types)


def ordered_parts(settings: CaptureSettings) -> tuple[str, ...]:
    """Parts in column order: outputs first unless the baseline has them last (contract 2.3)."""
    outputs_first = settings.output_columns_position.upper() != "END"
    asked = ["endpointOutput" if part == "batchTransformOutput" else part for part in settings.parts]
    return tuple(sorted(dict.fromkeys(asked), key=lambda part: (part != "endpointOutput") == outputs_first))


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


def _width(sample: pa.Table, rules: PayloadRules, table: TableRules) -> int:
    """The most frequent number of CSV fields in a row; of equally frequent ones the first seen."""
    rows = rows_of(sample, rules, _ignored, ReadReport())
    columns = [rows.texts[part].to_pylist() for part in table.csv_parts]
    widths = Counter(
        sum(max(len(csv_fields(text)), 1) for text in row if text is not None) for row in zip(*columns, strict=True)
    )
    return widths.most_common(1)[0][0] if widths else 0


def _json_types(sample: pa.Table, rules: PayloadRules, table: TableRules) -> tuple[Mapping[str, str], TableRules]:
    """Types of the JSON columns in table order, and which names of later parts clash with earlier ones."""
    types: dict[str, str] = {}
    taken: dict[str, frozenset[str]] = {}
    rows = rows_of(sample, rules, _ignored, ReadReport())
    for part in table.json_parts:
        taken[part] = frozenset([*table.names, *types])
        alone = TableRules(json_parts=(part,), taken=taken)
        _, found = tabulate(rows, alone, {})
        types |= planned_types([found.columns])
    return types, replace(table, taken=taken)
