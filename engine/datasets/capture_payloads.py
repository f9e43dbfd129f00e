"""From capture records to rows of payload texts: whole columns where a record is one row, the others one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.capture_cells import Cells, PartCells
from engine.datasets.capture_csv import without_brackets
from engine.datasets.capture_headers import without_header
from engine.datasets.capture_looks import Flags, Look, flags, has, look_at
from engine.datasets.payload_rules import PayloadRules
from engine.datasets.record_rows import expand_cells
from engine.datasets.row_counts import MalformedPayloadError

BadRecord = Callable[[int, str], None]
"""Told about a malformed record: offset of its line, reason."""


@dataclass(frozen=True)
class Rows:
    """Rows in file order.

    Attributes:
        texts: For each part the text of each row on one line, null where the record has no such part.
        offsets: Offset of the line of each row's record.
        bad: Told about records that turn out malformed.
    """

    texts: Mapping[str, pa.Array]
    offsets: np.ndarray[Any, np.dtype[np.int64]]
    bad: BadRecord


def rows_of(records: pa.Table, rules: PayloadRules, bad: BadRecord, report: ReadReport) -> Rows:
    """Make records into rows.

    Args:
        records: Records as :func:`engine.datasets.capture_parts.parse_captures` gives them.
        rules: Which parts, and how.
        bad: Told about records whose payloads are broken.
        report: Counts records that lack a part.
    """
    offsets = records.column("offset").to_numpy()
    columns = {part: PartCells.of(records, part).decoded(part, rules.base64_as) for part in rules.parts}
    _note_parts(columns, rules, report)
    texts = {part: _prepared(column.data, part, rules) for part, column in columns.items()}
    looks = [
        look_at(
            text, columns[part].encoding, rules.kind(part), rules.headers.get(part), is_request=part == "endpointInput"
        )
        for part, text in texts.items()
    ]
    simple = _are_one_row(looks, records, rules)
    simple &= ~np.logical_and.reduce([column.absent for column in columns.values()])
    if simple.all():
        return Rows(texts, offsets, bad)
    return _with_expanded(texts, columns, simple, records, rules, bad)


def _prepared(data: pa.Array, part: str, rules: PayloadRules) -> pa.Array:
    """Payloads without line ends at their end; those of CSV without their header, and lists without brackets."""
    text = pc.utf8_rtrim(data, characters="\r\n")
    if rules.kind(part) != "csv":
        return text
    if part in rules.headers:
        text = without_header(text, rules.headers[part])
    return without_brackets(text) if has(text, "[").any() else text


def _are_one_row(looks: list[Look], records: pa.Table, rules: PayloadRules) -> Flags:
    """Whether each record is one row, as far as a look can tell."""
    plain: Flags = np.logical_and.reduce([look.plain for look in looks])
    firm: Flags = np.logical_or.reduce([look.firm for look in looks])
    open_still = plain & ~firm
    if not open_still.any():
        return plain
    many: Flags = np.logical_or.reduce([look.many for look in looks])
    for part in rules.witnesses:
        many |= _may_be_many(PartCells.of(records, part))
    one_row: Flags = plain & (firm | ~many)
    return one_row


def _may_be_many(column: PartCells) -> Flags:
    """Whether the payloads of a part that is not used may be several rows."""
    text = pc.utf8_rtrim(pc.fill_null(column.data, ""), characters="\r\n")
    kinds = pc.fill_null(column.content_type, "")
    packed = pc.and_(
        pc.fill_null(pc.equal(column.encoding, "BASE64"), False), pc.match_substring_regex(kinds, "csv|json|text")
    )
    return has(text, "\n") | has(text, "[") | flags(packed)


def _note_parts(columns: Mapping[str, PartCells], rules: PayloadRules, report: ReadReport) -> None:
    """Count records that lack a part, and payloads that are not what they are declared to be."""
    for part, column in columns.items():
        if column.data.null_count:
            report.note(f"records without {part}", column.data.null_count)
        kind = rules.kind(part).upper()
        other = "JSON" if kind == "CSV" else "CSV"
        header = rules.headers.get(part)
        if header is not None:
            above = pc.sum(pc.starts_with(column.data, header)).as_py() or 0
            report.note(f"{part}: lines of names above the values ({header}), left out", above)
        declared = pc.sum(pc.and_(pc.equal(column.encoding, other), pc.is_valid(column.data))).as_py()
        if declared and rules.kinds:
            report.note(f"payloads of {part} declared {other}; those of the part are read as {kind}", declared)


def _with_expanded(
    texts: Mapping[str, pa.Array],
    columns: Mapping[str, PartCells],
    simple: Flags,
    records: pa.Table,
    rules: PayloadRules,
    bad: BadRecord,
) -> Rows:
    """Expand the records that are not simple, and put all rows back in the order of the records."""
    offsets = records.column("offset").to_numpy()
    expanded = np.flatnonzero(~simple)
    used = _cells({part: column.take(expanded) for part, column in columns.items()})
    witnesses = _cells({part: PartCells.of(records, part).take(expanded) for part in rules.witnesses})
    cells: dict[str, list[str | None]] = {part: [] for part in texts}
    owners: list[int] = []
    for place, record in enumerate(expanded.tolist()):
        try:
            rows = expand_cells(_at(used, place), _at(witnesses, place), rules)
        except MalformedPayloadError as error:
            bad(int(offsets[record]), str(error))
            continue
        for row in rows:
            owners.append(record)
            for part, column in cells.items():
                column.append(row.get(part))
    kept = np.flatnonzero(simple)
    order = np.argsort(np.concatenate([kept, np.array(owners, np.int64)]), kind="stable")
    merged = {
        part: pa.concat_arrays([text.take(pa.array(kept)), pa.array(cells[part], pa.string())]).take(pa.array(order))
        for part, text in texts.items()
    }
    return Rows(merged, offsets[np.concatenate([kept, np.array(owners, np.int64)])[order]], bad)


def _cells(columns: Mapping[str, PartCells]) -> dict[str, list[Cells]]:
    return {part: column.to_list() for part, column in columns.items()}


def _at(cells: Mapping[str, list[Cells]], place: int) -> dict[str, Cells]:
    return {part: column[place] for part, column in cells.items()}
