"""Payload, encoding and content type of one part of many records."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.capture_decoding import decode
from engine.datasets.capture_looks import Flags, flags
from engine.datasets.row_counts import MalformedPayloadError

Cells = tuple[str | None, str | None, str | None]
"""Payload, encoding and content type of one part of a record."""


@dataclass(frozen=True)
class PartCells:
    """The cells of one part, a column each.

    Attributes:
        data: Payloads, null where the record has no such part.
        encoding: As the records declare it.
        content_type: MIME types.
    """

    data: pa.Array
    encoding: pa.Array
    content_type: pa.Array

    @classmethod
    def of(cls, records: pa.Table, part: str) -> PartCells:
        """Take the cells of a part out of records; the output of a batch transform is the response."""
        columns = [records.column(name).combine_chunks() for name in member_columns(part)]
        if part == "endpointOutput":  # batch jobs have their output under a name of its own
            others = [records.column(name).combine_chunks() for name in member_columns("batchTransformOutput")]
            columns = [pc.coalesce(*pair) for pair in zip(columns, others, strict=True)]
        return cls(*columns)

    def decoded(self, part: str, base64_as: str | None) -> PartCells:
        """The same with BASE64 payloads as text; those that are broken stay, to be reported one by one."""
        chosen = np.flatnonzero(flags(pc.fill_null(pc.equal(self.encoding, "BASE64"), False)))
        if not len(chosen):
            return self
        data, encodings, types = self.data.to_pylist(), self.encoding.to_pylist(), self.content_type.to_pylist()
        for record in chosen.tolist():
            with suppress(MalformedPayloadError, AttributeError):
                payload = decode(part, data[record], "BASE64", types[record], base64_as)
                data[record], encodings[record] = payload.text, payload.kind.upper()
        return PartCells(pa.array(data, pa.string()), pa.array(encodings, pa.string()), self.content_type)

    def take(self, records: np.ndarray[Any, np.dtype[np.int64]]) -> PartCells:
        """The same of some records."""
        chosen = pa.array(records)
        return PartCells(self.data.take(chosen), self.encoding.take(chosen), self.content_type.take(chosen))

    def to_list(self) -> list[Cells]:
        """The cells of each record."""
        return list(zip(self.data.to_pylist(), self.encoding.to_pylist(), self.content_type.to_pylist(), strict=True))

    @property
    def absent(self) -> Flags:
        """Which records lack the part."""
        return flags(pc.is_null(self.data))


def member_columns(part: str) -> list[str]:
    """Return the names of the columns that hold the members of a part."""
    return [f"{part}.{member}" for member in ("data", "encoding", "observedContentType")]
