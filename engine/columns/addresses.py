"""One way to name a column, for every setting that names one.

An address is tried as

1. the exact name of a column,
2. a name without regard to case, as Spark resolves it,
3. an index from 0, where the address consists of digits,
4. a path into JSON, in JMESPath (``predictions[*].score``) or JSONPath (``$.predictions[0].score``), which may name several
   columns.

Columns of captures belong to the request, the response or the label. An index counts the columns of one part alone. A name is
looked for in the part that the setting is about, then in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from engine.columns.json_paths import columns_at_path, depends_on_values
from engine.columns.layout import Layout, Part
from engine.errors import DataFormatError

Address = int | str
"""A column's name, its index from 0, or a path into JSON."""

MAX_LISTED = 30
"""Names of columns that an error lists."""


@lru_cache(maxsize=4096)
def resolve(layout: Layout, address: Address, part: Part | None = None) -> tuple[str, ...]:
    """Return the columns that an address names; none where there is no such column.

    Args:
        layout: The columns there are.
        address: Name, index or path.
        part: Part of a capture that the setting is about. Without one, an index counts the columns of the request, or of
            all where the data is no captures.

    Raises:
        DataFormatError: The name fits two columns, which differ by case alone.

    >>> layout = Layout.from_names(["Age", "scores.0", "scores.1"])
    >>> resolve(layout, "age"), resolve(layout, 1), resolve(layout, "$.scores[1]"), resolve(layout, "scores[*]")
    (('Age',), ('scores.0',), ('scores.1',), ('scores.0', 'scores.1'))
    """
    text = str(address)
    everywhere = [(name, name) for name in layout.names]
    scopes = [list(layout.columns_in(part)), everywhere] if part is not None and layout.has_parts else [everywhere]
    if not isinstance(address, int):
        for scope in scopes:
            if named := _by_name(scope, text):
                return (named,)
    if text.removeprefix("-").isdigit():
        indexed = indexed_columns(layout, part)
        return (indexed[int(text)],) if text.isdigit() and int(text) in indexed else ()
    return next(filter(None, (columns_at_path(scope, text) for scope in scopes)), ())


def indexed_columns(layout: Layout, part: Part | None = None) -> dict[int, str]:
    """Return the columns that an index counts, by index: of captures those of the part, or all but the label; otherwise all.

    Columns that are left out keep their index, so that leaving one out changes the meaning of no other index.
    """
    places = dict(zip(layout.names, layout.places or (), strict=False))
    counted = _counted(layout, part)
    return {index if (place := places.get(name)) is None else place: name for index, name in enumerate(counted)}


def _counted(layout: Layout, part: Part | None) -> list[str]:
    if not layout.has_parts:
        return list(layout.names)
    if part is not None:
        return [name for name, _ in layout.columns_in(part)]
    others = (
        name
        for name, source in zip(layout.names, layout.sources, strict=True)
        if not (source and source.part == "label")
    )
    return [name for name, _ in layout.columns_in("request")] or list(others)


def require_column(layout: Layout, setting: str, address: Address, part: Part | None = None) -> str:
    """Return the one column that an address names.

    Args:
        layout: The columns there are.
        setting: Name of the setting that holds the address, for messages.
        address: Name, index or path.
        part: Part of a capture that the setting is about.

    Raises:
        DataFormatError: There is no such column, or there are several.
    """
    columns = require_columns(layout, setting, address, part)
    if len(columns) > 1:
        raise DataFormatError(
            f"{setting}: {address!r} names {len(columns)} columns ({list_names(columns)}), where one is needed. Name one of them."
        )
    return columns[0]


def require_columns(layout: Layout, setting: str, address: Address, part: Part | None = None) -> tuple[str, ...]:
    """Return the columns that an address names, at least one.

    Raises:
        DataFormatError: There is none.
    """
    columns = resolve(layout, address, part)
    if not columns:
        raise DataFormatError(f"{setting}: {_reason(layout, address, part)}")
    return columns


def list_names(names: Sequence[str]) -> str:
    """Return names as a list in a sentence, cut where there are very many.

    >>> list_names(["a", "b"]), list_names([])
    ('a, b', 'none')
    """
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + more if names else "none"


def match_name(names: Sequence[str], text: str) -> str | None:
    """Return the name that is meant: the exact one, or the only one that differs by case alone.

    Raises:
        DataFormatError: Several names differ by case alone, and none is exact.

    >>> match_name(["Label", "score"], "label"), match_name(["a", "A"], "A"), match_name(["a"], "b")
    ('Label', 'A', None)
    """
    return _by_name([(name, name) for name in names], text)


def _by_name(scope: Sequence[tuple[str, str]], text: str) -> str | None:
    """Look a name up among pairs of a column's name and its name within its part."""
    for name, local in scope:
        if text in (local, name):
            return name
    folded = text.casefold()
    matches = [name for name, local in scope if folded in (local.casefold(), name.casefold())]
    if len(matches) > 1:
        raise DataFormatError(
            f"the name {text!r} fits several columns that differ by case alone: {', '.join(matches)}. Write the exact name."
        )
    return matches[0] if matches else None


def _reason(layout: Layout, address: Address, part: Part | None) -> str:
    whole = f"the {part}" if part is not None and layout.has_parts else "the data"
    indexed = indexed_columns(layout, part)
    columns = list(indexed.values())
    if str(address).removeprefix("-").isdigit():
        gaps = ", without those that are left out" if columns and max(indexed) >= len(indexed) else ""
        allowed = f"an index from {min(indexed)} to {max(indexed)}{gaps}" if columns else "no index, as it is empty"
        return f"{whole} has no column {address}; allowed is {allowed}. Its columns: {list_names(columns)}."
    if depends_on_values(str(address)):
        return (
            f"the path {address!r} chooses by values or computes, but a setting names columns. {whole.capitalize()} has "
            f"{list_names(columns)}. Name one of these, or give a path of names, positions and [*], such as predictions[0].score."
        )
    return (
        f"{whole} has no column {address!r}; it has {list_names(columns)}. Name one of these, or give its index from 0 or a "
        "path into JSON such as predictions[0].score."
    )
