"""CSV text to Arrow columns of text, with everything that is no record quarantined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.csv

from engine.datasets.csv_records import end_of_line, records_around, split_records
from engine.datasets.escapes import original_offset
from engine.datasets.quotes import Offsets, QuoteRules

Bad = Callable[[int, str, bytes], None]
"""Told about a malformed record: byte offset in the text, reason, record."""


@dataclass(frozen=True)
class CsvParser:
    """Parses text that holds whole records.

    Attributes:
        names: The columns.
        rules: Delimiter and quote.
        multiline: Whether quoted fields may hold line ends.
    """

    names: tuple[str, ...]
    rules: QuoteRules = field(default_factory=QuoteRules)
    multiline: bool = True

    def parse(
        self, data: bytes, bad: Bad, columns: Sequence[str] | None = None, short: Callable[[int], None] | None = None
    ) -> pa.Table:
        """Parse records; an empty field is null, quoted or not, and so are the fields that a short record lacks.

        Args:
            data: The text, without a header.
            bad: Told about records with too many columns, invalid UTF-8 or an unclosed quote.
            columns: Columns to keep.
            short: Told the number of records with too few columns.
        """
        plain, removed = self.rules.unescaped(data)
        if plain is not data:
            bad = _told_of_original(data, removed, bad)
            return replace(self, rules=self.rules.without_escape).parse(plain, bad, columns, short)
        original = data
        data = self._drop_unclosed(data, bad)
        if not is_utf8(data):
            data = self._drop_invalid_text(data, original, bad)
        wrong: list[pyarrow.csv.InvalidRow] = []
        table = self._table(data, wrong, columns)
        narrow = [row.text for row in wrong if row.actual_columns < row.expected_columns]
        if narrow:
            data, wrong = self._filled_up(data, wrong), []
            table = self._table(data, wrong, columns)
            if short is not None:
                short(sum(1 for text in narrow if text.strip()))
        position = 0
        for row in wrong:
            text = row.text.encode()
            position = locate(original, text, position)
            bad(position, f"wrong number of columns: expected {row.expected_columns}, got {row.actual_columns}", text)
            position += len(text)
        return table

    def _table(self, data: bytes, wrong: list[pyarrow.csv.InvalidRow], columns: Sequence[str] | None) -> pa.Table:
        if not data.strip(b"\r\n"):
            return pa.table({name: pa.array([], pa.string()) for name in columns or self.names})

        def skip(row: pyarrow.csv.InvalidRow) -> str:
            wrong.append(row)
            return "skip"

        return read_text(data, self.names, self.rules, skip, columns)

    def _filled_up(self, data: bytes, wrong: Sequence[pyarrow.csv.InvalidRow]) -> bytes:
        """The text with delimiters behind records that are too short. A line of blanks is empty, as for Spark's reader."""
        kept: list[bytes] = []
        rows = iter(wrong)  # in the order of the records, so that the next one is found by its text
        row = next(rows, None)
        for record in self.records(data):
            text = record.rstrip(b"\r\n")
            if row is None or text != row.text.encode():
                kept.append(record)
                continue
            missing = row.expected_columns - row.actual_columns
            if text.strip():
                kept.append(text + self.rules.delimiter.encode() * max(missing, 0) + b"\n")
            row = next(rows, None)
        return b"".join(kept)

    def _drop_unclosed(self, data: bytes, bad: Bad) -> bytes:
        """Leave out lines whose quote is never closed, as they would swallow what follows them."""
        if self.rules.quote.encode() not in data:
            return data
        if not self.multiline:
            return self._drop_unclosed_lines(data, bad)
        kept: list[bytes] = []
        rest, offset = data, 0
        while True:
            ends, still_open, strays = self.rules.scan_records(rest)
            if still_open is None and not strays:
                return b"".join([*kept, rest]) if kept else rest
            broken = records_around(strays, ends, len(rest))
            if still_open is not None:
                broken.append((int(ends[-1]) if len(ends) else 0, end_of_line(rest, still_open)))
            position = 0
            for start, stop in broken:
                bad(offset + start, "a quote is not closed", rest[start:stop].rstrip(b"\r\n"))
                kept.append(rest[position:start])
                position = stop
            if still_open is None:
                return b"".join([*kept, rest[position:]])
            rest, offset = rest[position:], offset + position

    def _drop_unclosed_lines(self, data: bytes, bad: Bad) -> bytes:
        kept, offset = [], 0
        for line in data.splitlines(keepends=True):
            if self.rules.quote.encode() in line and self.rules.record_ends(line)[1]:
                bad(offset, "a quote is not closed", line.rstrip(b"\r\n"))
            else:
                kept.append(line)
            offset += len(line)
        return b"".join(kept)

    def _drop_invalid_text(self, data: bytes, original: bytes, bad: Bad) -> bytes:
        kept, position = [], 0
        for record in self.records(data):
            if is_utf8(record):
                kept.append(record)
            else:
                position = locate(original, record.rstrip(b"\r\n"), position)
                bad(position, "invalid UTF-8", record.rstrip(b"\r\n"))
                position += len(record)
        return b"".join(kept)

    def records(self, data: bytes) -> list[bytes]:
        """The records one by one, with their line ends."""
        return split_records(data, self.rules, self.multiline)


def _told_of_original(data: bytes, removed: Offsets, bad: Bad) -> Bad:
    """Tells of records as they stand in the text before quotes were normalised."""

    def told(offset: int, reason: str, record: bytes) -> None:
        start = original_offset(offset, removed)
        bad(start, reason, data[start : original_offset(offset + len(record), removed)])

    return told


def read_text(
    data: bytes,
    names: Sequence[str],
    rules: QuoteRules,
    skip: Callable[[pyarrow.csv.InvalidRow], str],
    columns: Sequence[str] | None = None,
    keep_empty_lines: bool = False,
) -> pa.Table:
    """One call of pyarrow's parser, in this thread, with every column as text."""
    parse = pyarrow.csv.ParseOptions(
        delimiter=rules.delimiter,
        quote_char=rules.quote,
        newlines_in_values=True,
        ignore_empty_lines=not keep_empty_lines,
        invalid_row_handler=skip,
    )
    read = pyarrow.csv.ReadOptions(column_names=list(names), use_threads=False, block_size=len(data) + 1)
    convert = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        include_columns=list(columns) if columns is not None else None,
    )
    return pyarrow.csv.read_csv(pa.BufferReader(data), read_options=read, parse_options=parse, convert_options=convert)


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, at memory speed."""
    if data.isascii():
        return True
    offsets = pa.array([0, len(data)], pa.int64()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(data)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def locate(data: bytes, record: bytes, after: int) -> int:
    """The offset of a line that is exactly ``record``, at or after ``after``."""
    position = data.find(record, after)
    while position >= 0:
        starts = position == 0 or data[position - 1 : position] in (b"\n", b"\r")
        stops = data[position + len(record) : position + len(record) + 1] in (b"", b"\n", b"\r")
        if starts and stops:
            return position
        position = data.find(record, position + 1)
    return after
