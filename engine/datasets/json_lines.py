"""JSON: one record a line, or one document a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from engine.columns.layout import name_order
from engine.datasets.base import Fragment, ReadReport, Split
from engine.datasets.json_columns import FlatColumns
from engine.datasets.json_records import RecordShape, parse_document, parse_records
from engine.datasets.json_types import ARROW_TYPES, conform, planned_types
from engine.datasets.text_blocks import BATCH_ROWS, blocks


@dataclass(frozen=True)
class JsonLinesReader:
    """Reads JSON into flat columns, sorted by name.

    Attributes:
        types: Planned type of each column: ``integer``, ``double``, ``boolean``, ``text``.
        lines: One record a line; otherwise each file is a document of one or many records.
        shape: How records are written.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    lines: bool = True
    shape: RecordShape = field(default_factory=RecordShape)
    format: str = "jsonl"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The records of a split; lines that are no records, and columns wider than planned, go to the report."""
        for fragment in split.fragments:
            for part in self.parts(fragment, report):
                for text, count in part.notes.items():
                    report.note(text, count)
                yield from json_batches(part, self.types, report, columns)

    def retyped(self, types: Mapping[str, str]) -> JsonLinesReader:
        """The same reader with wider types for some columns."""
        return replace(self, types={**self.types, **types})

    def parts(self, fragment: Fragment, report: ReadReport) -> Iterator[FlatColumns]:
        """The blocks of a fragment as flat columns in their natural types."""
        texts = frozenset(name for name, kind in self.types.items() if kind == "text")
        if not self.lines:
            yield self._document(fragment, report, texts)
            return
        for block in blocks(fragment, report):

            def bad(offset: int, reason: str, line: bytes, start: int = block.offset) -> None:
                report.malformed(fragment.uri, {"byte": start + offset}, reason, line.decode("utf-8", "replace"))

            yield parse_records(block.data, bad, self.shape, texts)

    def _document(self, fragment: Fragment, report: ReadReport, texts: frozenset[str]) -> FlatColumns:
        text = b"".join(block.data for block in blocks(fragment, report, cut=_none))

        def bad(position: Mapping[str, int], reason: str) -> None:
            shown = text[:2000].decode("utf-8", "replace") if "byte" in position else None
            report.malformed(fragment.uri, position, reason, shown)

        return parse_document(text, bad, self.shape, texts) if text.strip() else FlatColumns({}, 0)


def json_batches(
    part: FlatColumns, types: Mapping[str, str], report: ReadReport, columns: tuple[str, ...] | None
) -> Iterator[pa.RecordBatch]:
    """Yield batches of flat columns in their planned types: all planned columns and those that turn up, or ``columns``.

    Elements of lists are in the order of their positions. Planned columns are always there, so that an index means the same
    column in every batch.
    """
    if not part.rows:
        return
    known = {*types, *(name for name, array in part.columns.items() if not _is_missing_object(name, array, types))}
    wanted = sorted(known if columns is None else columns, key=name_order)
    found = {name: part.columns[name] for name in wanted if name in part.columns}
    arrays = conform(found, part.rows, types, report)
    for name in wanted:
        arrays.setdefault(name, pa.nulls(part.rows, ARROW_TYPES.get(types.get(name, ""), pa.null())))
    if wanted:
        yield from pa.table({name: arrays[name] for name in wanted}).to_batches(max_chunksize=BATCH_ROWS)


def _is_missing_object(name: str, array: pa.Array, types: Mapping[str, str]) -> bool:
    """Whether a column of nulls stands for an object or list that is null here: elsewhere its members are columns."""
    return pa.types.is_null(array.type) and name not in types and any(other.startswith(f"{name}.") for other in types)


def plan_json(fragments: Sequence[Fragment], lines: bool) -> JsonLinesReader:
    """A reader with optimistic types, from the first block of the first, the middle and the last file.

    The first file also says how records are written.
    """
    chosen = {index: fragments[index] for index in (0, len(fragments) // 2, len(fragments) - 1)} if fragments else {}
    reader = JsonLinesReader(lines=lines, shape=_shape(chosen.get(0), lines))
    parts = (next(reader.parts(fragment, ReadReport()), None) for fragment in chosen.values())
    return replace(reader, types=planned_types(part.columns for part in parts if part is not None))


def _shape(first: Fragment | None, lines: bool) -> RecordShape:
    block = None if first is None else next(blocks(first, ReadReport()), None)
    if block is None:
        return RecordShape()
    return RecordShape.of_lines(block.data) if lines else RecordShape.of_document(block.data)


def _none(_data: bytes) -> int:
    """A document is whole at the end of its file, not before."""
    return 0
