"""CSV: every column as text, since what a cell is follows from its text (docs/decisions/0001)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport, Split
from engine.datasets.csv_dialect import Dialect
from engine.datasets.csv_fields import split_fields
from engine.datasets.csv_header import find_heading, repeats_names, starts_with_header
from engine.datasets.csv_names import header_names, positional_names
from engine.datasets.csv_parsing import CsvParser
from engine.datasets.csv_records import first_records, separator_line
from engine.datasets.csv_repeats import may_repeat_header, without_headers
from engine.datasets.quotes import QuoteRules
from engine.datasets.text_blocks import (
    ANY_LINE_END,
    BATCH_ROWS,
    BYTE_ORDER_MARK,
    Block,
    Cut,
    after_last_line_end,
    blocks,
)

NARROW = "rows with fewer columns than expected, filled up with nulls"


@dataclass(frozen=True)
class CsvReader:
    """Reads CSV.

    Attributes:
        names: The columns, from the first file's header, a baseline, or ``_c0``, ``_c1``, ...
        header: Whether files start with a header, which is dropped.
        rules: The dialect.
        multiline: Whether quoted fields may hold line ends.
        notes: What planning found worth telling.
        said: Whether the user says if there is a header; else the first file shows it.
    """

    names: tuple[str, ...]
    header: bool = True
    rules: QuoteRules = field(default_factory=QuoteRules)
    multiline: bool = True
    notes: tuple[str, ...] = ()
    said: bool = False
    format: str = "csv"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The records of a split as columns of text; malformed ones go to the report."""
        if split.index == 0:
            for note in self.notes:
                report.note(note)
        parser = CsvParser(self.names, self.rules, self.multiline)
        for fragment in split.fragments:
            first = fragment.start == 0
            for block in blocks(fragment, report, csv_cut(self.rules, self.multiline), ANY_LINE_END):
                records = self._without_header(block, report) if first else block
                first = False
                yield from _batches(parser, fragment, records, report, columns)

    def retyped(self, types: Mapping[str, str]) -> CsvReader:
        """Columns are text already."""
        return self

    def _without_header(self, block: Block, report: ReadReport) -> Block:
        """The records below the header of a file, where it has one."""
        block = _without_separator_line(block)
        heads = first_records(block.data, self.rules, self.multiline, 1 if self.header else 2)
        if not heads:
            return block
        first, *below = (fields_of(record, self.rules) for _, record in heads)
        if self.header:
            is_header, note = starts_with_header(first, self.names)
        else:
            is_header, note = repeats_names(first, below[0] if below else (), self.names, self.said)
        if note:
            report.note(note)
        length = heads[0][0] if is_header else 0
        return Block(block.data[length:], block.offset + length)


def csv_cut(rules: QuoteRules, multiline: bool) -> Cut:
    """Where the last whole record of a piece of text ends."""
    return rules.after_last_record if multiline else after_last_line_end


def plan_reader(
    fragments: Sequence[Fragment], dialect: Dialect, header: bool | None = None, names: Sequence[str] | None = None
) -> CsvReader:
    """Plan a reader by the first record there is.

    Args:
        fragments: Files, the first with a record decides.
        dialect: How they are written.
        header: Whether that record holds names; None finds out.
        names: Names by position where there is no header; columns beyond them are ``_cN``.

    Raises:
        DataFormatError: The record holds values where the user says that it holds names.
    """
    rules, multiline = dialect.rules, dialect.multiline
    for fragment in fragments:
        for block in blocks(fragment, ReadReport(), after_last_line_end, ANY_LINE_END):
            for _, record in first_records(_without_separator_line(block).data, rules, multiline, 1):
                fields = fields_of(record, rules)
                heading = find_heading(fragment.uri, fields, header, tuple(names or ()))
                columns = header_names(fields) if heading.header else positional_names(len(fields), names)
                notes = (*dialect.notes, heading.note) if heading.note else dialect.notes
                return CsvReader(columns, heading.header, rules, multiline, notes, header is not None)
    return CsvReader(tuple(names or ()), header is not False, rules, multiline, dialect.notes)


def _without_separator_line(block: Block) -> Block:
    length, _ = separator_line(block.data) if block.offset <= len(BYTE_ORDER_MARK) else (0, None)
    return Block(block.data[length:], block.offset + length) if length else block


def fields_of(record: bytes, rules: QuoteRules) -> list[str]:
    """The fields of a record of a file."""
    return split_fields(record.decode("utf-8", "replace"), rules)


def _batches(
    parser: CsvParser, fragment: Fragment, block: Block, report: ReadReport, columns: tuple[str, ...] | None
) -> Iterator[pa.RecordBatch]:
    def bad(offset: int, reason: str, record: bytes) -> None:
        report.malformed(fragment.uri, {"byte": block.offset + offset}, reason, record.decode("utf-8", "replace"))

    def short(count: int) -> None:
        report.note(NARROW, count)

    if may_repeat_header(block.data, parser):
        whole = without_headers(parser.parse(block.data, bad, None, short), report)
        table = whole if columns is None else whole.select(list(columns))
    else:
        table = parser.parse(block.data, bad, columns, short)
    yield from table.to_batches(max_chunksize=BATCH_ROWS)
