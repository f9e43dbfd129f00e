"""State of analyzers: how fields merge, and how they are written without pickle.

A file or message of state can never run code: the class that reads it is chosen by the program, and what it reads are plain values
and arrays (``state_bytes.py``).
"""

from __future__ import annotations

import copy
import dataclasses
import functools
from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Protocol, get_args, get_origin, get_type_hints

import numpy as np


class Max:
    """Annotation: the field keeps the larger value, ``largest: Annotated[float, Max] = -math.inf``."""


class Min:
    """Annotation: the field keeps the smaller value, ``smallest: Annotated[float, Min] = math.inf``."""


class Mergeable(Protocol):
    """A state object of its own, such as a sketch: merges, and converts to and from plain JSON values and arrays."""

    def merge(self, other: Any) -> None:
        """Take in a later part; ``other`` is not changed."""

    def to_state(self) -> dict[str, Any]:
        """Plain values and numpy arrays by name."""

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Any:
        """The inverse of ``to_state``."""


Fold = Callable[[Any, Any], Any]

_hints = functools.cache(get_type_hints)
"""Types of the fields of a class. Annotations are texts, which would be compiled anew each time."""


@functools.cache
def _is_mergeable(kind: type) -> bool:
    return all(hasattr(kind, method) for method in ("merge", "to_state", "from_state"))


@functools.cache
def fold_of(cls: type, field_name: str) -> Fold:
    """The function that merges two values of a field, chosen by its annotation."""
    hint = get_type_hints(cls, include_extras=True)[field_name]
    markers = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    if Max in markers:
        return _larger
    if Min in markers:
        return _smaller
    return _fold_by_value


def _larger(mine: Any, theirs: Any) -> Any:
    return np.maximum(mine, theirs) if _are_arrays(mine, theirs) else max(mine, theirs)


def _smaller(mine: Any, theirs: Any) -> Any:
    return np.minimum(mine, theirs) if _are_arrays(mine, theirs) else min(mine, theirs)


def _are_arrays(mine: Any, theirs: Any) -> bool:
    """Whether both are arrays, which merge cell by cell.

    Raises:
        ValueError: Their shapes differ; numpy would stretch the smaller one, to numbers that nobody counted.
    """
    if not (isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray)):
        return False
    if mine.shape != theirs.shape:
        raise ValueError(
            f"state holds arrays of shapes {mine.shape} and {theirs.shape}: only arrays of one shape merge"
        )
    return True


def _fold_by_value(mine: Any, theirs: Any) -> Any:
    if mine is None or theirs is None:
        return copy.deepcopy(theirs) if mine is None else mine
    if _are_arrays(mine, theirs):
        return mine + theirs
    if _is_mergeable(mine.__class__):
        mine.merge(theirs)
        return mine
    if isinstance(mine, bool):
        return mine or theirs
    if isinstance(mine, dict):
        return {key: mine.get(key, 0) + theirs.get(key, 0) for key in mine | theirs}
    return mine + theirs


def encode_state(analyzer: Any) -> dict[str, Any]:
    """The state fields of an analyzer as JSON values and arrays.

    >>> from engine.analyzers.completeness import Completeness
    >>> encode_state(Completeness(present=3, missing=1))
    {'present': 3, 'missing': 1, 'excess': 0, 'holds_words': False}

    Raises:
        TypeError: A field holds what cannot be written, for example a set.
    """
    encoded = {}
    for f in state_fields(analyzer.__class__):
        value = getattr(analyzer, f.name)
        encoded[f.name] = value if type(value) in _PLAIN else _encode(value, f.name)
    return encoded


def decode_state(analyzer: Any, state: dict[str, Any]) -> Any:
    """A copy of ``analyzer`` (its settings) that holds the given state. Unknown fields are an error."""
    names = {f.name for f in state_fields(analyzer.__class__)}
    if set(state) != names:
        raise ValueError(f"state of {type(analyzer).__name__} has fields {sorted(state)}, expected {sorted(names)}")
    hints = _hints(analyzer.__class__)
    restored = analyzer.fresh()
    for name, value in state.items():
        setattr(restored, name, _decode(hints[name], value))
    return restored


@functools.cache
def state_fields(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of an analyzer class that are state and not settings, in order of declaration."""
    return tuple(f for f in dataclasses.fields(cls) if f.init and not f.metadata.get("setting"))


_PLAIN = frozenset({str, float, bool, type(None)})
_MOST_BITS = 14_000
"""Of an integer: Python writes none of more than 4,300 digits."""


def _encode(value: Any, field: str) -> Any:
    kind = value.__class__
    if kind in _PLAIN or (kind is int and value.bit_length() < _MOST_BITS):
        return value
    if kind is np.ndarray and value.dtype.kind not in "OV":
        return value
    if _is_mergeable(kind):
        return _encode(value.to_state(), field)
    if isinstance(value, list | tuple):
        return [_encode(item, field) for item in value]
    if isinstance(value, dict):
        return {_key(key, field): _encode(item, field) for key, item in value.items()}
    return _plain(value, field)


def _plain(value: Any, field: str) -> Any:
    """A number of numpy, or of a class derived from a plain one (an enumeration), as a plain value."""
    found = value.item() if isinstance(value, np.generic) else value
    for plain in (bool, int, float, str):
        if isinstance(found, plain) and not _is_too_long(found):
            return plain(found)
    raise TypeError(f"field {field!r} of the state holds {_shown(value)}. {_ALLOWED}")


def _is_too_long(value: Any) -> bool:
    return isinstance(value, int) and value.bit_length() >= _MOST_BITS


def _key(key: Any, field: str) -> str:
    if not isinstance(key, str):
        raise TypeError(
            f"field {field!r} of the state holds a mapping with a key of type {type(key).__name__}. {_ALLOWED}"
        )
    return str(key)


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of type {type(value).__name__} and dtype {value.dtype}"
    return "an integer of more than 4,000 digits" if isinstance(value, int) else f"a {type(value).__name__}"


_ALLOWED = (
    "Allowed: numbers, texts, booleans, None, lists, dicts with texts as keys, plain numpy arrays, and objects with merge, "
    "to_state and from_state."
)


def _decode(hint: Any, value: Any) -> Any:
    kinds = [kind for kind in (get_args(hint) if isinstance(hint, UnionType) else (hint,)) if isinstance(kind, type)]
    owner = next((kind for kind in kinds if hasattr(kind, "from_state")), None)
    if owner is not None and isinstance(value, dict):
        return owner.from_state(value)
    return tuple(value) if isinstance(value, list) and (get_origin(hint) or hint) is tuple else value
