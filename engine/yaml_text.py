"""YAML as a configuration needs it: a key that is given twice is an error, as the first would be lost in silence.

What a file can hold is bounded before values are made of it: a few lines of aliases can stand for gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

MOST_VALUES = 100_000
"""Of a configuration, where each alias counts as what it stands for."""

DEEPEST = 50
"""Mappings and lists within each other."""


class _Loader(yaml.SafeLoader):
    """Plain values only, and each key of a mapping once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[tuple[str, str]] = set()
        # A tag can call a list a mapping.
        pairs = node.value if isinstance(node, yaml.MappingNode) else []  # type: ignore[redundant-expr]
        for key in (key for key, _ in pairs if isinstance(key, yaml.ScalarNode)):
            if (key.tag, key.value) in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except yaml.YAMLError:
            raise
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            # The constructors of dates, numbers and tags raise whatever Python raises for a text that is none.
            kind = node.tag.rpartition(":")[2]
            shown = repr(node.value[:60]) if isinstance(node.value, str) else "what stands there"
            reason = f" ({' '.join(str(error).split())[:100]})" if isinstance(error, ValueError) else ""
            problem = f"{shown} is not of the type {kind}{reason}"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from None


def parse_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises:
        ValueError: It is not YAML, or stands for more than a configuration can hold; the error says where.
    """
    node = _composed(text)
    if node is None:
        return None
    loader = _Loader("")
    try:
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        raise ValueError(_fault(error)) from error
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:  # of a tag on a list or mapping
        raise ValueError(f"a value does not fit its tag: {' '.join(str(error).split())}") from error
    finally:
        loader.dispose()


def line_of_key(text: str, path: Iterable[str | int]) -> int | None:
    r"""The line on which a key, or an entry of a list, stands in a YAML text; None where it is not there.

    >>> line_of_key("input:\n  paths:\n  - a\n  - b\n", ("input", "paths", 1))
    4
    """
    node, line = _composed(text), None
    for step in path:
        children = _children(node)
        if step not in children:
            return line
        mark, node = children[step]
        line = mark.line + 1
    return line


def _children(node: yaml.Node | None) -> dict[str | int, tuple[Any, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return {key.value: (key.start_mark, value) for key, value in node.value if isinstance(key.value, str)}
    if isinstance(node, yaml.SequenceNode):
        return {position: (item.start_mark, item) for position, item in enumerate(node.value)}
    return {}


def _composed(text: str) -> yaml.Node | None:
    """The nodes of a text, within bounds."""
    try:
        node: yaml.Node | None = yaml.compose(text.removeprefix("\ufeff"), _Loader)
        if node is not None:
            _measure(node, {}, ())
    except RecursionError:
        raise ValueError(f"mappings and lists are nested in each other more than {DEEPEST} deep") from None
    except yaml.YAMLError as error:
        raise ValueError(_fault(error)) from error
    return node


def _measure(node: yaml.Node, known: dict[int, int], above: tuple[int, ...]) -> int:
    """How many values a node stands for."""
    if isinstance(node, yaml.ScalarNode):
        _check_text(node)
        return 1
    if id(node) in above:
        raise yaml.MarkedYAMLError(problem="an alias stands for what it is a part of", problem_mark=node.start_mark)
    if len(above) == DEEPEST:
        raise yaml.MarkedYAMLError(
            problem=f"mappings and lists are nested more than {DEEPEST} deep", problem_mark=node.start_mark
        )
    if id(node) not in known:
        pairs = isinstance(node, yaml.MappingNode)
        parts = [part for pair in node.value for part in pair] if pairs else node.value
        known[id(node)] = 1 + sum(_measure(part, known, (*above, id(node))) for part in parts)
    if known[id(node)] > MOST_VALUES:
        problem = f"with its aliases this stands for more than {MOST_VALUES:,} values"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    return known[id(node)]


def _check_text(node: yaml.ScalarNode) -> None:
    r"""An escape such as ``\ud800`` makes half of a character, which no file, name or column can hold."""
    halves = [character for character in node.value if "\ud800" <= character <= "\udfff"]
    if halves:
        problem = f"the text holds {halves[0]!r}, half of a pair that stands for a character"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def _fault(error: yaml.YAMLError) -> str:
    """What the parser found, and where: its own text quotes a file that it does not name."""
    if isinstance(error, yaml.reader.ReaderError):
        return f"the character {chr(error.character)!r} at position {error.position + 1:,}: {error.reason}"
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return " ".join(str(error).split())
    return f"line {mark.line + 1}, column {mark.column + 1}: {getattr(error, 'problem', None) or 'not understood'}"
