"""Errors of a configuration in plain words: file, key, what was found, what is legal, and the nearest legal key."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.errors import ConfigurationError

_SHOWN = 80
_EMPTY = ("too_short", "string_too_short")


def explain(error: ValidationError, model: type[BaseModel], where: str) -> str:
    """All faults of a configuration, one a line, unknown keys first: they explain the missing ones.

    Args:
        error: What pydantic found.
        model: The root of the configuration.
        where: File, or what stands for it.
    """
    details = sorted(error.errors(), key=lambda detail: detail["type"] != "extra_forbidden")
    return "\n".join(dict.fromkeys(_line(detail, model, where) for detail in details))


def sections(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """All sections below a model with their dotted keys; the root has the key ''."""
    yield prefix, model
    for name, field in model.model_fields.items():
        nested = _model_in(field.annotation)
        if nested is not None:
            yield from sections(nested, f"{prefix}.{name}" if prefix else name)


def dotted_keys(model: type[BaseModel]) -> list[str]:
    """Every key that holds a value, with its path, for example ``input.csv.header``.

    >>> from engine.config_sections import RunnerConfig
    >>> dotted_keys(RunnerConfig)
    ['kind', 'master', 'conf']
    """
    found = []
    for prefix, section in sections(model):
        leaves = [name for name, field in section.model_fields.items() if _model_in(field.annotation) is None]
        found += [f"{prefix}.{name}" if prefix else name for name in leaves]
    return found


def _line(detail: ErrorDetails, model: type[BaseModel], where: str) -> str:
    keys = [str(part) for part in detail["loc"]]
    path = ".".join(keys)
    if detail["type"] == "extra_forbidden":
        return _unknown(keys, model, where)
    if detail["type"] == "missing":
        return f"{where}: the key '{path}' is missing. Give it in the configuration or on the command line."
    found = (
        ""
        if detail["type"] == "value_error" and isinstance(detail["input"], dict)
        else f" is {_shown(detail['input'])}"
    )
    reason = (
        "it must not be empty" if detail["type"] in _EMPTY else detail["msg"].removeprefix("Value error, ").rstrip(".")
    )
    return f"{where}: '{path}'{found}: {reason[:1].lower()}{reason[1:]}."


def _unknown(keys: list[str], model: type[BaseModel], where: str) -> str:
    *parents, key = keys
    section = ".".join(parents)
    known = dict(sections(model))
    legal = list(known[section].model_fields) if section in known else []
    if not difflib.get_close_matches(key, legal, n=1):
        elsewhere = [home for home, owner in known.items() if key in owner.model_fields]
        if elsewhere:
            proper = " or ".join(f"'{home}.{key}'" if home else f"'{key}' (top level)" for home in elsewhere)
            return f"{where}: unknown key '{'.'.join(keys)}'. Did you mean {proper}?"
    place = f"{where}, section '{section}'" if section else where
    return str(ConfigurationError.unknown_key(key, legal, place))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The section that an annotation names, also in ``Section | None``."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
