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
        return max
    if Min in markers:
        return min
    return _fold_by_value


def _fold_by_value(mine: Any, theirs: Any) -> Any:
    if mine is None or theirs is None:
        return copy.deepcopy(theirs) if mine is None else mine
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
    {'present': 3, 'missing': 1}
    """
    return {f.name: _encode(getattr(analyzer, f.name)) for f in state_fields(analyzer.__class__)}


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


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _encode(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if _is_mergeable(value.__class__):
        return _encode(value.to_state())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    return value


def _decode(hint: Any, value: Any) -> Any:
    kinds = [kind for kind in (get_args(hint) if isinstance(hint, UnionType) else (hint,)) if isinstance(kind, type)]
    owner = next((kind for kind in kinds if hasattr(kind, "from_state")), None)
    if owner is not None and isinstance(value, dict):
        return owner.from_state(value)
    return tuple(value) if isinstance(value, list) and (get_origin(hint) or hint) is tuple else value
