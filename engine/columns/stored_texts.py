"""Texts that a file stores by reference to a dictionary, taken over without being written out and encoded again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.kernels.compilation import compiled, readonly

IndexArray = npt.NDArray[np.int32]


def stored_texts(array: pa.DictionaryArray) -> pa.DictionaryArray | None:
    """The present texts of a dictionary array, as ``dictionary_encode`` would give them: of this batch alone, by first appearance.

    None where the dictionary is no help: it is long, or holds nulls or the same text twice.

    >>> batch = pa.DictionaryArray.from_arrays(pa.array([1, None] + [0] * 6 + [1]), ["a", "b"])
    >>> found = stored_texts(batch)
    >>> found.dictionary.to_pylist(), found.indices.to_pylist()
    (['b', 'a'], [0, 1, 1, 1, 1, 1, 1, 0])
    """
    dictionary, indices = array.dictionary, array.indices.cast(pa.int32()).drop_null().to_numpy()
    if 4 * len(dictionary) > len(indices):
        return None
    if dictionary.null_count or pc.count_distinct(dictionary).as_py() < len(dictionary):
        return None
    places, order = np.full(len(dictionary), -1, np.int32), np.empty(len(dictionary), np.int32)
    loops = compiled("texts", len(indices))
    if loops is None:
        renumbered, found = _renumbered(indices, places, order)
    else:
        renumbered = np.empty_like(indices)
        found = loops.renumber(readonly(indices), places, order, renumbered)
    return pa.DictionaryArray.from_arrays(pa.array(renumbered), dictionary.take(pa.array(order[:found])), safe=False)


def _renumbered(indices: IndexArray, places: IndexArray, order: IndexArray) -> tuple[IndexArray, int]:
    """References to entries in the order of their first appearance, and how many appear; ``order`` becomes that order."""
    first = np.full(len(places), len(indices))
    first[indices[::-1]] = np.arange(len(indices) - 1, -1, -1)
    order[:] = np.argsort(first)
    found = np.count_nonzero(first < len(indices))
    places[order[:found]] = np.arange(found)
    return places[indices], int(found)
