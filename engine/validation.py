"""What is wrong with a value that a model refuses, as a sentence: which field, what it holds, what is allowed."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.redaction import HIDDEN, names_secret

_CHARACTERS = 80

_OF_UNION = re.compile(
    r"(literal|list|tuple|dict|set|function-\w+|constrained-\w+|nullable|lax-or-strict|json-or-python)\[.*\]"
)
_PLAIN_TYPES = frozenset({"bool", "str", "int", "float", "constrained-str", "constrained-int", "[key]"})

_REASONS = {
    "model_type": "it must be a mapping of keys to values",
    "dict_type": "it must be a mapping of keys to values",
    "list_type": "it must be a list",
    "string_type": "it must be text; write it in quotes",
    "no_text": "it must be text",
    "too_short": "it must not be empty",
    "string_too_short": "it must not be empty",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        path: Keys and positions that lead to the field; empty for the value as a whole.
        value: What is there.
        reason: What is allowed, as the end of a sentence.
        unknown: The key is none of those that are allowed.
        missing: The key is not there.
    """

    path: tuple[str | int, ...]
    value: Any
    reason: str
    unknown: bool = False
    missing: bool = False

    @property
    def field(self) -> str:
        """The path as one writes it, for example ``features[0].name``."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).removeprefix(".")

    def below(self, *path: str) -> Fault:
        """The same fault, seen from further above."""
        return replace(self, path=(*path, *self.path))

    @property
    def sentence(self) -> str:
        """The fault in words, without a full stop.

        >>> Fault(("input", "csv"), 5, "it must be a mapping of keys to values").sentence
        "'input.csv' is 5: it must be a mapping of keys to values"
        """
        if self.missing:
            return f"{self.field!r} is missing"
        if self.unknown:
            return f"unknown key {self.field!r}"
        subject = repr(self.field) if self.path else "the value"
        # What contradicts itself inside a mapping is said by the reason; the mapping would say it again at length.
        is_told = isinstance(self.value, dict) and not self.reason.startswith("it must")
        if is_told:
            return f"{self.field!r}: {self.reason}" if self.path else self.reason
        return f"{subject} is {self.shown}: {self.reason}"

    @property
    def shown(self) -> str:
        """The value, shortened; hidden where the field may hold a credential."""
        return HIDDEN if any(names_secret(step) for step in self.path) else shown_value(self.value)


def faults_of(error: ValidationError) -> list[Fault]:
    """Everything that is wrong, mistyped keys first because they explain missing ones.

    Args:
        error: What pydantic raised.
    """
    faults: dict[tuple[str | int, ...], Fault] = {}
    for detail in error.errors(include_url=False, include_context=False):
        fault = _fault(detail)
        before = faults.get(fault.path)
        # A value that may be of several types is refused once for each of them.
        same = before is not None and fault.reason in before.reason
        faults[fault.path] = _joined(before, fault) if before and not same else before or fault
    return sorted(faults.values(), key=lambda fault: not fault.unknown)


def shown_value(value: Any) -> str:
    """A value as text, shortened without being written out whole first: it may be huge.

    >>> shown_value("x" * 100)[-5:], shown_value({"a": [1, 2]})
    ('xx...', "{'a': [1, 2]}")
    """
    text = _Short().repr(value)
    return text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]}..."


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = 10 * _CHARACTERS
        self.maxlevel, self.maxdict, self.maxlist, self.maxtuple = 4, 10, 20, 20

    def repr_str(self, x: str, level: int) -> str:
        """Cut at the end, not in the middle."""
        return repr(x[: self.maxstring])

    def repr_bool(self, x: bool, level: int) -> str:
        """As YAML and JSON write it."""
        return "true" if x else "false"

    def repr_NoneType(self, x: None, level: int) -> str:  # noqa: N802 - how reprlib calls it
        """As YAML and JSON write it."""
        return "null"

    def repr_int(self, x: int, level: int) -> str:
        """Python refuses to write very long numbers."""
        return f"a number of {x.bit_length()} bits" if x.bit_length() > self.maxlong else repr(x)


def _fault(detail: ErrorDetails) -> Fault:
    path = _without_types(detail["loc"])
    kind, text = detail["type"], detail["msg"].removeprefix("Value error, ").rstrip(".")
    text = re.sub(r"^Input should be\b", "it must be", text)
    kind = "no_text" if kind == "string_type" and detail["input"] is None else kind
    reason = _REASONS.get(kind, f"{text[:1].lower()}{text[1:]}")
    return Fault(path, detail["input"], reason, kind == "extra_forbidden", kind == "missing")


def _joined(before: Fault, fault: Fault) -> Fault:
    return Fault(before.path, before.value, f"{before.reason}, or {fault.reason.removeprefix('it must be ')}")


def _without_types(path: Sequence[str | int]) -> tuple[str | int, ...]:
    """A path without the names of types that pydantic puts behind a field of several types."""
    is_type = (isinstance(step, str) and (step in _PLAIN_TYPES or _OF_UNION.fullmatch(step)) for step in path)
    return tuple(step for step, typed in zip(path, is_type, strict=True) if not typed)
