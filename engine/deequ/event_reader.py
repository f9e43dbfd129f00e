"""Captured rows with the ``eventId`` of their record beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa

from engine.datasets.base import Reader, ReadReport, Split
from engine.datasets.capture_parts import parse_captures
from engine.datasets.capture_payloads import Rows
from engine.datasets.capture_reader import CaptureReader
from engine.datasets.exclusion import ExcludingReader
from engine.datasets.text_blocks import Block, blocks

EVENT_ID = "eventId"


@dataclass(frozen=True)
class EventReader(CaptureReader):
    """A :class:`CaptureReader` whose batches end with the column ``eventId``."""

    def read(
        self, split: Split, report: ReadReport, columns: tuple[str, ...] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a split; records that cannot be read go to the report."""
        for fragment in split.fragments:
            for block in blocks(fragment, report):
                yield from self._with_ids(self.rows(fragment, block, report), block, report, columns)

    def _with_ids(
        self, rows: Rows, block: Block, report: ReadReport, columns: tuple[str, ...] | None
    ) -> Iterator[pa.RecordBatch]:
        malformed: Counter[int] = Counter()

        def bad(offset: int, reason: str) -> None:
            malformed[offset] += 1
            rows.bad(offset, reason)

        ids, done = None, 0
        for batch in self._batches(Rows(rows.texts, rows.offsets, bad), report, columns):
            if ids is None:  # the malformed rows of a block are known when its first batch is there
                ids = _event_ids(rows, malformed, block)
            yield batch.append_column(EVENT_ID, ids.slice(done, batch.num_rows))
            done += batch.num_rows


def with_event_ids(reader: Reader) -> Reader | None:
    """The same reader with ``eventId``; None for data that are no captures."""
    if isinstance(reader, ExcludingReader):
        inner = with_event_ids(reader.inner)
        return None if inner is None else replace(reader, inner=inner)
    if type(reader) is not CaptureReader:
        return None
    return EventReader(**{f.name: getattr(reader, f.name) for f in fields(reader)})


def _event_ids(rows: Rows, malformed: Counter[int], block: Block) -> pa.Array:
    """The id of each row that is kept. Rows of one record share offset and id, so it does not matter which of them went."""
    records = parse_captures(block.data, _ignored)
    places = np.searchsorted(records.column("offset").to_numpy(), _kept(rows.offsets.tolist(), malformed))
    return records.column(EVENT_ID).combine_chunks().take(pa.array(places))


def _ignored(*problem: object) -> None:
    """The rows themselves are read beside this; there, problems are reported."""


def _kept(offsets: list[int], malformed: Counter[int]) -> list[int]:
    left = Counter(malformed)
    found = []
    for offset in offsets:
        if left[offset]:
            left[offset] -= 1
        else:
            found.append(offset)
    return found
