"""Nulls in a loop."""

from __future__ import annotations

import numpy as np

from engine.kernels.looping import Bytes, Words, loop


@loop
def keep_present(words: Words, validity: Bytes, offset: int, rows: int, out: Words) -> None:
    """Put the words of the rows whose bit says that they are present one behind the other.

    Args:
        words: Eight bytes a row.
        validity: A bit a row.
        offset: The first row.
        rows: Number of rows.
        out: Room for as many words.
    """
    kept = 0
    for row in range(offset, offset + rows):
        out[kept] = words[row]
        kept += (validity[row >> 3] >> np.uint8(row & 7)) & 1
