"""The record preprocessor: ``preprocess_handler(record[, logger])`` makes the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport, Split
from engine.datasets.capture_record import CaptureRecord
from engine.datasets.capture_window import is_inside, moment_of
from engine.datasets.csv_reader import csv_cut
from engine.datasets.csv_records import split_records
from engine.datasets.default_rows import unchanged_rows, with_labels
from engine.datasets.json_parsing import objects
from engine.datasets.payload_rules import PayloadRules
from engine.datasets.quotes import QuoteRules
from engine.datasets.row_counts import MalformedPayloadError
from engine.datasets.script_rows import ReturnedRows, Row, names_by_position, sorted_keys
from engine.datasets.text_blocks import ANY_LINE_END, BATCH_ROWS, NEWLINE, Block, Cut, after_last_newline, blocks
from engine.datasets.user_scripts import RAISED, UserScript, script_logger, takes_logger

SAMPLE = 1000
"""Rows that are looked at before the names of columns are decided."""

Handler = Callable[[Any], Any]

Record = tuple[int, Any, str]
"""Offset in the block, what the handler is called with, and the event id or an empty text."""


@dataclass(frozen=True)
class PreprocessedReader:
    """Gives each record to the user's handler, and reads what it returns as columns of text, sorted by key.

    Attributes:
        script: The script.
        format: Format of the files: ``capture``, ``csv`` or ``jsonl``.
        payloads: How a capture record is read that the handler returns as it is.
        renamed: Names of the baseline's features, for keys that are positions; see :meth:`named_as`.
        multiline: Whether quoted CSV fields may hold line ends.
        rules: Delimiter and quote of CSV.
        start: First moment of the window, for a filter by record.
        end: Moment after the window.
        labels: Whether rows get the label of their record, where it has one and the script gives them none.
    """

    script: UserScript
    format: str = "capture"
    payloads: PayloadRules = field(default_factory=lambda: PayloadRules(("endpointOutput", "endpointInput")))
    renamed: Mapping[str, str] = field(default_factory=dict)
    multiline: bool = True
    rules: QuoteRules = field(default_factory=QuoteRules)
    start: datetime | None = None
    end: datetime | None = None
    labels: bool = False

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows that the handler returns.

        Raises:
            UserScriptError: The handler raised or returned something that is no row.
        """
        handler, returned = self._handler(), self._returned()
        for fragment in split.fragments:
            for block in blocks(fragment, report, self._cut, self._line_end):
                rows = list(self._rows(handler, returned, fragment, block, report))
                table = returned.table(rows)
                if columns is not None:
                    missing = pa.nulls(len(rows), pa.string())
                    table = pa.table({n: table[n] if n in table.schema.names else missing for n in columns})
                yield from table.to_batches(max_chunksize=BATCH_ROWS)

    def named_as(self, names: Sequence[str], fragments: Sequence[Fragment]) -> PreprocessedReader:
        """The same reader with a baseline's names for keys that are positions.

        Decided once, for the whole dataset, from what the handler returns for the first records: decided by each task for its own
        records, a key that some of them lack would give one column two names.

        Raises:
            UserScriptError: The handler raised.
        """
        return replace(self, renamed=names_by_position(sorted_keys(islice(self._first(fragments), SAMPLE)), names))

    def _first(self, fragments: Sequence[Fragment]) -> Iterator[Row]:
        handler, returned = self._handler(), self._returned()
        for fragment in fragments:
            for block in blocks(fragment, ReadReport(), self._cut, self._line_end):
                yield from self._rows(handler, returned, fragment, block, ReadReport())

    def retyped(self, types: Mapping[str, str]) -> PreprocessedReader:
        """Columns are text."""
        return self

    @property
    def _cut(self) -> Cut:
        return csv_cut(self.rules, self.multiline) if self.format == "csv" else after_last_newline

    @property
    def _line_end(self) -> re.Pattern[bytes]:
        return ANY_LINE_END if self.format == "csv" else NEWLINE

    def _returned(self) -> ReturnedRows:
        return ReturnedRows(partial(unchanged_rows, rules=self.payloads), self.renamed)

    def _handler(self) -> Handler:
        handler = self.script.function("preprocess_handler")
        if not takes_logger(handler):
            return handler
        logger = script_logger()
        return lambda record: handler(record, logger)

    def _rows(
        self, handler: Handler, returned: ReturnedRows, fragment: Fragment, block: Block, report: ReadReport
    ) -> Iterator[Row]:
        for offset, record, event in self._records(fragment, block, report):
            try:
                value = handler(record)
                rows = returned.rows(value)
                if self.labels and isinstance(record, CaptureRecord):
                    rows = with_labels(rows, record, self.payloads)
            except MalformedPayloadError as error:
                _report(report, fragment, block, offset, str(error))
                continue
            except RAISED as error:
                where = f" (file {fragment.uri}, record at byte {block.offset + offset}{event})"
                raise self.script.error(error, where) from error
            if value is None:
                report.note("records for which the preprocessor returned None, left out")
            yield from rows

    def _records(self, fragment: Fragment, block: Block, report: ReadReport) -> Iterator[Record]:
        def bad(offset: int, reason: str, line: bytes) -> None:
            _report(report, fragment, block, offset, reason, line)

        if self.format == "capture":
            for found in _captures(block.data, bad):
                if self._is_wanted(found[1]):
                    _note_time(found[1], report)
                    yield found
            return
        offset = 0
        for line in self._lines(block.data):
            text = line.rstrip(b"\r\n")
            try:
                if text:
                    yield offset, text.decode("utf-8"), ""
            except UnicodeDecodeError:
                bad(offset, "invalid UTF-8", text)
            offset += len(line)

    def _is_wanted(self, record: CaptureRecord) -> bool:
        """Whether a record lies in the window."""
        if self.start is None and self.end is None:
            return True
        return is_inside(_time_of(record), self.start, self.end)

    def _lines(self, data: bytes) -> list[bytes]:
        if self.format == "csv":
            return split_records(data, self.rules, self.multiline)
        return [line + b"\n" for line in data.split(b"\n")]


def _report(
    report: ReadReport, fragment: Fragment, block: Block, offset: int, reason: str, record: bytes | None = None
) -> None:
    """Count a malformed record; without its text, its line is shown."""
    text = block.data[offset:].split(b"\n", 1)[0] if record is None else record
    report.malformed(fragment.uri, {"byte": block.offset + offset}, reason, text.decode("utf-8", "replace"))


def _time_of(record: CaptureRecord) -> str | None:
    time = record.event_metadata.event_time if record.event_metadata else None
    return None if time is None else str(time)


def _note_time(record: CaptureRecord, report: ReadReport) -> None:
    moment = moment_of(_time_of(record))
    if moment is not None:
        report.saw_times(moment, moment)


def _captures(data: bytes, bad: Callable[[int, str, bytes], None]) -> Iterator[Record]:
    for offset, raw in objects(data, bad):
        if isinstance(raw.get("captureData"), dict):
            event = raw.get("eventMetadata")
            name = event.get("eventId") if isinstance(event, dict) else None
            yield offset, CaptureRecord(raw), f", event id {name}" if name else ""
        else:
            reason = "not a capture record: there is no object 'captureData'"
            bad(offset, reason, data[offset:].split(b"\n", 1)[0])
