"""Headers in the middle of a file, as where files were put one behind the other: no row is the names of all its columns."""

from __future__ import annotations

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.csv_fields import is_number
from engine.datasets.csv_parsing import CsvParser

REPEATED = "lines in the middle of files that repeat the header, left out"


def may_repeat_header(data: bytes, parser: CsvParser) -> bool:
    """Whether the names stand one behind the other in some text. A single name, and numbers, may be values of their columns."""
    if len(parser.names) < 2 or all(map(is_number, parser.names)):
        return False
    delimiter, quote = parser.rules.delimiter, parser.rules.quote
    between = (delimiter, f"{quote}{delimiter}{quote}")
    return any(text.join(parser.names).encode() in data for text in between)


def without_headers(table: pa.Table, report: ReadReport) -> pa.Table:
    """The rows of a table with all columns that are not their names."""
    same = (pc.fill_null(pc.equal(table[name], name), False) for name in table.schema.names)
    repeated = reduce(pc.and_, same)
    count = pc.sum(repeated).as_py()
    if not count:
        return table
    report.note(REPEATED, count)
    return table.filter(pc.invert(repeated))
