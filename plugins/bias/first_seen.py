"""Values in the order in which the data first has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class FirstSeen:
    """Distinct values by name, each list in the order of first appearance. Merges itself.

    >>> seen = FirstSeen()
    >>> seen.add("sex", ["m", "f"]), seen.add("sex", ["x", "m"]), seen.values["sex"]
    (None, None, ['m', 'f', 'x'])
    """

    values: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, values: Iterable[str]) -> None:
        """Append the values that are new."""
        self.values[name] = list(dict.fromkeys([*self.values.get(name, []), *values]))

    def merge(self, other: FirstSeen) -> None:
        """Take in a later part."""
        for name, values in other.values.items():
            self.add(name, values)

    def to_state(self) -> dict[str, Any]:
        """Return plain values."""
        return {"values": self.values}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> FirstSeen:
        """Restore what ``to_state`` returned."""
        return cls(**state)
