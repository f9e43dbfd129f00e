"""The decorator that makes a metric of a class, and what a metric says about itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from typing_extensions import dataclass_transform

from engine.analyzers.base import ColumnAnalyzer, DerivedMetric, Metric, setting
from engine.analyzers.metric_spec import MetricSpec, Takes, Worse
from engine.errors import PluginError

LEGAL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

T = TypeVar("T")


@dataclass_transform(field_specifiers=(setting,))
def metric(  # noqa: PLR0913 - the words in which a metric is described
    *,
    name: str | None = None,
    takes: Takes | tuple[Takes, ...] = "any",
    unit: str | None = None,
    worse: Worse | None = None,
    threshold: float | None = None,
    tolerance: float = 0.1,
    label: str | None = None,
    cloudwatch: str | None = None,
) -> Callable[[type[T]], type[T]]:
    """Make a metric of a class: a dataclass whose fields are its state.

    A class that derives from nothing becomes a :class:`~engine.analyzers.base.ColumnAnalyzer`, or, if it has ``compute``, a
    :class:`~engine.analyzers.base.DerivedMetric`; for several columns derive from ``DatasetAnalyzer``.

    Args:
        name: Key of the results; None takes the class's name, ``BlankShare`` as ``blank_share``.
        takes: Kinds of columns: number, text, boolean, time or any.
        unit: See :class:`MetricSpec`, as for those that follow.
        worse: Which direction is worse.
        threshold: Default threshold.
        tolerance: Share of the baseline's value allowed where there is no threshold.
        label: Words for people; None takes the first line of the docstring.
        cloudwatch: Name in CloudWatch.

    Raises:
        PluginError: The declaration is nonsense.

    >>> @metric(takes="text", worse="higher")
    ... class Longest:
    ...     '''Characters of the longest text.'''
    ...     characters: int = 0
    ...     def update(self, column): ...
    ...     def result(self): return self.characters
    >>> Longest.name, Longest.spec.label, Longest.spec.takes
    ('longest', 'Characters of the longest text.', ('text',))
    """
    kinds = (takes,) if isinstance(takes, str) else tuple(takes)

    def declare(cls: type[T]) -> type[T]:
        made: Any = dataclass(cls) if issubclass(cls, Metric) else _derived(cls)
        made.name = name or snake_case(cls.__name__)
        words = label or (inspect.getdoc(cls) or "").partition("\n")[0]
        by_default = "feature_{metric}_{column}" if issubclass(made, ColumnAnalyzer | DerivedMetric) else "{metric}"
        made.spec = MetricSpec(kinds, unit, worse, threshold, tolerance, words, cloudwatch or by_default)
        check_declaration(made)
        return made  # type: ignore[no-any-return]

    return declare


def snake_case(name: str) -> str:
    """The name of a class as the key of its results.

    >>> snake_case("MeanLength"), snake_case("PSIOfColumn")
    ('mean_length', 'psi_of_column')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def check_declaration(cls: type[Metric]) -> None:
    """Refuse what cannot work, with the reason.

    Raises:
        PluginError: A name, kind or direction is not allowed, or a method is missing.
    """
    where, spec = f"metric {cls.__name__} ({cls.__module__})", cls.spec
    if not LEGAL_NAME.fullmatch(cls.name):
        raise PluginError(f"{where}: the name {cls.name!r} is not allowed: letters, digits and _ after a letter.")
    if inspect.isabstract(cls):
        missing = ", ".join(sorted(cls.__abstractmethods__))
        raise PluginError(f"{where}: it defines no {missing}. A metric of a column needs update(column) and result().")
    if spec is None:
        raise PluginError(f"{where}: it says nothing about itself. Put @metric(...) before the class.")
    _check_words(where, "takes", spec.takes, get_args(Takes))
    _check_words(where, "worse", (spec.worse,), (None, *get_args(Worse)))
    _check_texts(where, spec)
    if not spec.tolerance >= 0:
        raise PluginError(f"{where}: tolerance is {spec.tolerance}; allowed: 0 or more.")


def _check_texts(where: str, spec: MetricSpec) -> None:
    for key in ("unit", "label", "cloudwatch"):
        value = getattr(spec, key)
        if not isinstance(value, str) and not (key == "unit" and value is None):
            raise PluginError(f"{where}: {key} is {value!r}; allowed: a text.")
    try:
        spec.cloudwatch.format(metric="", column="")
    except (LookupError, ValueError, AttributeError, TypeError):
        text = "'{metric}' and '{column}' are filled in, nothing else"
        raise PluginError(f"{where}: cloudwatch is {spec.cloudwatch!r}; {text}.") from None


def _check_words(where: str, key: str, found: tuple[Any, ...], allowed: tuple[Any, ...]) -> None:
    wrong = [word for word in found if word not in allowed]
    if wrong or not found:
        raise PluginError(
            f"{where}: {key} is {wrong[0] if wrong else found!r}; allowed: {', '.join(map(str, allowed))}."
        )


def _derived(cls: type[Any]) -> type[Metric]:
    """The class as a dataclass that is also a metric. Its own methods come first; ``super()`` works in them."""
    base: type[Metric] = DerivedMetric if hasattr(cls, "compute") else ColumnAnalyzer
    kept = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
    made: Any = type(cls.__name__, (dataclass(cls), base), kept)
    return dataclass(made)  # type: ignore[no-any-return]
