"""One captured record as rows of payload texts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from engine.datasets.capture_cells import Cells, member_columns
from engine.datasets.capture_decoding import decode
from engine.datasets.capture_headers import without_header_line
from engine.datasets.capture_parts import members_of
from engine.datasets.capture_rows import expand
from engine.datasets.payload import Payload
from engine.datasets.payload_rules import PayloadRules
from engine.datasets.row_counts import MalformedPayloadError


def rows_of_record(record: dict[str, Any], rules: PayloadRules) -> list[dict[str, str]]:
    """The rows of one parsed record, as :func:`rows_of` makes them of many: for each the texts of the parts that there are.

    Raises:
        MalformedPayloadError: It is no capture record, or a payload is broken.
    """
    members = dict(members_of(record))
    if problem := members.get("problem"):
        raise MalformedPayloadError(f"not a capture record: {problem}")
    cells, others = ({part: _cells_of(members, part) for part in parts} for parts in (rules.parts, rules.witnesses))
    return expand_cells(cells, others, rules)


def _cells_of(members: Mapping[str, str | None], part: str) -> Cells:
    data, encoding, content_type = (members[name] for name in member_columns(part))
    if part == "endpointOutput":
        others = [members[name] for name in member_columns("batchTransformOutput")]
        pairs = zip((data, encoding, content_type), others, strict=True)
        data, encoding, content_type = (other if own is None else own for own, other in pairs)
    return data, encoding, content_type


def expand_cells(
    cells: Mapping[str, Cells], witnesses: Mapping[str, Cells], rules: PayloadRules
) -> list[dict[str, str]]:
    """Return the rows of the payloads of one record, by part.

    Raises:
        MalformedPayloadError: A payload is broken, or the parts do not fit together.
    """
    payloads = [_payload(part, *of_part, rules) for part, of_part in cells.items() if of_part[0] is not None]
    if not payloads:
        raise MalformedPayloadError(f"the record has none of the parts {', '.join(cells)}")
    others: list[Payload] = []
    for part, (data, encoding, content_type) in witnesses.items():
        with suppress(MalformedPayloadError):  # what is not used cannot break a record
            if data is not None:
                others.append(_without_names(decode(part, data, encoding, content_type, rules.base64_as), rules))
    rows = expand(payloads, rules.multi_row, others)
    return [dict(zip((p.part for p in payloads), row, strict=True)) for row in rows]


def _payload(
    part: str, data: str | None, encoding: str | None, content_type: str | None, rules: PayloadRules
) -> Payload:
    payload = decode(part, data or "", encoding, content_type, rules.base64_as)
    return _without_names(payload.as_kind(rules.kind(part)) if rules.kinds else payload, rules)


def _without_names(payload: Payload, rules: PayloadRules) -> Payload:
    """The payload without the line of names above its values."""
    header = rules.headers.get(payload.part)
    if header is None or payload.kind != "csv":
        return payload
    if payload.text == header:
        raise MalformedPayloadError(f"{payload.part} holds a line of names and no rows")
    return replace(payload, text=without_header_line(payload.text, header))
