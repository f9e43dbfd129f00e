"""The text of a DQDL ruleset, cut into rules, and what in a rule names a column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|#[^\n]*|[\[\](),]|[^"#\[\](),]+')
_HEAD = re.compile(r'(?<![\w"])(?P<kind>[A-Za-z]\w*)(?P<names>(?:\s+"(?:[^"\\]|\\.)*")+)')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_THRESHOLD = re.compile(r"\bwith\s+threshold\s+(?P<condition>[^\"]*?)\s*\)*\s*\Z", re.IGNORECASE)
_SQL = re.compile(r'(\bCustomSql\s+)"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_CUSTOM_SQL = re.compile(r"\bCustomSql\b", re.IGNORECASE)

_NOT_OF_COLUMNS = {
    "customsql",
    "rowcountmatch",
    "schemamatch",
    "datasetmatch",
    "columnnamesmatchpattern",
    "with",
    "matches",
}
"""What is followed by a text that names no column."""


def split_rules(ruleset: str) -> list[str]:
    r"""The rules of a ruleset, as they are written.

    >>> split_rules('Rules = [ IsComplete "a, b", ColumnValues "c" in ["x", "y"], # a comment\n RowCount > 1 ]')
    ['IsComplete "a, b"', 'ColumnValues "c" in ["x", "y"]', 'RowCount > 1']
    """
    start = re.search(r"\bRules\s*=\s*\[", ruleset, re.IGNORECASE)
    depth, rules = 1, [""]
    for match in _PIECE.finditer(ruleset, start.end() if start else 0):
        piece = match[0]
        depth += (piece in "[(") - (piece in "])")
        if depth == 0:
            break
        if piece == "," and depth == 1:
            rules.append("")
        elif not piece.startswith("#"):
            rules[-1] += piece
    return [rule.strip() for rule in rules if rule.strip()]


def columns_in(rule: str) -> tuple[str, ...]:
    """The columns that follow the names of the kinds of rules.

    >>> columns_in('ColumnValues "age" between 1 and 9'), columns_in("RowCount > 4")
    (('age',), ())
    """
    return tuple(
        dict.fromkeys(_unescaped(quoted[1]) for head in _heads(rule) for quoted in _QUOTED.finditer(head["names"]))
    )


def with_columns(rule: str, renamed: Callable[[str], str]) -> str:
    """The rule with other names of columns.

    >>> with_columns('(IsComplete "a.b") and (RowCount > 2)', lambda name: name.replace(".", "_"))
    '(IsComplete "a_b") and (RowCount > 2)'
    """
    for head in reversed(list(_heads(rule))):
        names = _QUOTED.sub(lambda quoted: _escaped(renamed(_unescaped(quoted[1]))), head["names"])
        rule = rule[: head.start("names")] + names + rule[head.end("names") :]
    return rule


def with_sql(rule: str, rewritten: Callable[[str], str]) -> str:
    """The rule with other SQL.

    >>> with_sql('CustomSql "select 1" = 1', lambda sql: sql + " limit 1")
    'CustomSql "select 1 limit 1" = 1'
    """
    return _SQL.sub(lambda match: match[1] + _escaped(rewritten(_unescaped(match[2]))), rule)


def has_custom_sql(rule: str) -> bool:
    """Whether SQL of the user's is in a rule."""
    return _CUSTOM_SQL.search(_QUOTED.sub('""', rule)) is not None


def threshold_of(rule: str) -> str | None:
    """The condition on the share of rows at the end of a rule; None without one.

    >>> threshold_of('ColumnValues "x" in ["a"] with threshold > 0.6'), threshold_of("RowCount > 4")
    ('> 0.6', None)
    """
    match = _THRESHOLD.search(rule)
    return match["condition"] if match else None


def _heads(rule: str) -> Iterator[re.Match[str]]:
    return (head for head in _HEAD.finditer(rule) if head["kind"].lower() not in _NOT_OF_COLUMNS)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _escaped(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
