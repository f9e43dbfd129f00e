"""From rows of payload texts to columns: one call of the CSV parser, and of the JSON parser for each JSON part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from engine.columns.layout import Part, PartColumn, is_position, name_order
from engine.datasets.base import ReadReport
from engine.datasets.capture_alignment import align
from engine.datasets.capture_parts import GROUND_TRUTH
from engine.datasets.capture_payloads import Rows
from engine.datasets.csv_names import positional_names
from engine.datasets.csv_parsing import read_text
from engine.datasets.csv_reader import NARROW
from engine.datasets.json_columns import FlatColumns
from engine.datasets.json_parsing import parse_lines
from engine.datasets.quotes import QuoteRules

PART_NAMES: Mapping[str, Part] = {
    "endpointInput": "request",
    "endpointOutput": "response",
    "batchTransformOutput": "response",
    GROUND_TRUTH: "label",
}
"""Parts of a record, as settings and errors call them."""
ATTRIBUTION_PREFIX = "shap_"
"""How the columns begin that are made of attributions in explained responses: no index into the response counts them."""

MOST_EXTRA = 100
"""Columns that a row may have beyond those expected. One with more is no row of this table: it is malformed."""


@dataclass(frozen=True)
class TableRules:
    """How rows become columns.

    Attributes:
        csv_parts: Parts with CSV payloads, in column order; their fields make one row.
        names: Names of the CSV columns, as many as most rows have.
        further: Names of columns beyond, from a baseline that is wider.
        widths: How many columns each CSV part has; a record that lacks the part has as many nulls in its place.
        json_parts: Parts with JSON payloads, in column order.
        taken: Names of earlier parts' columns, for each JSON part; its columns of such a name get a prefix.
        lists: CSV parts whose payloads are lists in brackets, such as ``[0.1, 0.9]``.
        only_label: Name within the label of the only column of labels in JSON, which is called as the part.
    """

    csv_parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    json_parts: tuple[str, ...] = ()
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    only_label: str | None = None

    def csv_names(self, width: int) -> tuple[str, ...]:
        """Names of so many CSV columns; those that have none are ``_cN``."""
        return positional_names(width, (*self.names, *self.further))

    def json_name(self, part: str, name: str, taken: AbstractSet[str]) -> str:
        """Return the name of a JSON column: its own, with the part before it where another column has that name."""
        if part != GROUND_TRUTH:
            return f"{part}.{name}" if name in taken else name
        if name == self.only_label:
            return GROUND_TRUTH
        position = name.removeprefix("_c")
        is_position = position != name and position.isdigit()
        return f"{part}.{position}" if is_position else f"{part}.{name}" if name in taken else name

    def local_texts(self, part: str, types: Mapping[str, str]) -> set[str]:
        """Return the names within a JSON part of the columns whose planned type is text."""
        names = {name.removeprefix(f"{part}.") for name, kind in types.items() if kind == "text"}
        if part == GROUND_TRUTH:
            names |= {f"_c{name}" for name in names if name.isdigit()}
            names |= {self.only_label} if self.only_label and types.get(GROUND_TRUTH) == "text" else set()
        return names

    def csv_sources(self, names: Iterable[str]) -> dict[str, PartColumn]:
        """Return where CSV columns come from; those beyond the expected ones continue the captured part before them."""
        owners = [(part, i) for part in self.csv_parts for i in range(self.widths.get(part, 0))]
        captured = [part for part in self.csv_parts if part != GROUND_TRUTH]
        last = (captured or list(self.csv_parts) or [GROUND_TRUTH])[-1]
        sources = {}
        for place, name in enumerate(names):
            part, index = owners[place] if place < len(owners) else (last, place)
            local = GROUND_TRUTH if part == GROUND_TRUTH else name or f"_c{index}"
            sources[name] = PartColumn(PART_NAMES[part], local, element=part in self.lists)
        return sources


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
    """Rows of different widths as one table (contract 2.5): short ones end in nulls, long ones bring further columns."""
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
    for part in rules.json_parts if len(rows.offsets) else ():
        taken = rules.taken.get(part, frozenset())
        found = _json_part(rows, part, rules.local_texts(part, types), wrong)
        for name in sorted(found.columns, key=name_order):
            unique = rules.json_name(part, name, taken | columns.keys())
            columns[unique] = found.columns[name]
            attributed = name.startswith(ATTRIBUTION_PREFIX) and part == "endpointOutput"
            owner, in_list = "attributions" if attributed else PART_NAMES[part], is_position(name)
            sources[unique] = PartColumn(owner, name, positional=in_list, element=in_list)
    return FlatColumns(columns, len(rows.offsets), sources)


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
