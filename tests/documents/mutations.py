"""Seeded damage to JSON documents: values of any other kind, missing and repeated parts, broken text."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

DEEP: Any = 1
for _ in range(150):
    DEEP = [DEEP]

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2, 1.5, -0.0, 1e308, -1e308, 5e-324, 2**63, 2**64, -(10**30), 10**308, 10**320, float("nan"),
    float("inf"), float("-inf"), "", " ", "x", "NaN", "Infinity", "-1", "1e400", "true", "\x00", "\ud800", "ünïcödé", "a" * 10_000,
    [], {}, [[]], [None], [{}], {"": None}, {"name": 1}, [1, "a", None], DEEP,
)  # fmt: skip


def mutated(document: Any, rng: random.Random) -> bytes:
    """The text of a damaged copy of a document."""
    damaged = copy.deepcopy(document)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        damaged = rng.choice(_OF_VALUES)(damaged, rng)
    text = json.dumps(damaged).encode()
    return rng.choice(_OF_TEXTS)(text, rng) if rng.random() < 0.2 else text


def _place(document: Any, rng: random.Random) -> tuple[Any, Any]:
    """A container anywhere in the document, and a key of it."""
    holder: Any = [document]
    key: Any = 0
    while True:
        value = holder[key]
        if not isinstance(value, dict | list) or not value or rng.random() < 0.15:
            return holder, key
        holder, key = value, rng.choice(list(value) if isinstance(value, dict) else range(len(value)))


def _replace(document: Any, rng: random.Random) -> Any:
    root = [document]
    holder, key = _place(document, rng)
    if holder == root and key == 0:
        return copy.deepcopy(rng.choice(ODD_VALUES))
    holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))
    return document


def _remove(document: Any, rng: random.Random) -> Any:
    holder, key = _place(document, rng)
    if holder != [document]:
        del holder[key]
    return document


def _repeat(document: Any, rng: random.Random) -> Any:
    holder, key = _place(document, rng)
    if isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        holder[f"{key}_again"] = copy.deepcopy(holder[key])
    return document


def _exchange(document: Any, rng: random.Random) -> Any:
    (one, first), (other, second) = _place(document, rng), _place(document, rng)
    if [document] not in (one, other):
        one[first], other[second] = copy.deepcopy(other[second]), copy.deepcopy(one[first])
    return document


def _cut(text: bytes, rng: random.Random) -> bytes:
    return text[: rng.randrange(len(text) + 1)]


def _flip(text: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(text) + 1)
    return text[:place] + bytes([rng.randrange(256)]) + text[place + 1 :]


def _insert(text: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(text) + 1)
    more = rng.choice(
        (b",", b"}", b"[", b'"', b"9" * 5000, b"\xef\xbb\xbf", b"\xff", b"[" * 2000, b"NaN", b"//x\n", b'"a":1,')
    )
    return text[:place] + more + text[place:]


_OF_VALUES: tuple[Callable[[Any, random.Random], Any], ...] = (
    _replace,
    _replace,
    _replace,
    _remove,
    _repeat,
    _exchange,
)
_OF_TEXTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_cut, _flip, _insert)
