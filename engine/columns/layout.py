"""Which part of a captured record each column comes from, kept as metadata of the Arrow field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Part = Literal["request", "response", "attributions", "label"]
"""Parts of a captured record: what the model was sent, what it answered, its attributions, and the ground truth."""

_PART, _LOCAL = b"model_monitor.part", b"model_monitor.name"
_POSITIONAL, _ELEMENT, _PLACE = b"model_monitor.positional", b"model_monitor.element", b"model_monitor.place"


@dataclass(frozen=True)
class PartColumn:
    """Where a column comes from.

    Attributes:
        part: Part of the captured record.
        local: The column's name within its part, without the prefix that tells two parts' columns of one name apart.
        positional: Whether it has a position rather than a name: a cell of CSV, or an element of a list.
        element: Whether it is an element of a list, in JSON or in brackets such as ``[0.1, 0.9]``.
    """

    part: Part
    local: str
    positional: bool = True
    element: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of a table in order; of captures also where each comes from.

    Attributes:
        names: Names of the columns.
        sources: For each column its part and its name there; None where the rows are no captures.
        places: For each column its index in its part, or in the table, before columns were left out; None where none was.
    """

    names: tuple[str, ...]
    sources: tuple[PartColumn | None, ...]
    places: tuple[int | None, ...] | None = None

    @classmethod
    def from_schema(cls, schema: pa.Schema) -> Layout:
        """Read the layout of a batch from its schema."""
        places = tuple(_place(field) for field in schema)
        kept = None if all(place is None for place in places) else places
        return cls(tuple(schema.names), tuple(_source(field) for field in schema), kept)

    @classmethod
    def from_names(cls, names: Iterable[str], sources: Mapping[str, PartColumn] | None = None) -> Layout:
        """Make a layout of names; ``sources`` says where columns of captures come from."""
        ordered = tuple(names)
        return cls(ordered, tuple((sources or {}).get(name) for name in ordered))

    @property
    def has_parts(self) -> bool:
        """Whether the rows are captures."""
        return any(source is not None for source in self.sources)

    def columns_in(self, part: Part) -> Iterator[tuple[str, str]]:
        """Yield the columns of a part in order, each as its name and its name within the part."""
        for name, source in zip(self.names, self.sources, strict=True):
            if source is not None and source.part == part:
                yield name, source.local


def tag(field: pa.Field, source: PartColumn) -> pa.Field:
    """Return the field with its part written into its metadata.

    >>> Layout.from_schema(pa.schema([tag(pa.field("endpointInput.x", pa.int64()), PartColumn("request", "x"))])).sources
    (PartColumn(part='request', local='x', positional=True, element=False),)
    """
    flags = {_POSITIONAL: source.positional, _ELEMENT: source.element}
    own = {
        _PART: source.part.encode(),
        _LOCAL: source.local.encode(),
        **{key: b"1" if flag else b"" for key, flag in flags.items()},
    }
    return field.with_metadata({**(field.metadata or {}), **own})


def _source(field: pa.Field) -> PartColumn | None:
    metadata = field.metadata or {}
    if _PART not in metadata:
        return None
    part: Part = metadata[_PART].decode()
    return PartColumn(part, metadata[_LOCAL].decode(), bool(metadata[_POSITIONAL]), bool(metadata[_ELEMENT]))


def tag_place(field: pa.Field, place: int) -> pa.Field:
    """Return the field with its index written into its metadata, for a table that columns are left out of.

    >>> Layout.from_schema(pa.schema([tag_place(pa.field("b", pa.int64()), 1)])).places
    (1,)
    """
    return field.with_metadata({**(field.metadata or {}), _PLACE: str(place).encode()})


def _place(field: pa.Field) -> int | None:
    place = (field.metadata or {}).get(_PLACE)
    return None if place is None else int(place)


def name_order(name: str) -> list[tuple[str, int]]:
    """Sort key of flat names: as text, but elements of lists by their position.

    >>> sorted(["b.10", "b.9", "a", "_c10", "_c9"], key=name_order)
    ['_c9', '_c10', 'a', 'b.9', 'b.10']
    """
    first, *rest = name.split(".")
    position = first.removeprefix("_c")
    start = ("_c", int(position)) if position != first and position.isdecimal() else (first, -1)
    return [start, *(("", int(key)) if key.isdecimal() else (key, -1) for key in rest)]


def is_position(name: str) -> bool:
    """Whether a flat name is that of an element of a list.

    >>> is_position("features.3"), is_position("_c0"), is_position("age")
    (True, True, False)
    """
    last = name.rpartition(".")[2]
    return (last != name and last.isdecimal()) or (name.startswith("_c") and name[2:].isdecimal())
