"""What an analyzer is: a dataclass whose fields are its mergeable state.

An analyzer sees the values of one column in :class:`~engine.columns.view.ColumnView` objects, merges with its like and gives a
result. The runner makes one instance a column and split, and merges them in the order of the splits.

Fields fall into two groups. *Settings* (``setting(...)``) are what a user may tune; they take no part in a merge. All others are
*state*: numbers add up, unless the annotation says otherwise (``Annotated[float, Max]``, ``Annotated[float, Min]``), and an object
with a ``merge`` method merges itself. See ``state.py`` for how state is written without pickle.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from typing_extensions import Self

from engine.analyzers.state import fold_of, state_fields
from engine.columns.view import ColumnView


def setting(default: Any) -> Any:
    """Declare a dataclass field as a setting: chosen by the user, equal in all parts, never merged or stored.

    >>> @dataclass
    ... class Longer(ColumnAnalyzer):
    ...     '''Number of texts longer than a limit.'''
    ...     limit: int = setting(10)
    ...     count: int = 0
    ...     def update(self, column): ...
    ...     def result(self): return self.count
    >>> Longer(limit=3).fresh()
    Longer(limit=3, count=0)
    """
    return field(default=default, metadata={"setting": True})


@dataclass
class ColumnAnalyzer(ABC):
    """One mergeable statistic of one column.

    Attributes:
        name: Key of the result in the metrics of a column; unique in the registry.
    """

    name: ClassVar[str] = ""

    @abstractmethod
    def update(self, column: ColumnView) -> None:
        """Take in the values of a batch. Must not change the view or its arrays."""

    @abstractmethod
    def result(self) -> Any:
        """The metric computed from the state; None where it is not defined (for example no values)."""

    def merge(self, other: Self) -> None:
        """Take in the state of a later part of the data. ``other`` is not changed."""
        for spec in state_fields(type(self)):
            mine, theirs = getattr(self, spec.name), getattr(other, spec.name)
            setattr(self, spec.name, fold_of(type(self), spec.name)(mine, theirs))

    def fresh(self) -> Self:
        """A new analyzer with the same settings and empty state."""
        chosen = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.metadata.get("setting")}
        return type(self)(**chosen)
