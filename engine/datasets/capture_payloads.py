"""From capture records to rows of payload texts: whole columns where a record is one row, the others one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.capture_csv import without_brackets
from engine.datasets.capture_decoding import Payload, decode
from engine.datasets.capture_headers import without_header, without_header_line
from engine.datasets.capture_looks import Flags, Look, flags, has, look_at
from engine.datasets.capture_parts import members_of
from engine.datasets.capture_rows import expand
from engine.datasets.row_counts import MalformedPayloadError

CAPTURED = ("endpointOutput", "endpointInput")
"""Parts that say how many rows a record is, also where a job does not use them."""

BadRecord = Callable[[int, str], None]
"""Told about a malformed record: offset of its line, reason."""

Cells = tuple[str | None, str | None, str | None]
"""Payload, encoding and content type of one part of a record."""


@dataclass(frozen=True)
class PayloadRules:
    """Which parts of a record are used, in column order, and how.

    Attributes:
        parts: Parts in column order.
        kinds: ``csv`` or ``json`` for each part, from the first records of the dataset.
        base64_as: What BASE64 payloads hold; None goes by the content type.
        multi_row: ``zip``, ``first`` or ``error``.
        explanations: Whether attributions in explained responses become columns.
        headers: The line of names that each CSV payload of a part begins with.
    """

    parts: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)
    base64_as: str | None = None
    multi_row: str = "zip"
    explanations: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Captured parts that are not used, but may say how many rows a record is."""
        return tuple(part for part in CAPTURED if part not in self.parts)

    def kind(self, part: str) -> str:
        """What the part's payloads are expected to be."""
        return self.kinds.get(part, "csv")


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
    columns = {part: _Part.of(records, part).decoded(part, rules.base64_as) for part in rules.parts}
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
        many |= _may_be_many(_Part.of(records, part))
    one_row: Flags = plain & (firm | ~many)
    return one_row


def _may_be_many(column: _Part) -> Flags:
    """Whether the payloads of a part that is not used may be several rows."""
    text = pc.utf8_rtrim(pc.fill_null(column.data, ""), characters="\r\n")
    kinds = pc.fill_null(column.content_type, "")
    packed = pc.and_(
        pc.fill_null(pc.equal(column.encoding, "BASE64"), False), pc.match_substring_regex(kinds, "csv|json|text")
    )
    return has(text, "\n") | has(text, "[") | flags(packed)


@dataclass(frozen=True)
class _Part:
    data: pa.Array
    encoding: pa.Array
    content_type: pa.Array

    @classmethod
    def of(cls, records: pa.Table, part: str) -> _Part:
        columns = [records.column(name).combine_chunks() for name in _names(part)]
        if part == "endpointOutput":  # batch jobs have their output under a name of its own
            others = [records.column(name).combine_chunks() for name in _names("batchTransformOutput")]
            columns = [pc.coalesce(*pair) for pair in zip(columns, others, strict=True)]
        return cls(*columns)

    def decoded(self, part: str, base64_as: str | None) -> _Part:
        """The same with BASE64 payloads as text; those that are broken stay, to be reported one by one."""
        chosen = np.flatnonzero(flags(pc.fill_null(pc.equal(self.encoding, "BASE64"), False)))
        if not len(chosen):
            return self
        data, encodings, types = self.data.to_pylist(), self.encoding.to_pylist(), self.content_type.to_pylist()
        for record in chosen.tolist():
            with suppress(MalformedPayloadError, AttributeError):
                payload = decode(part, data[record], "BASE64", types[record], base64_as)
                data[record], encodings[record] = payload.text, payload.kind.upper()
        return _Part(pa.array(data, pa.string()), pa.array(encodings, pa.string()), self.content_type)

    def take(self, records: np.ndarray[Any, np.dtype[np.int64]]) -> _Part:
        """The same of some records."""
        chosen = pa.array(records)
        return _Part(self.data.take(chosen), self.encoding.take(chosen), self.content_type.take(chosen))

    def to_list(self) -> list[Cells]:
        """The cells of each record."""
        return list(zip(self.data.to_pylist(), self.encoding.to_pylist(), self.content_type.to_pylist(), strict=True))

    @property
    def absent(self) -> Flags:
        return flags(pc.is_null(self.data))


