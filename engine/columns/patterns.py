"""Patterns of names: ``*`` stands for any characters, ``?`` for one. Everything else is itself, brackets too; case is ignored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache


def matches_pattern(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern.

    >>> matches_pattern("price[usd]", "PRICE[*]"), matches_pattern("prices", "price[s]")
    (True, False)
    """
    return name == pattern or _compiled(pattern).fullmatch(name.casefold()) is not None


def is_meant(name: str, patterns: Iterable[str], names: Collection[str]) -> bool:
    """Whether a name fits patterns, where a pattern that is the exact name of another column means that one alone.

    >>> is_meant("age", ["Age"], ["Age", "age"]), is_meant("age", ["Age"], ["age"])
    (False, True)
    """
    return any(name == pattern or (pattern not in names and matches_pattern(name, pattern)) for pattern in patterns)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(sign) or re.escape(sign) for sign in pattern.casefold()), re.DOTALL)
