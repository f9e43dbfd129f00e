"""CSV: every column as text, since what a cell is follows from its text (docs/decisions/0001)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport, Split
from engine.datasets.csv_parsing import CsvParser
from engine.datasets.quotes import QuoteRules
from engine.datasets.text_blocks import BATCH_ROWS, Block, after_last_newline, blocks

OTHER_HEADER = "files whose header names other columns than the first file's, read by position"
NARROW = "rows with fewer columns than expected, filled up with nulls"


@dataclass(frozen=True)
class CsvReader:
    """Reads CSV.

    Attributes:
        names: The columns, from the first file's header, a baseline, or ``_c0``, ``_c1``, ...
        header: Whether every file starts with a header, which is dropped.
        delimiter: Character between fields.
        quote: Character around fields.
        multiline: Whether quoted fields may hold line ends.
    """

    names: tuple[str, ...]
    header: bool = True
    delimiter: str = ","
    quote: str = '"'
    multiline: bool = True
    format: str = "csv"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The records of a split as columns of text; malformed ones go to the report."""
        parser = CsvParser(self.names, QuoteRules(self.delimiter, self.quote), self.multiline)
        cut = parser.rules.after_last_record if self.multiline else after_last_newline
        for fragment in split.fragments:
            first = fragment.start == 0 and self.header
            for block in blocks(fragment, report, cut):
                records = self._without_header(block, parser, report) if first else block
                first = False
                yield from _batches(parser, fragment, records, report, columns)

    def retyped(self, types: Mapping[str, str]) -> CsvReader:
        """Columns are text already."""
        return self

    def _without_header(self, block: Block, parser: CsvParser, report: ReadReport) -> Block:
        """The records below the header. Its names must be those of the first file: cells are read by position."""
        length = 0
        for record in parser.records(block.data):
            length += len(record)
            if record.strip(b"\r\n"):
                if header_names(first_fields(record, parser.rules) or ()) != self.names:
                    report.note(OTHER_HEADER)
                break
        return Block(block.data[length:], block.offset + length)


def _batches(
    parser: CsvParser, fragment: Fragment, block: Block, report: ReadReport, columns: tuple[str, ...] | None
) -> Iterator[pa.RecordBatch]:
    def bad(offset: int, reason: str, record: bytes) -> None:
        report.malformed(fragment.uri, {"byte": block.offset + offset}, reason, record.decode("utf-8", "replace"))

    def short(count: int) -> None:
        report.note(NARROW, count)

    yield from parser.parse(block.data, bad, columns, short).to_batches(max_chunksize=BATCH_ROWS)


def infer_names(
    fragments: Sequence[Fragment], header: bool, rules: QuoteRules, names: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Names of the columns, from the first record there is.

    Args:
        fragments: Files, the first with a record decides.
        header: Whether that record holds names.
        rules: Delimiter and quote.
        names: Names by position when there is no header; columns beyond them are ``_cN``.
    """
    for fragment in fragments:
        for block in blocks(fragment, ReadReport(), rules.after_last_record):
            fields = first_fields(block.data, rules)
            if fields is None:
                continue
            return header_names(fields) if header else positional_names(len(fields), names)
    return tuple(names or ())


def first_fields(data: bytes, rules: QuoteRules) -> list[str] | None:
    """The fields of the first record that is not an empty line."""
    parser = CsvParser((), rules)
    head = data[: 1024 * 1024]
    for record in parser.records(head):
        text = record.strip(b"\r\n").decode("utf-8", "replace")
        if text:
            return next(csv.reader([text], delimiter=rules.delimiter, quotechar=rules.quote), [])
    return None


def positional_names(width: int, names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names by position, then ``_cN``.

    >>> positional_names(3, ["age"])
    ('age', '_c1', '_c2')
    """
    given = tuple(names or ())[:width]
    return (*given, *(f"_c{i}" for i in range(len(given), width)))


def header_names(fields: Sequence[str]) -> tuple[str, ...]:
    """Names as Spark makes them of a header: an empty one is ``_cN``, one that occurs twice gets its position.

    >>> header_names(["a", "", "A"])
    ('a0', '_c1', 'A2')
    """
    counts = Counter(name.lower() for name in fields)
    return tuple(
        f"_c{i}" if not name else (f"{name}{i}" if counts[name.lower()] > 1 else name) for i, name in enumerate(fields)
    )