def _names(part: str) -> list[str]:
    return [f"{part}.{member}" for member in ("data", "encoding", "observedContentType")]


def _note_parts(columns: Mapping[str, _Part], rules: PayloadRules, report: ReadReport) -> None:
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
    columns: Mapping[str, _Part],
    simple: Flags,
    records: pa.Table,
    rules: PayloadRules,
    bad: BadRecord,
) -> Rows:
    """Expand the records that are not simple, and put all rows back in the order of the records."""
    offsets = records.column("offset").to_numpy()
    expanded = np.flatnonzero(~simple)
    used = _cells({part: column.take(expanded) for part, column in columns.items()})
    witnesses = _cells({part: _Part.of(records, part).take(expanded) for part in rules.witnesses})
    cells: dict[str, list[str | None]] = {part: [] for part in texts}
    owners: list[int] = []
    for place, record in enumerate(expanded.tolist()):
        try:
            rows = _expand_cells(_at(used, place), _at(witnesses, place), rules)
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


def _cells(columns: Mapping[str, _Part]) -> dict[str, list[Cells]]:
    return {part: column.to_list() for part, column in columns.items()}


def _at(cells: Mapping[str, list[Cells]], place: int) -> dict[str, Cells]:
    return {part: column[place] for part, column in cells.items()}


def rows_of_record(record: dict[str, Any], rules: PayloadRules) -> list[dict[str, str]]:
    """The rows of one parsed record, as :func:`rows_of` makes them of many: for each the texts of the parts that there are.

    Raises:
        MalformedPayloadError: It is no capture record, or a payload is broken.
    """
    members = dict(members_of(record))
    if problem := members.get("problem"):
        raise MalformedPayloadError(f"not a capture record: {problem}")
    cells, others = ({part: _cells_of(members, part) for part in parts} for parts in (rules.parts, rules.witnesses))
    return _expand_cells(cells, others, rules)


def _cells_of(members: Mapping[str, str | None], part: str) -> Cells:
    data, encoding, content_type = (members[name] for name in _names(part))
    if part == "endpointOutput":
        others = [members[name] for name in _names("batchTransformOutput")]
        pairs = zip((data, encoding, content_type), others, strict=True)
        data, encoding, content_type = (other if own is None else own for own, other in pairs)
    return data, encoding, content_type


def _expand_cells(
    cells: Mapping[str, Cells], witnesses: Mapping[str, Cells], rules: PayloadRules
) -> list[dict[str, str]]:
    """The rows of the payloads of one record, by part."""
    payloads = [_payload(part, *of_part, rules) for part, of_part in cells.items() if of_part[0] is not None]
    if not payloads:
        raise MalformedPayloadError(f"the record has none of the parts {', '.join(cells)}")
    others: list[Payload] = []
    for part, (data, encoding, content_type) in witnesses.items():
        with suppress(MalformedPayloadError):  # what is not used cannot break a record
            if data is not None:
                others.append(decode(part, data, encoding, content_type, rules.base64_as))
    rows = expand(payloads, rules.multi_row, others)
    return [dict(zip((p.part for p in payloads), row, strict=True)) for row in rows]


def _payload(
    part: str, data: str | None, encoding: str | None, content_type: str | None, rules: PayloadRules
) -> Payload:
    payload = decode(part, data or "", encoding, content_type, rules.base64_as)
    payload = payload.as_kind(rules.kind(part)) if rules.kinds else payload
    header = rules.headers.get(part)
    if header is None or payload.kind != "csv":
        return payload
    if payload.text == header:
        raise MalformedPayloadError(f"{part} holds a line of names and no rows")
    return replace(payload, text=without_header_line(payload.text, header))
