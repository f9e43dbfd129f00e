"""Patterns of paths: ``*``, ``?``, ``[a-z]``, ``[!a]``, and ``**`` across folders."""

from __future__ import annotations

import re

from engine.errors import ConfigurationError

WILDCARD = re.compile(r"[*?\[]")
_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^\]/]*\]|.", re.DOTALL)
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def compile_glob(glob: str, path: str) -> re.Pattern[str]:
    """The pattern of paths that a glob means, or that lie below what it means.

    Args:
        glob: The glob.
        path: The whole path, for messages.

    Raises:
        ConfigurationError: A range runs backwards.

    >>> [bool(compile_glob("[!a]?.csv", "").match(name)) for name in ("b1.csv", "a1.csv", "b1.csv/part")]
    [True, False, True]
    """
    expression = "".join(_MEANING.get(token) or _literal_or_set(token) for token in _TOKEN.findall(glob))
    try:
        return re.compile(expression + r"(?:/.*)?$", re.DOTALL)
    except re.error as error:
        raise ConfigurationError(
            f"{path}: is no pattern of files: {error.msg}. A range is written like [a-z], from the lower to the upper character."
        ) from error


def _literal_or_set(token: str) -> str:
    negated = token[1:2] in ("!", "^")
    characters = token[2 if negated else 1 : -1]
    if not characters:  # a single character, or brackets around nothing
        return re.escape(token)
    inside = "".join(c if c == "-" else re.escape(c) for c in characters)
    return f"[{'^/' if negated else ''}{inside}]"
