"""Which parts of captured records make which columns of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from engine.columns.layout import Part, PartColumn
from engine.datasets.capture_parts import GROUND_TRUTH
from engine.datasets.csv_names import positional_names

PART_NAMES: Mapping[str, Part] = {
    "endpointInput": "request",
    "endpointOutput": "response",
    "batchTransformOutput": "response",
    GROUND_TRUTH: "label",
}
"""Parts of a record, as settings and errors call them."""
ATTRIBUTION_PREFIX = "shap_"
"""How the columns begin that are made of attributions in explained responses: no index into the response counts them."""


@dataclass(frozen=True)
class TableRules:
    """How rows become columns.

    Attributes:
        csv_parts: Parts with CSV payloads, in column order; their fields make one row.
        names: Names of the CSV columns, as many as most rows have.
        further: Names of columns beyond, from a baseline that is wider.
        widths: How many columns each CSV part has; a record that lacks the part has as many nulls in its place.
        json_parts: Parts with JSON payloads, in column order.
        taken: Names of earlier parts' columns, for each JSON part; its columns of such a name get a prefix.
        lists: CSV parts whose payloads are lists in brackets, such as ``[0.1, 0.9]``.
        only_label: Name within the label of the only column of labels in JSON, which is called as the part.
    """

    csv_parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    json_parts: tuple[str, ...] = ()
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    only_label: str | None = None

    def csv_names(self, width: int) -> tuple[str, ...]:
        """Names of so many CSV columns; those that have none are ``_cN``."""
        return positional_names(width, (*self.names, *self.further))

    def json_name(self, part: str, name: str, taken: AbstractSet[str]) -> str:
        """Return the name of a JSON column: its own, with the part before it where another column has that name."""
        if part != GROUND_TRUTH:
            return f"{part}.{name}" if name in taken else name
        if name == self.only_label:
            return GROUND_TRUTH
        position = name.removeprefix("_c")
        is_position = position != name and position.isdigit()
        return f"{part}.{position}" if is_position else f"{part}.{name}" if name in taken else name

    def local_texts(self, part: str, types: Mapping[str, str]) -> set[str]:
        """Return the names within a JSON part of the columns whose planned type is text."""
        names = {name.removeprefix(f"{part}.") for name, kind in types.items() if kind == "text"}
        if part == GROUND_TRUTH:
            names |= {f"_c{name}" for name in names if name.isdigit()}
            names |= {self.only_label} if self.only_label and types.get(GROUND_TRUTH) == "text" else set()
        return names

    def csv_sources(self, names: Iterable[str]) -> dict[str, PartColumn]:
        """Return where CSV columns come from; those beyond the expected ones continue the captured part before them."""
        owners = [(part, i) for part in self.csv_parts for i in range(self.widths.get(part, 0))]
        captured = [part for part in self.csv_parts if part != GROUND_TRUTH]
        last = (captured or list(self.csv_parts) or [GROUND_TRUTH])[-1]
        sources = {}
        for place, name in enumerate(names):
            part, index = owners[place] if place < len(owners) else (last, place)
            single = (
                part == GROUND_TRUTH and self.widths.get(part, 0) == 1
            )  # has the part's name, whatever the column is called
            local = GROUND_TRUTH if single else name or f"_c{index}"
            sources[name] = PartColumn(PART_NAMES[part], local, element=part in self.lists)
        return sources
