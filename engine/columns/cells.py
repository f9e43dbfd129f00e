"""The bytes of a text column, as Arrow holds them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.kernels.compilation import readonly


def cells_of(array: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Data and offsets of a text or binary array, not copied: cell i is ``data[offsets[i]:offsets[i + 1]]``.

    >>> data, offsets = cells_of(pa.array(["a", "bc"])[1:])
    >>> bytes(data[offsets[0] : offsets[1]])
    b'bc'
    """
    if not len(array):
        return readonly(np.empty(0, np.uint8)), readonly(np.zeros(1, np.int32))
    _, offsets, data = array.buffers()
    places = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    return readonly(np.frombuffer(data or b"", np.uint8)), readonly(places)
