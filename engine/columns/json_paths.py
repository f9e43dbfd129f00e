"""Paths into JSON, in JMESPath or JSONPath, as columns of the flattened records.

The path is searched in a record whose leaves are the names of the columns, so that projections and slices work as the
library defines them, and no value has to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

_BRACKETED_NAME = re.compile(r"""\[\s*(?:'([^']*)'|"([^"]*)")\s*\]""")
_RECORDS = re.compile(r"\[\s*\*?\s*\]\.")
"""A path that begins at a list of records, as Clarify's do for a dataset that is one: each record is a row."""
_QUOTED_NAME = re.compile(r'"[^"]*"')
_POSITION = re.compile(r"_c(\d+)")
_LONGEST_SPARSE_LIST = 1000
"""Keys such as identifiers are digits too; an object of them is no list."""
_OF_VALUES = frozenset(
    ("comparator", "function_expression", "filter_projection", "literal", "or_expression", "and_expression")
)
"""What depends on values in JMESPath: the columns are looked for by their names, and no value is looked at."""


def columns_at_path(columns: Sequence[tuple[str, str]], path: str) -> tuple[str, ...]:
    """Return the columns below a path, in its order; none where the path is not valid or leads nowhere.

    Args:
        columns: For each column its name, and the name that the path goes by.
        path: For example ``predictions[*].score``, ``$.predictions[0].score`` or ``$['a'][0]['b']``.

    >>> columns = [(name, name) for name in ("instances.0.label", "instances.0.features.0", "instances.0.features.1")]
    >>> columns_at_path(columns, "instances[*].label"), columns_at_path(columns, "$['instances'][0].features[-1]")
    (('instances.0.label',), ('instances.0.features.1',))
    """
    expression = to_jmespath(path)
    if not expression or depends_on_values(path):
        return ()
    folded = [(name, local.casefold()) for name, local in columns]
    is_clear = len({local for _, local in folded}) == len(folded)
    inner = _RECORDS.match(expression)
    for tried in [expression, *([expression[inner.end() :]] if inner else [])]:
        if columns_at := _search(tried, columns) or (_search(tried.casefold(), folded) if is_clear else ()):
            return columns_at
    return ()


def depends_on_values(path: str) -> bool:
    """Whether a path chooses by values or computes, so that it names no column.

    >>> depends_on_values("max_by(predictions, &score).label"), depends_on_values("predictions[?score != other]")
    (True, True)
    >>> depends_on_values("predictions[*].score"), depends_on_values("a column (%)")
    (False, False)
    """
    try:
        return _uses_values(jmespath.compile(to_jmespath(path)).parsed)
    except (JMESPathError, TypeError, ValueError):
        return False


def _uses_values(node: dict[str, Any]) -> bool:
    return node["type"] in _OF_VALUES or any(
        _uses_values(child) for child in node["children"] if isinstance(child, dict)
    )


def _search(expression: str, columns: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    try:
        matches = jmespath.search(expression, _record(columns))
    except (JMESPathError, TypeError, ValueError):
        return ()
    names = {name for name, _ in columns}
    return tuple(dict.fromkeys(leaf for leaf in _leaves(matches) if leaf in names))


def to_jmespath(path: str) -> str:
    """Rewrite JSONPath as JMESPath; what is JMESPath already stays.

    >>> to_jmespath("$.a[0].b"), to_jmespath("$['a'][0]['b c']"), to_jmespath("a[*].b")
    ('a[0].b', '"a"[0]."b c"', 'a[*].b')
    >>> to_jmespath("$['a.b'][0]")
    '"a"."b"[0]'
    """
    rewritten = _BRACKETED_NAME.sub(lambda match: f'."{match[1] or match[2] or ""}"', path.strip().removeprefix("$"))
    parts = _QUOTED_NAME.sub(lambda match: match[0].replace(".", '"."'), rewritten)  # so are the names of columns
    return parts.removeprefix(".")


def _record(columns: Sequence[tuple[str, str]]) -> Any:
    """Build the record that the columns were flattened from, with their names as its leaves."""
    root: dict[str, Any] = {}
    for name, local in columns:
        *parents, last = local.split(".")
        node = root
        for key in parents:
            below = node.setdefault(key, {})
            if not isinstance(
                below, dict
            ):  # a column is named as the object above another: by its name alone it is found
                break
            node = below
        else:
            node.setdefault(last, name)
    if root and all(_POSITION.fullmatch(key) for key in root):  # the columns of a list
        root = {key.removeprefix("_c"): below for key, below in root.items()}
    return _with_lists(root)


def _with_lists(node: Any) -> Any:
    """Turn objects whose keys are positions into lists."""
    if not isinstance(node, dict):
        return node
    children = {key: _with_lists(child) for key, child in node.items()}
    if children and all(key.isdigit() for key in children):
        places = {int(key): child for key, child in children.items()}
        if max(places) < max(2 * len(places), _LONGEST_SPARSE_LIST):
            return [places.get(index) for index in range(max(places) + 1)]
    return children


def _leaves(matches: Any) -> Iterator[str]:
    if isinstance(matches, str):
        yield matches
    elif isinstance(matches, list):
        for item in matches:
            yield from _leaves(item)
    elif isinstance(matches, dict):
        for item in matches.values():
            yield from _leaves(item)
