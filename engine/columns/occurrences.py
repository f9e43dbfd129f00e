"""Distinct values by first appearance, and how often each occurs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.kernels.compilation import compiled, readonly

IntArray = npt.NDArray[np.int64]


def occurrences(encoded: pa.DictionaryArray) -> tuple[pa.Array, IntArray]:
    """The distinct values of an array that refers to them, and how often each is referred to.

    >>> [found.tolist() for found in occurrences(pa.array(["b", "a", "b"]).dictionary_encode())]
    [['b', 'a'], [2, 1]]
    """
    indices = encoded.indices.to_numpy()
    loops = compiled("texts", len(indices))
    if loops is None:
        return encoded.dictionary, np.bincount(indices, minlength=len(encoded.dictionary))
    counts = np.zeros(len(encoded.dictionary), np.int64)
    loops.count_entries(readonly(indices), counts)
    return encoded.dictionary, counts


def occurrences_of_flags(flags: pa.BooleanArray) -> tuple[pa.Array, IntArray]:
    """The same for flags, of which there is at least one, without a look at each.

    >>> [found.tolist() for found in occurrences_of_flags(pa.array([False, True, False]))]
    [[False, True], [2, 1]]
    """
    first, true = flags[0].as_py(), flags.true_count
    counts = {True: true, False: len(flags) - true}
    found = [flag for flag in (first, not first) if counts[flag]]
    return pa.array(found), np.array([counts[flag] for flag in found])
