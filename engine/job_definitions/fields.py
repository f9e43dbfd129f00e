"""A JSON document that remembers which of its fields were read, so that none is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str, ...]


class Fields:
    """The fields of a document.

    >>> fields = Fields({"a": {"b": 1, "c": None}, "d": [2]})
    >>> fields.take("a", "b"), fields.take("x", "y")
    (1, None)
    >>> fields.unread()
    {'d': [2]}
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._read: set[Path] = set()

    def take(self, *path: str) -> Any:
        """The value at a path, all of which counts as read from now on; None when there is none."""
        self._read.add(path)
        value: Any = self._document
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def unread(self) -> dict[str, Any]:
        """Values that nobody took, by their paths."""
        return dict(self._unread(self._document, ()))

    def _unread(self, value: Any, path: Path) -> Iterator[tuple[str, Any]]:
        if path in self._read or value is None:
            return
        if isinstance(value, Mapping) and value:
            for key, inner in value.items():
                yield from self._unread(inner, (*path, str(key)))
        else:
            yield ".".join(path), value
