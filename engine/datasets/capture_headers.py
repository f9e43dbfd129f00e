"""Lines of names in captured CSV: some clients send ``age,income`` above the values in each request.

Such a line is no row. It is told from data once, from the first records, by what they all have in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.capture_csv import csv_fields, csv_records
from engine.datasets.capture_rows import count_of
from engine.datasets.csv_fields import is_number
from engine.datasets.json_rows import RowCount
from engine.datasets.payload import Payload
from engine.datasets.row_counts import MalformedPayloadError

Record = Mapping[str, Payload]
"""The payloads of a record by part."""


def find_headers(records: Sequence[Record], names: Sequence[str] | None) -> dict[str, str]:
    """Return the line of names that all CSV payloads of a part begin with, for the parts that have one.

    Args:
        records: The first records.
        names: Names of the baseline's columns.
    """
    headers = {part: _header(part, records, names or ()) for part in ("endpointInput", "endpointOutput")}
    return {part: header for part, header in headers.items() if header is not None}


def _header(part: str, records: Sequence[Record], names: Sequence[str]) -> str | None:
    """The first line that all payloads of a part share, if it is names: no numbers, and what follows shows it."""
    holders = [record for record in records if part in record and record[part].kind == "csv"]
    header = _first_line(holders[0][part].text) if holders else ""
    fields = csv_fields(header) if header else []
    if not fields or len(set(fields)) < len(fields) or not all(field.strip() for field in fields):
        return None
    if any(is_number(field) or _opens_list(field) for field in fields) or any(
        _first_line(record[part].text) != header for record in holders
    ):
        return None
    try:
        lines = [csv_records(part, record[part].text) for record in holders]
    except MalformedPayloadError:
        return None
    below = [line for of_payload in lines for line in of_payload[1:]]
    others = [_count_beside(part, record) for record in holders]
    pairs = [(len(rows), other) for rows, other in zip(lines, others, strict=True) if other is not None]
    if not below or _counted_as_row(pairs):
        return None
    known = {name.casefold() for name in names}
    shown = {field.strip().casefold() for field in fields} <= known or _names_numbers(below) or _is_one_too_many(pairs)
    return header if shown else None


def _opens_list(field: str) -> bool:
    """Whether a field is the start of a list of scores, ``[0.1``."""
    return field.lstrip().startswith("[")


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0].rstrip("\r")


def _names_numbers(lines: Sequence[str]) -> bool:
    """Whether some column below the first line is numbers."""
    rows = [csv_fields(line) for line in lines]
    columns = zip(*(row for row in rows if len(row) == len(rows[0])), strict=True)
    cells = ([cell for cell in column if cell.strip()] for column in columns)
    return any(column and all(map(is_number, column)) for column in cells)


def _count_beside(part: str, record: Record) -> RowCount | None:
    other = "endpointOutput" if part == "endpointInput" else "endpointInput"
    try:
        return count_of(record[other]) if other in record else None
    except MalformedPayloadError:
        return None


def _counted_as_row(pairs: Sequence[tuple[int, RowCount]]) -> bool:
    """Whether the other part has a row for each line, the first included."""
    return bool(pairs) and all(other.allowed == (lines,) for lines, other in pairs)


def _is_one_too_many(pairs: Sequence[tuple[int, RowCount]]) -> bool:
    """Whether the other part has a row for each line but the first."""
    return bool(pairs) and all(lines - 1 in other.allowed and lines not in other.allowed for lines, other in pairs)


def without_header(texts: pa.Array, header: str) -> pa.Array:
    """Return payloads without the line that all begin with; one that holds nothing else stays."""
    begins = pc.or_(*(pc.starts_with(texts, header + end) for end in ("\n", "\r\n")))
    rest = pc.utf8_ltrim(pc.utf8_slice_codeunits(texts, len(header)), characters="\r\n")
    return pc.if_else(begins, rest, texts)


def without_header_line(text: str, header: str) -> str:
    r"""Return one payload without the line that all begin with.

    >>> without_header_line("a,b\n1,2", "a,b"), without_header_line("a,bc", "a,b")
    ('1,2', 'a,bc')
    """
    begins = text.startswith((header + "\n", header + "\r\n"))
    return text.removeprefix(header).lstrip("\r\n") if begins else text
