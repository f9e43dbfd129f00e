"""From rows of payload texts to columns: one call of the CSV parser, and of the JSON parser for each JSON part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from engine.columns.layout import PartColumn, is_position, name_order
from engine.datasets.base import ReadReport
from engine.datasets.capture_alignment import align
from engine.datasets.capture_payloads import Rows
from engine.datasets.csv_parsing import read_text
from engine.datasets.csv_reader import NARROW
from engine.datasets.json_columns import FlatColumns
from engine.datasets.json_parsing import parse_lines
from engine.datasets.quotes import QuoteRules
from engine.datasets.table_rules import ATTRIBUTION_PREFIX, PART_NAMES, TableRules

MOST_EXTRA = 100
"""Columns that a row may have beyond those expected. One with more is no row of this table: it is malformed."""


def tabulate(
    rows: Rows, rules: TableRules, types: Mapping[str, str], report: ReadReport
) -> tuple[dict[str, pa.Array], FlatColumns]:
    """Parse rows.

    Args:
        rows: The rows; those that turn out malformed are reported through them and left out of every column.
        rules: Which parts make which columns.
        types: Planned types of JSON columns.
        report: Counts the rows that are wider or narrower than expected.

    Returns:
        The CSV columns, and the JSON columns in their natural types with the number of rows.
    """
    wrong: dict[int, str] = {}
    rows = align(rows, rules.csv_parts, rules.widths, report)
    csv = _csv(rows, rules, wrong, report)
    json = _json(rows, rules, types, wrong)
    for text, count in json.notes.items():
        report.note(text, count)
    if not wrong:
        return csv, json
    for row, reason in sorted(wrong.items()):
        rows.bad(int(rows.offsets[row]), reason)
    kept = np.setdiff1d(np.arange(len(rows.offsets)), np.array(list(wrong), np.int64))
    if not rules.json_parts:  # the parser has left them out already
        return csv, FlatColumns({}, len(kept))
    texts = {part: text.take(pa.array(kept)) for part, text in rows.texts.items()}
    return tabulate(Rows(texts, rows.offsets[kept], rows.bad), rules, types, ReadReport())


def _csv(rows: Rows, rules: TableRules, wrong: dict[int, str], report: ReadReport) -> dict[str, pa.Array]:
    if not rules.csv_parts or not len(rows.offsets):
        return {}
    texts = [_in_place(rows.texts[part], rules.widths.get(part, 0)) for part in rules.csv_parts]
    joined = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, ",", null_handling="skip")
    if not rules.names and joined.null_count == len(joined):
        return {}  # no record has the part at all
    lines = pc.fill_null(joined, "")
    others: dict[int, int] = {}
    columns = _parsed(lines, rules.names, others)
    return _ragged(lines, rules, others, wrong, report) if others else columns


def _in_place(texts: pa.Array, width: int) -> pa.Array:
    """Nulls in the place of a part that a record lacks, so that its other part stays in its own columns."""
    return pc.fill_null(texts, "," * (width - 1)) if width and texts.null_count else texts


def _parsed(lines: pa.Array, names: Sequence[str], others: dict[int, int]) -> dict[str, pa.Array]:
    """Columns of the rows that have as many fields as there are names; the widths of other rows go to ``others``."""

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        others[row.number - 1] = row.actual_columns
        return "skip"

    table = read_text(as_lines(lines), names, QuoteRules(), skip, keep_empty_lines=True)
    return {name: column.combine_chunks() for name, column in zip(names, table.columns, strict=True)}


def _ragged(
    lines: pa.Array, rules: TableRules, others: dict[int, int], wrong: dict[int, str], report: ReadReport
) -> dict[str, pa.Array]:
    """Rows of different widths as one table: short ones end in nulls, long ones bring further columns."""
    expected = len(rules.names)
    widths = np.full(len(lines), expected, np.int64)
    widths[list(others)] = list(others.values())
    fits = widths <= expected + MOST_EXTRA
    for row in np.flatnonzero(~fits).tolist():
        wrong[row] = f"wrong number of columns: expected {expected}, got {widths[row]}"
    for text, count in (
        (NARROW, int((widths < expected).sum())),
        ("rows with more columns than expected", int((fits & (widths > expected)).sum())),
    ):
        if count:
            report.note(text, count)
    kept = widths[fits]
    widest = int(kept.max(initial=0))
    names = rules.csv_names(widest)
    if not len(kept):
        return {name: pa.array([], pa.string()) for name in names}
    commas = pa.array(["," * (widest - width) for width in kept.tolist()], pa.string())
    return _parsed(pc.binary_join_element_wise(lines.filter(pa.array(fits)), commas, ""), names, {})


def _json(rows: Rows, rules: TableRules, types: Mapping[str, str], wrong: dict[int, str]) -> FlatColumns:
    columns: dict[str, pa.Array] = {}
    sources: dict[str, PartColumn] = {}
    notes: Counter[str] = Counter()
    for part in rules.json_parts if len(rows.offsets) else ():
        taken = rules.taken.get(part, frozenset())
        found = _json_part(rows, part, rules.local_texts(part, types), wrong)
        notes.update(found.notes)
        for name in sorted(found.columns, key=name_order):
            unique = rules.json_name(part, name, taken | columns.keys())
            columns[unique] = found.columns[name]
            attributed = name.startswith(ATTRIBUTION_PREFIX) and part == "endpointOutput"
            owner, in_list = "attributions" if attributed else PART_NAMES[part], is_position(name)
            sources[unique] = PartColumn(owner, name, positional=in_list, element=in_list)
    return FlatColumns(columns, len(rows.offsets), sources, notes)


def _json_part(rows: Rows, part: str, texts: set[str], wrong: dict[int, str]) -> FlatColumns:
    lines = as_lines(pc.fill_null(rows.texts[part], "{}"))

    def bad(offset: int, reason: str, _line: bytes) -> None:
        wrong[lines.count(b"\n", 0, offset)] = f"{reason} in {part}"

    return parse_lines(lines, bad, texts)


def as_lines(texts: pa.Array) -> bytes:
    """Texts joined by line ends."""
    column = pa.array(texts, pa.string()) if not isinstance(texts, pa.ChunkedArray) else texts.combine_chunks()
    lists = pa.ListArray.from_arrays(pa.array([0, len(column)], pa.int32()), column)
    joined = pc.binary_join(lists, "\n")[0].as_buffer()
    return bytes(joined) + b"\n"
