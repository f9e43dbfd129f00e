"""From capture records to rows of payload texts: whole columns where a record is one row, the others one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.capture_parts import members_of
from engine.datasets.capture_rows import MalformedPayloadError, Payload, decode, expand

_WELL_FORMED = r'^(?:[^",]*|"(?:[^"]|"")*")(?:,(?:[^",]*|"(?:[^"]|"")*"))*$'

BadRecord = Callable[[int, str], None]
"""Told about a malformed record: offset of its line, reason."""

Cells = tuple[str | None, str | None, str | None]
"""Payload, encoding and content type of one part of a record."""

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class PayloadRules:
    """Which parts of a record are used, in column order, and how.

    Attributes:
        parts: Parts in column order.
        kinds: ``csv`` or ``json`` for each part, from the first records of the dataset.
        base64_as: What BASE64 payloads hold; None goes by the content type.
        multi_row: ``zip``, ``first`` or ``error``.
        explanations: Whether attributions in explained responses become columns.
    """

    parts: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)
    base64_as: str | None = None
    multi_row: str = "zip"
    explanations: bool = False

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
    _note_absent(columns, report)
    simple = np.ones(len(records), bool)
    texts: dict[str, pa.Array] = {}
    for part, column in columns.items():
        texts[part] = pc.utf8_rtrim(column.data, characters="\r\n")
        simple &= _is_simple(texts[part], column.encoding, rules.kind(part))
    simple &= ~np.logical_and.reduce([column.absent for column in columns.values()])
    if simple.all():
        return Rows(texts, offsets, bad)
    return _with_expanded(texts, columns, simple, offsets, rules, bad)


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
        chosen = np.flatnonzero(_flags(pc.fill_null(pc.equal(self.encoding, "BASE64"), False)))
        if not len(chosen):
            return self
        data, encodings, types = self.data.to_pylist(), self.encoding.to_pylist(), self.content_type.to_pylist()
        for record in chosen.tolist():
            with suppress(MalformedPayloadError, AttributeError):
                payload = decode(part, data[record], "BASE64", types[record], base64_as)
                data[record], encodings[record] = payload.text, payload.kind.upper()
        return _Part(pa.array(data, pa.string()), pa.array(encodings, pa.string()), self.content_type)

    def cells(self, record: int) -> Cells:
        """Those of one record."""
        return self.data[record].as_py(), self.encoding[record].as_py(), self.content_type[record].as_py()

    @property
    def absent(self) -> Flags:
        flags: Flags = _flags(pc.is_null(self.data))
        return flags


def _names(part: str) -> list[str]:
    return [f"{part}.{member}" for member in ("data", "encoding", "observedContentType")]


def _note_absent(columns: Mapping[str, _Part], report: ReadReport) -> None:
    for part, column in columns.items():
        if column.data.null_count:
            report.note(f"records without {part}", column.data.null_count)


def _flags(array: pa.Array) -> Flags:
    flags: Flags = pc.fill_null(array, True).to_numpy(zero_copy_only=False)
    return flags


def _is_simple(text: pa.Array, encoding: pa.Array, kind: str) -> Flags:
    """Whether a payload is one row of the expected kind on one line. An absent part is simple."""
    expected = pc.fill_null(pc.equal(encoding, kind.upper()), False)
    simple = _flags(pc.or_(expected, pc.is_null(text)))
    if kind == "json":
        return simple & ~_has(text, "\n") & _flags(pc.starts_with(text, "{"))
    simple &= ~_has(text, "\n") & ~_has(text, "\r")
    quoted = _has(text, '"')
    if quoted.any():
        simple &= _flags(pc.match_substring_regex(text, _WELL_FORMED))
    return simple


def _has(text: pa.Array, character: str) -> Flags:
    """Whether each text holds a character; a look at the whole buffer spares the look at each."""
    buffer = text.buffers()[2]
    if buffer is None or character.encode() not in memoryview(buffer).tobytes():
        return np.zeros(len(text), bool)
    found: Flags = pc.fill_null(pc.match_substring(text, character), False).to_numpy(zero_copy_only=False)
    return found


def _with_expanded(
    texts: Mapping[str, pa.Array],
    columns: Mapping[str, _Part],
    simple: Flags,
    offsets: np.ndarray[Any, np.dtype[np.int64]],
    rules: PayloadRules,
    bad: BadRecord,
) -> Rows:
    """Expand the records that are not simple, and put all rows back in the order of the records."""
    cells: dict[str, list[str | None]] = {part: [] for part in texts}
    owners: list[int] = []
    for record in np.flatnonzero(~simple).tolist():
        try:
            rows = _expand_cells({part: column.cells(record) for part, column in columns.items()}, rules)
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


def rows_of_record(record: dict[str, Any], rules: PayloadRules) -> list[list[str]]:
    """The rows of one parsed record, as :func:`rows_of` makes them of many: for each the texts of the parts that there are.

    Raises:
        MalformedPayloadError: It is no capture record, or a payload is broken.
    """
    members = dict(members_of(record))
    if problem := members.get("problem"):
        raise MalformedPayloadError(f"not a capture record: {problem}")
    rows = _expand_cells({part: _cells_of(members, part) for part in rules.parts}, rules)
    return [[row[part] for part in rules.parts if part in row] for row in rows]


def _cells_of(members: Mapping[str, str | None], part: str) -> Cells:
    data, encoding, content_type = (members[name] for name in _names(part))
    if part == "endpointOutput":
        others = [members[name] for name in _names("batchTransformOutput")]
        pairs = zip((data, encoding, content_type), others, strict=True)
        data, encoding, content_type = (other if own is None else own for own, other in pairs)
    return data, encoding, content_type


def _expand_cells(cells: Mapping[str, Cells], rules: PayloadRules) -> list[dict[str, str]]:
    """The rows of the payloads of one record, by part."""
    payloads: list[Payload] = []
    for part, (data, encoding, content_type) in cells.items():
        if data is not None:
            payloads.append(decode(part, data, encoding, content_type, rules.base64_as))
    if not payloads:
        raise MalformedPayloadError(f"the record has none of the parts {', '.join(cells)}")
    for payload in payloads:
        if rules.kinds and payload.kind != rules.kind(payload.part):
            expected = rules.kind(payload.part).upper()
            found = payload.kind.upper()
            raise MalformedPayloadError(f"{payload.part} holds {found}, that of other records {expected}")
    rows = expand(payloads, rules.multi_row)
    return [dict(zip((p.part for p in payloads), row, strict=True)) for row in rows]
