"""The records of CSV text one by one, for the few that are looked at alone."""

from __future__ import annotations

from itertools import pairwise

from engine.datasets.quotes import QuoteRules
from engine.datasets.text_blocks import ANY_LINE_END

_HEAD = 64 * 1024


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


def end_of_line(data: bytes, start: int) -> int:
    """The offset after the line end at or after ``start``."""
    match = ANY_LINE_END.search(data, start)
    return match.end() if match else len(data)


def _filled(records: list[bytes], count: int) -> list[tuple[int, bytes]]:
    heads: list[tuple[int, bytes]] = []
    stop = 0
    for record in records:
        stop += len(record)
        if text := record.strip(b"\r\n"):
            heads.append((stop, text))
        if len(heads) == count:
            break
    return heads


def _closed(heads: list[tuple[int, bytes]], data: bytes, rules: QuoteRules) -> list[tuple[int, bytes]]:
    """Records of which a last one whose quote is never closed is its line, and not all that follows."""
    ends, still_open = rules.record_ends(data)
    if not still_open:
        return heads
    start = int(ends[-1]) if len(ends) else 0
    stop = end_of_line(data, start)
    return [*heads[:-1], (stop, data[start:stop].strip(b"\r\n"))]
