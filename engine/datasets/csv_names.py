"""Names of CSV columns: those of a header, of a baseline, or by position."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_BY_POSITION = re.compile(r"_c(0|[1-9]\d*)")


def header_names(fields: Sequence[str]) -> tuple[str, ...]:
    """Names as Spark makes them of a header: an empty one is ``_cN``, one that occurs twice gets its position.

    Where Spark refuses, as a name made so stands in the header, too, its position is added once more.

    >>> header_names(["a", "", "A"]), header_names(["a", "a", "a1"])
    (('a0', '_c1', 'A2'), ('a0', 'a1_1', 'a1'))
    """
    counts = Counter(name.lower() for name in fields)
    made = [not name or counts[name.lower()] > 1 for name in fields]
    names = [f"{name or '_c'}{i}" if new else name for i, (name, new) in enumerate(zip(fields, made, strict=True))]
    return _kept_apart(names, made)


def positional_names(width: int, names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names by position, then ``_cN``; where that is a name already, with its position once more.

    >>> positional_names(3, ["age"]), positional_names(2, ["_c1"])
    (('age', '_c1', '_c2'), ('_c0', '_c1'))
    """
    known = names_in_place(names)[:width]
    further = [f"_c{i}" for i in range(len(known), width)]
    return _kept_apart([*known, *further], [False] * len(known) + [True] * len(further))


def names_in_place(names: Sequence[str] | None) -> tuple[str, ...]:
    """A baseline's names by position; none if they are all ``_cN``, which say their positions themselves.

    A baseline that leaves out columns has names such as ``_c0, _c2``: by position, the second would go to another column.

    >>> names_in_place(["_c0", "_c2"]), names_in_place(["age", "_c2"])
    ((), ('age', '_c2'))
    """
    matches = [_BY_POSITION.fullmatch(name) for name in names or ()]
    positions = [int(match[1]) for match in matches if match]
    if len(positions) == len(matches) and positions == sorted(set(positions)):
        return ()
    return tuple(names or ())


def _kept_apart(names: Sequence[str], made: Sequence[bool]) -> tuple[str, ...]:
    """The names, of which those that were made give way, as Spark does not tell apart what differs in case alone."""
    taken = {name.lower() for name, new in zip(names, made, strict=True) if not new}
    kept: list[str] = []
    for position, (name, new) in enumerate(zip(names, made, strict=True)):
        unique = name
        while new and unique.lower() in taken:
            unique += f"_{position}"
        taken.add(unique.lower())
        kept.append(unique)
    return tuple(kept)
