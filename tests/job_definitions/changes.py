"""Documents of the API with one field changed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """The paths to all fields that hold a value of their own."""
    entries = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    inner = list(entries)
    if not inner:
        yield above
    for key, entry in inner:
        yield from paths(entry, (*above, key))


def changed(document: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy in which a field holds another value."""
    copied: Any = copy.deepcopy(document)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return copied  # type: ignore[no-any-return]


def another(document: Any, path: Path) -> Any:
    """Another value of the same kind than the one at a path."""
    for step in path:
        document = document[step]
    others = {
        "File": "Pipe",
        "FullyReplicated": "ShardedByS3Key",
        "Continuous": "EndOfJob",
        "DataQuality": "ModelQuality",
    }
    if isinstance(document, bool):
        return not document
    if isinstance(document, int | float):
        return document + 1
    if isinstance(document, str) and document.startswith("-PT"):
        return "-PT9H"
    if isinstance(document, str) and document.startswith("cron("):
        return "cron(30 3 ? * * *)"
    return others.get(document, f"{document}-other") if isinstance(document, str) else {"other": "value"}
