"""What a user writes for one check or analyzer, validated against Deequ's signatures before Spark starts."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator
from typing_extensions import Self

from engine.config_sections import Section
from engine.deequ.arguments import ARGUMENTS
from engine.deequ.assertion_text import Flavour, parse_assertion
from engine.deequ.signatures import ANALYZERS, ASSERTIONS, CHECKS, OPTIONS, PAIRS, Signature
from engine.validation import faults_of

_OWN = {"column", "columns", "first", "others", "hint", "where", "options", "udf", "repository", *ASSERTIONS, *PAIRS}
"""Words of a signature that are no arguments."""


class _Entry(Section):
    """The keys that checks and analyzers share."""

    column: str | None = Field(None, min_length=1)
    """The column."""
    columns: list[str] | None = Field(None, min_length=1)
    """Several columns; two, in this order, for what compares two."""
    where: str | None = Field(None, min_length=1)
    """SQL condition: only rows for which it is true count."""
    arguments: dict[str, Any] = Field({})
    """Further arguments, by Deequ's names of the parameters."""

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, values: Any) -> Any:
        for key in values if isinstance(values, Mapping) else ():
            if key not in cls.model_fields:
                allowed = list(cls.model_fields)
                raise ValueError(f"unknown key {key!r}.{_nearest(str(key), allowed)}{_listed(allowed)}")
        return values

    def form(self, name: str, signature: Signature) -> list[str]:
        """The parameters of the form of the signature that the arguments stand for; a missing one is an error."""
        forms = [form.split() for form in signature.forms]
        return next((form for form in forms if set(self.arguments) & _particular(form)), forms[0])

    def _check_call(self, name: str, signature: Signature) -> None:
        words = self.form(name, signature)
        allowed = [word.rstrip("?") for word in words if word.rstrip("?") not in _OWN and word != "columnsRead"]
        allowed += OPTIONS if "options" in words else []
        for given in self.arguments:
            if given not in allowed:
                raise ValueError(f"{name} has no argument {given!r}.{_nearest(given, allowed)}{_listed(allowed)}")
        for word in words:
            if word in allowed and word not in self.arguments:
                raise ValueError(f"{name} needs the argument {word!r} (under 'arguments')")
        for key, value in self.arguments.items():
            _check_argument(name, key, value)
        self._check_columns(name, words)
        if self.where and not signature.where:
            raise ValueError(f"{name} takes no 'where': Deequ cannot filter it")

    def _check_columns(self, name: str, words: list[str]) -> None:
        pair = [word for word in words if word in PAIRS]
        several = bool({"columns", "first", "columnsRead"} & set(words))
        if "column" in words and not self.column:
            raise ValueError(f"{name} needs 'column'")
        if pair and len(self.columns or []) != 2:
            raise ValueError(f"{name} needs 'columns' with two names")
        if several and "columnsRead" not in words and not (self.columns or self.column):
            raise ValueError(f"{name} needs 'columns'")
        if self.column and "column" not in words and not several:
            raise ValueError(f"{name} takes no 'column'")
        if self.columns and not (several or pair):
            raise ValueError(f"{name} takes no 'columns'")

    @property
    def all_columns(self) -> list[str]:
        """Columns that it names, in order."""
        return [*([self.column] if self.column else []), *(self.columns or [])]


class AnalyzerConfig(_Entry):
    """An analyzer whose metric is computed."""

    name: str
    """Name of Deequ's analyzer, for example Mean."""

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return _legal_name(name, ANALYZERS, "analyzer")

    @model_validator(mode="after")
    def _callable(self) -> Self:
        self._check_call(self.name, ANALYZERS[self.name])
        return self


class CheckConfig(_Entry):
    """One call of a method of Deequ's Check."""

    check: str
    """Name of the method, for example isComplete."""
    assertion: str | float | None = None
    """What must hold of the metric, for example ">= 0.9" or "between 1 and 5"."""
    level: Literal["error", "warning"] = "error"
    """Deequ's level of the check."""
    hint: str | None = None
    """Text that Deequ adds to the message."""
    name: str | None = Field(None, min_length=1)
    """Name of the check in results; null makes one of the method and its columns."""

    @field_validator("check")
    @classmethod
    def _known(cls, check: str) -> str:
        return _legal_name(check, CHECKS, "check")

    @model_validator(mode="after")
    def _callable(self) -> Self:
        signature = CHECKS[self.check]
        self._check_call(self.check, signature)
        kinds = [word for word in self.form(self.check, signature) if word in ASSERTIONS]
        if self.assertion is None and kinds and kinds != ["one"]:
            raise ValueError(f"{self.check} needs 'assertion', for example '{_EXAMPLES[kinds[0]]}'")
        if self.assertion is not None and not kinds:
            raise ValueError(f"{self.check} takes no 'assertion'")
        if self.assertion is not None:
            parse_assertion(self.assertion, flavour_of(kinds[0]))
        return self

    @property
    def title(self) -> str:
        """Its name, or the method with what it looks at, for example ``isComplete(age) where plan = 'gold'``."""
        if self.name:
            return self.name
        conditions = [self.arguments[key] for key in ("columnCondition", "expression") if key in self.arguments]
        subject = ", ".join([*conditions, *self.all_columns])
        return (f"{self.check}({subject})" if subject else self.check) + (f" where {self.where}" if self.where else "")


def flavour_of(word: str) -> Flavour:
    """What an assertion of a signature looks at.

    >>> flavour_of("one"), flavour_of("kll")
    ('number', 'kll')
    """
    flavours: dict[str, Flavour] = {"histogram": "histogram", "kll": "kll", "binned": "binned"}
    return flavours.get(word, "number")


_EXAMPLES = {
    "assertion": ">= 0.9",
    "histogram": "count of 'red' > 0",
    "kll": "percentile of 50 <= 10",
    "binned": "count of 0 > 0",
}


_TYPES = {**ARGUMENTS, "analyzer": AnalyzerConfig}


@functools.cache
def _adapter(key: str) -> TypeAdapter[Any]:
    return TypeAdapter(_TYPES[key])


def argument(arguments: Mapping[str, Any], key: str, default: Any = None) -> Any:
    """The value of an argument as its type."""
    return _adapter(key).validate_python(arguments[key]) if key in arguments else default


def _check_argument(name: str, key: str, value: Any) -> None:
    try:
        _adapter(key).validate_python(value)
    except ValidationError as error:
        raise ValueError(f"{name}: argument {faults_of(error)[0].below(key).sentence}") from None


def _particular(form: list[str]) -> set[str]:
    return {word.rstrip("?") for word in form} - _OWN


def _legal_name(name: str, allowed: Iterable[str], kind: str) -> str:
    names = sorted(allowed)
    if name not in names:
        raise ValueError(f"no {kind} of Deequ.{_nearest(name, names)} Allowed: {', '.join(names)}")
    return name


def _nearest(name: str, allowed: Iterable[str]) -> str:
    folded = {entry.lower(): entry for entry in allowed}
    nearest = difflib.get_close_matches(name.lower(), folded, n=1)
    return f" Did you mean {folded[nearest[0]]!r}?" if nearest else ""


def _listed(allowed: list[str]) -> str:
    return f" Allowed: {', '.join(allowed)}" if allowed else " It takes none"
