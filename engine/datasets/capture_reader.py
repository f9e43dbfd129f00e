"""Capture files: each record's payloads become rows, output columns before input columns unless asked otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import pyarrow as pa

from engine.columns.layout import PartColumn, tag
from engine.datasets.base import Fragment, ReadReport, Split
from engine.datasets.capture_parts import parse_captures
from engine.datasets.capture_payloads import Rows, rows_of
from engine.datasets.capture_tables import tabulate
from engine.datasets.capture_window import in_window, note_times
from engine.datasets.explained_responses import unwrap
from engine.datasets.json_types import conform
from engine.datasets.payload_rules import PayloadRules
from engine.datasets.table_rules import TableRules
from engine.datasets.text_blocks import BATCH_ROWS, Block, blocks


@dataclass(frozen=True)
class CaptureReader:
    """Reads capture records.

    Attributes:
        payloads: Which parts to use and how payloads become rows.
        table: How rows become columns.
        types: Planned types of the columns of JSON payloads.
        sources: Where the planned columns come from, in their order.
        start: First moment of the window, for a filter by record.
        end: Moment after the window.
    """

    payloads: PayloadRules
    table: TableRules
    types: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, PartColumn] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    format: str = "capture"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a split; records that cannot be read go to the report."""
        for fragment in split.fragments:
            for block in blocks(fragment, report):
                yield from self._batches(self.rows(fragment, block, report), report, columns)

    def retyped(self, types: Mapping[str, str]) -> CaptureReader:
        """The same reader with wider types for some columns of JSON payloads."""
        return replace(self, types={**self.types, **types})

    def rows(self, fragment: Fragment, block: Block, report: ReadReport) -> Rows:
        """The rows of a block as texts of their payloads."""

        def bad(offset: int, reason: str, record: bytes) -> None:
            report.malformed(fragment.uri, {"byte": block.offset + offset}, reason, record.decode("utf-8", "replace"))

        records = in_window(parse_captures(block.data, bad), self.start, self.end)
        note_times(records, report)
        records = unwrap(records, self.payloads.explanations)

        def bad_record(offset: int, reason: str) -> None:
            end = block.data.find(b"\n", offset)
            bad(offset, reason, block.data[offset : end if end >= 0 else len(block.data)])

        return rows_of(records, self.payloads, bad_record, report)

    def _batches(self, rows: Rows, report: ReadReport, columns: tuple[str, ...] | None) -> Iterator[pa.RecordBatch]:
        csv, found = tabulate(rows, self.table, self.types, report)
        count = found.rows
        if not count:
            return
        json = {name: array for name, array in found.columns.items() if columns is None or name in columns}
        arrays = {**csv, **conform(json, count, self.types, report)}
        sources = {**self.sources, **self.table.csv_sources(csv), **found.sources}
        # Planned columns come first and always, so that an index means the same column in every batch.
        wanted = tuple(dict.fromkeys([*csv, *self.sources, *arrays])) if columns is None else columns
        yield from _table(wanted, arrays, sources, count).to_batches(max_chunksize=BATCH_ROWS)


def _table(
    names: Iterable[str], arrays: Mapping[str, pa.Array], sources: Mapping[str, PartColumn], rows: int
) -> pa.Table:
    """A table of the named columns, nulls where there are none, each tagged with the part that it comes from."""
    columns = {name: arrays[name] if name in arrays else pa.nulls(rows) for name in names}
    fields = [pa.field(name, array.type) for name, array in columns.items()]
    tagged = [tag(field, sources[field.name]) if field.name in sources else field for field in fields]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(tagged))
