"""Errors of a configuration in plain words: file, line, key, what was found, what is allowed, and the nearest key that is known."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from engine.errors import ConfigurationError
from engine.validation import Fault, faults_of

Step = str | int

_WHERE_TO_GIVE = {
    "input": "Name files or folders after the command, or input.paths in the configuration.",
    "input.paths": "Name files or folders after the command, or input.paths in the configuration.",
    "output": "Name a folder with --output, or output in the configuration.",
}
_MISSING = "Give it in the configuration or on the command line."


def explain(
    error: ValidationError,
    model: type[BaseModel],
    where: str,
    line_of: Callable[[tuple[Step, ...]], int | None] = lambda _: None,
) -> str:
    """All faults of a configuration, one a line, unknown keys first: they explain the missing ones.

    Args:
        error: What pydantic found.
        model: The root of the configuration.
        where: File, or what stands for it.
        line_of: Gives the line of the file on which a key stands; None for one that is not in the file.
    """
    texts = []
    for fault in faults_of(error):
        line = None if fault.missing else line_of(fault.path)
        texts.append(_text(fault, model, where if line is None else f"{where}, line {line}"))
    return "\n".join(dict.fromkeys(texts))


def explain_settings(error: ValidationError, model: type[BaseModel], owner: str) -> ConfigurationError:
    """The first fault of the settings of a monitor, metric or action, with the names of all of them.

    Args:
        error: What pydantic found.
        model: The settings.
        owner: Whose settings they are, for example ``monitor data_quality``.
    """
    fault = faults_of(error)[0]
    where = f"settings of {owner}"
    if fault.unknown and len(fault.path) == 1:
        return ConfigurationError.unknown_key(str(fault.path[0]), model.model_fields, where)
    allowed = ", ".join(sorted(model.model_fields)) or "none"
    return ConfigurationError(f"{where}: {fault.sentence}. Allowed settings: {allowed}.")


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
    keys = []
    for prefix, section in sections(model):
        leaves = [name for name, field in section.model_fields.items() if _model_in(field.annotation) is None]
        keys += [f"{prefix}.{name}" if prefix else name for name in leaves]
    return keys


def _text(fault: Fault, model: type[BaseModel], where: str) -> str:
    if fault.unknown:
        return _unknown(fault, model, where)
    if fault.missing:
        return f"{where}: the key {fault.field!r} is missing. {_WHERE_TO_GIVE.get(fault.field, _MISSING)}"
    return f"{where}: {fault.sentence}."


def _unknown(fault: Fault, model: type[BaseModel], where: str) -> str:
    *parents, key = fault.path
    owner = _section_at(model, parents)
    allowed = list(owner.model_fields) if owner else []
    if not difflib.get_close_matches(str(key), allowed, n=1):
        elsewhere = [home for home, section in sections(model) if key in section.model_fields]
        if elsewhere:
            proper = " or ".join(f"'{home}.{key}'" if home else f"'{key}' (top level)" for home in elsewhere)
            return f"{where}: unknown key {fault.field!r}. Did you mean {proper}?"
    section = Fault(tuple(parents), None, "").field
    place = f"{where}, section {section!r}" if section else where
    return str(ConfigurationError.unknown_key(str(key), allowed, place))


def _section_at(model: type[BaseModel], path: list[Step]) -> type[BaseModel] | None:
    """The section that a path leads to, also through lists of sections; None where there is none."""
    found: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, int) or found is None:
            continue
        field = found.model_fields.get(step)
        found = _model_in(field.annotation, deep=True) if field else None
    return found


def _model_in(annotation: Any, *, deep: bool = False) -> type[BaseModel] | None:
    """The section that an annotation names, also in ``Section | None``, and with ``deep`` in ``list[Section]``."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    inner = (_model_in(part, deep=True) for part in get_args(annotation)) if deep else iter(())
    return next(filter(None, inner), None)
