"""JSON: one object a line, or one document a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from engine.datasets.base import Fragment, ReadReport, Split
from engine.datasets.json_depth import TOO_DEEP, is_too_deep
from engine.datasets.json_parsing import FlatColumns, JsonNumber, from_objects, parse_lines
from engine.datasets.json_types import ARROW_TYPES, conform, planned_types
from engine.datasets.text_blocks import BATCH_ROWS, blocks


@dataclass(frozen=True)
class JsonLinesReader:
    """Reads JSON into flat columns, sorted by name.

    Attributes:
        types: Planned type of each column: ``integer``, ``double``, ``boolean``, ``text``.
        lines: One object a line; otherwise each file is one object or an array of them.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    lines: bool = True
    format: str = "jsonl"

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The records of a split; lines that are no objects, and columns wider than planned, go to the report."""
        for fragment in split.fragments:
            for part in self.parts(fragment, report):
                yield from json_batches(part, self.types, report, columns)

    def retyped(self, types: Mapping[str, str]) -> JsonLinesReader:
        """The same reader with wider types for some columns."""
        return replace(self, types={**self.types, **types})

    def parts(self, fragment: Fragment, report: ReadReport) -> Iterator[FlatColumns]:
        """The blocks of a fragment as flat columns in their natural types."""
        texts = frozenset(name for name, kind in self.types.items() if kind == "text")
        if not self.lines:
            yield from_objects(_document(fragment, report), texts)
            return
        for block in blocks(fragment, report):

            def bad(offset: int, reason: str, line: bytes, start: int = block.offset) -> None:
                report.malformed(fragment.uri, {"byte": start + offset}, reason, line.decode("utf-8", "replace"))

            yield parse_lines(block.data, bad, texts)


def json_batches(
    part: FlatColumns, types: Mapping[str, str], report: ReadReport, columns: tuple[str, ...] | None
) -> Iterator[pa.RecordBatch]:
    """Batches of flat columns: sorted by name, in their planned types, with all of ``columns`` when given."""
    if not part.rows:
        return
    wanted = sorted(part.columns) if columns is None else sorted(columns)
    if not wanted:  # objects without members are rows all the same
        wanted = sorted(types)[:1]
    found = {name: part.columns[name] for name in wanted if name in part.columns}
    arrays = conform(found, part.rows, types, report)
    for name in wanted:
        arrays.setdefault(name, pa.nulls(part.rows, ARROW_TYPES.get(types.get(name, ""), pa.null())))
    if wanted:
        yield from pa.table({name: arrays[name] for name in wanted}).to_batches(max_chunksize=BATCH_ROWS)


def infer_types(fragments: Sequence[Fragment], lines: bool) -> dict[str, str]:
    """Optimistic types from the first block of the first, the middle and the last file."""
    chosen = {index: fragments[index] for index in (0, len(fragments) // 2, len(fragments) - 1)} if fragments else {}
    reader = JsonLinesReader(lines=lines)
    parts = (next(reader.parts(fragment, ReadReport()), None) for fragment in chosen.values())
    return planned_types(part.columns for part in parts if part is not None)


def _none(_data: bytes) -> int:
    """A document is whole at the end of its file, not before."""
    return 0


def _document(fragment: Fragment, report: ReadReport) -> list[dict[str, Any]]:
    text = b"".join(block.data for block in blocks(fragment, report, cut=_none))
    if not text.strip():
        return []
    if is_too_deep(text):
        report.malformed(fragment.uri, {"byte": 0}, TOO_DEEP, text[:2000].decode("utf-8", "replace"))
        return []
    try:
        document = json.loads(text.decode("utf-8"), parse_float=JsonNumber)
    except ValueError as error:
        reason = "invalid UTF-8" if isinstance(error, UnicodeDecodeError) else f"bad JSON document: {error}"
        report.malformed(fragment.uri, {"byte": 0}, reason, text[:2000].decode("utf-8", "replace"))
        return []
    kept = []
    for index, value in enumerate(document if isinstance(document, list) else [document]):
        if isinstance(value, dict):
            kept.append(value)
        else:
            report.malformed(fragment.uri, {"element": index}, f"not a JSON object but {type(value).__name__}")
    return kept
