"""Fields of CSV payloads in the columns of their own part: a part with fewer or more fields must not shift those behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.base import ReadReport
from engine.datasets.capture_csv import csv_fields
from engine.datasets.capture_looks import has
from engine.datasets.capture_payloads import Rows
from engine.datasets.csv_reader import NARROW

Counts = npt.NDArray[np.int64]


def align(rows: Rows, parts: Sequence[str], widths: Mapping[str, int], report: ReadReport) -> Rows:
    """Return rows in which every CSV part but the last has as many fields as it has columns.

    Args:
        rows: The rows. Those in which such a part has too many fields are reported through them, and left out.
        parts: The CSV parts in column order. The last may have any number of fields, as none stand behind it.
        widths: Number of columns of each part.
        report: Counts the rows that were filled up.
    """
    texts = dict(rows.texts)
    wide = np.zeros(len(rows.offsets), bool)
    for part in parts[:-1]:
        counts, width = _field_counts(texts[part]), widths.get(part, 0)
        missing = np.where(counts > 0, width - counts, 0)
        too_wide = missing < 0
        for row in np.flatnonzero(too_wide & ~wide).tolist():
            reason = f"wrong number of columns in {part}: expected {width}, got {counts[row]}"
            rows.bad(int(rows.offsets[row]), reason)
        wide |= too_wide
        if (missing > 0).any():
            report.note(NARROW, int((missing > 0).sum()))
            commas = pa.array(["," * max(count, 0) for count in missing.tolist()], pa.string())
            texts[part] = pc.binary_join_element_wise(texts[part], commas, "")
    if not wide.any():
        return Rows(texts, rows.offsets, rows.bad)
    kept = pa.array(~wide)
    return Rows({part: text.filter(kept) for part, text in texts.items()}, rows.offsets[~wide], rows.bad)


def _field_counts(texts: pa.Array) -> Counts:
    """How many fields each record of CSV has; 0 where there is none."""
    counts: Counts = pc.fill_null(pc.add(pc.count_substring(texts, ","), 1), 0).to_numpy(zero_copy_only=False)
    quoted = has(texts, '"')
    if quoted.any():
        counts = counts.copy()
        for row in np.flatnonzero(quoted).tolist():
            counts[row] = max(len(csv_fields(texts[row].as_py())), 1)
    return counts
