"""The values of a column that are no nulls."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from engine.kernels.compilation import compiled


def present(array: pa.Array) -> pa.Array:
    """The values without nulls, in row order.

    >>> present(pa.array([1, None, 3])).to_pylist()
    [1, 3]
    """
    if not array.null_count:
        return array
    loops = compiled("nulls", len(array)) if _is_word(array.type) else None
    if loops is None:
        return array.drop_null()
    validity, data = array.buffers()
    words = np.frombuffer(data, np.uint64, array.offset + len(array))
    out = np.empty(len(array), np.uint64)
    loops.keep_present(words, np.frombuffer(validity, np.uint8), array.offset, len(array), out)
    return pa.Array.from_buffers(array.type, len(array) - array.null_count, [None, pa.py_buffer(out)])


def _is_word(kind: pa.DataType) -> bool:
    return bool(pa.types.is_primitive(kind) and kind.bit_width == 64)
