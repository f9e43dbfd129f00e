"""The records of CSV text one by one, for the few that are looked at alone."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise

from engine.datasets.quotes import Offsets, QuoteRules
from engine.datasets.text_blocks import ANY_LINE_END

_HEAD = 64 * 1024
_SEPARATOR_LINE = re.compile(rb'"?sep=(.)"?(?:\r\n|\n|\r)', re.IGNORECASE)
"""The line before the header by which Excel is told the delimiter."""


def split_records(data: bytes, rules: QuoteRules, multiline: bool = True) -> list[bytes]:
    """The records with their line ends; what is left after the last line end is one, too."""
    if not multiline:
        return data.splitlines(keepends=True)
    ends = rules.record_ends(data)[0].tolist()
    rest = [len(data)] if not ends or ends[-1] < len(data) else []
    return [data[start:stop] for start, stop in pairwise([0, *ends, *rest])]


def first_records(data: bytes, rules: QuoteRules, multiline: bool, count: int) -> list[tuple[int, bytes]]:
    """The first records that are no empty lines, without their line ends, and the offset after the line end of each."""
    want = _HEAD
    while True:
        records = split_records(data[:want], rules, multiline)
        heads = _filled(records if want >= len(data) else records[:-1], count)  # the last one may go on
        if len(heads) == count:
            return heads
        if want >= len(data):
            return _closed(heads, data, rules) if multiline else heads
        want *= 2


def separator_line(data: bytes) -> tuple[int, str | None]:
    r"""The length of a line ``sep=;`` at the start of a file, and the delimiter that it names.

    >>> separator_line(b"sep=;\na;b\n"), separator_line(b"a;b\n")
    ((6, ';'), (0, None))
    """
    match = _SEPARATOR_LINE.match(data)
    return (match.end(), match[1].decode("latin-1")) if match else (0, None)


def end_of_line(data: bytes, start: int) -> int:
    """The offset after the line end at or after ``start``."""
    match = ANY_LINE_END.search(data, start)
    return match.end() if match else len(data)


def records_around(places: Sequence[int], ends: Offsets, length: int) -> list[tuple[int, int]]:
    """Where the records begin and end that hold some places."""
    bounds = [0, *ends.tolist(), length]
    return list(dict.fromkeys((bounds[i := bisect(ends, place)], bounds[i + 1]) for place in places))


def _filled(records: list[bytes], count: int) -> list[tuple[int, bytes]]:
    heads: list[tuple[int, bytes]] = []
    stop = 0
    for record in records:
        stop += len(record)
        if record.strip():
            heads.append((stop, record.strip(b"\r\n")))
        if len(heads) == count:
            break
    return heads


def _closed(heads: list[tuple[int, bytes]], data: bytes, rules: QuoteRules) -> list[tuple[int, bytes]]:
    """Records of which a last one whose quote is never closed is its line, and not all that follows."""
    ends, still_open, _ = rules.scan_records(data)
    if still_open is None:
        return heads
    start = int(ends[-1]) if len(ends) else 0
    stop = end_of_line(data, still_open)
    return [*heads[:-1], (stop, data[start:stop].strip(b"\r\n"))]
