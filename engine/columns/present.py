"""The values of a column that are no nulls."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from engine.kernels.compilation import compiled, readonly


def present(array: pa.Array) -> pa.Array:
    """The values without nulls, in row order.

    >>> present(pa.array([1, None, 3])).to_pylist()
    [1, 3]
    """
    if not array.null_count:
        return array
    loops = compiled("nulls", len(array)) if _has_eight_bytes(array.type) else None
    if loops is None:
        return array.drop_null()
    validity, data = array.buffers()
    words, bits = np.frombuffer(data, np.uint64, array.offset + len(array)), np.frombuffer(validity, np.uint8)
    out = np.empty(len(array), np.uint64)
    loops.keep_present(readonly(words), readonly(bits), array.offset, len(array), out)
    return pa.Array.from_buffers(array.type, len(array) - array.null_count, [None, pa.py_buffer(out)])


def _has_eight_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_primitive(kind) and kind.bit_width == 64)
