"""How a loop is compiled. The modules beside this one are imported only where numba is installed (``compilation.py``).

Only plain loops, and no fast-math: a floating-point operation is done in the order in which it is written, on every processor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Offsets = npt.NDArray[np.int32]
Lengths = npt.NDArray[np.int64]
Integers = npt.NDArray[np.int32]


def loop(function: _F) -> _F:
    """Compile a function at its first call; machine code is kept in numba's cache where one can be written."""
    try:
        return cast("_F", njit(cache=True, nogil=True)(function))
    except RuntimeError:  # there is no folder for a cache
        return cast("_F", njit(nogil=True)(function))
