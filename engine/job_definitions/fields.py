"""A JSON document that remembers which of its fields were read, so that none is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.errors import ConfigurationError
from engine.validation import shown_value

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

    def text(self, *path: str) -> str | None:
        """The text at a path, or its number as text; None when there is none.

        Raises:
            ConfigurationError: Something else is there.
        """
        value = self.take(*path)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise ConfigurationError(f"{'.'.join(path)} is {shown_value(value)}: it must be text, as AWS prints it.")

    def mapping(self, *path: str) -> Mapping[str, Any]:
        """The mapping at a path, none of which counts as read; empty when there is none.

        Raises:
            ConfigurationError: Something else is there.
        """
        value: Any = self._document
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, Mapping):
            return value or {}
        raise ConfigurationError(f"{'.'.join(path)} is {shown_value(value)}: it must be an object, as AWS prints it.")

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
