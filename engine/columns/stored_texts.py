"""Texts that a file stores by reference to a dictionary, taken over without being written out and encoded again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def stored_texts(array: pa.DictionaryArray) -> pa.DictionaryArray | None:
    """The present texts of a dictionary array, as ``dictionary_encode`` would give them: of this batch alone, by first appearance.

    None where the dictionary is no help: it is long, or holds nulls or the same text twice.

    >>> batch = pa.DictionaryArray.from_arrays(pa.array([1, None] + [0] * 6 + [1]), ["a", "b"])
    >>> found = stored_texts(batch)
    >>> found.dictionary.to_pylist(), found.indices.to_pylist()
    (['b', 'a'], [0, 1, 1, 1, 1, 1, 1, 0])
    """
    dictionary, indices = array.dictionary, array.indices.drop_null().to_numpy()
    if 4 * len(dictionary) > len(indices):
        return None
    if dictionary.null_count or pc.count_distinct(dictionary).as_py() < len(dictionary):
        return None
    first = np.full(len(dictionary), len(indices))
    first[indices[::-1]] = np.arange(len(indices) - 1, -1, -1)
    order = np.argsort(first)[: np.count_nonzero(first < len(indices))]
    places = np.empty(len(dictionary), np.int32)
    places[order] = np.arange(len(order))
    return pa.DictionaryArray.from_arrays(pa.array(places[indices]), dictionary.take(pa.array(order)))
