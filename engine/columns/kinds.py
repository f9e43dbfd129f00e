"""What a column holds, in the words with which a metric says which columns it takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import pyarrow as pa

ValueKind = Literal["number", "text", "boolean", "time", "nested", "unknown"]

_INFERRED: dict[str, ValueKind] = {"Integral": "number", "Fractional": "number", "Boolean": "boolean", "String": "text"}


def kind_of_type(kind: pa.DataType) -> ValueKind:
    """The kind of an Arrow type. Texts are ``text``, whatever they spell.

    >>> kind_of_type(pa.int8()), kind_of_type(pa.dictionary(pa.int8(), pa.string())), kind_of_type(pa.date32())
    ('number', 'text', 'time')
    """
    types = pa.types
    if types.is_dictionary(kind):
        return kind_of_type(kind.value_type)
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return "number"
    if types.is_boolean(kind):
        return "boolean"
    if types.is_temporal(kind):
        return "time"
    if types.is_null(kind):
        return "unknown"
    return "nested" if types.is_nested(kind) else "text"


def kind_of_column(seen: Iterable[ValueKind], inferred: str | None) -> ValueKind:
    """The kind of a column.

    Args:
        seen: Kinds of its arrays.
        inferred: Deequ's type of its cells, which decides where the arrays hold text.
    """
    found = set(seen) - {"unknown"}
    if found == {"text"} and inferred is not None:
        return _INFERRED.get(inferred, "unknown")
    return next(iter(found)) if len(found) == 1 else ("text" if found else "unknown")
