"""One type a column: what files store in different types is read as their common type, in which every value stays what it is.

Types have names, which travel between tasks: ``int8`` to ``uint64``, ``half``, ``float``, ``double``, ``decimal(10,2)``,
``boolean``, ``text``, ``binary``, ``date``, ``timestamp``, ``time[us]``, ``duration[us]``. JSON has ``integer`` (of 64 bits),
``double``, ``boolean`` and ``text``. How Arrow stores them (dictionaries, 32-bit offsets, units of timestamps) makes no difference.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.decimals import to_doubles
from engine.columns.java_text import as_text

_INTEGERS = {
    **{f"int{bits}": bits for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": bits for bits in (8, 16, 32, 64)},
    "integer": 64,
}
_INTEGER_DIGITS = 20
"""Digits of any integer beside decimals, whatever its size, so that the order in which types are met makes no difference."""
_FLOATS = ("half", "float", "double")
_DECIMAL = re.compile(r"decimal\((\d+),(-?\d+)\)")
_TIMES = ("date", "timestamp")
_MOST_DIGITS = 76
_FEW_DIGITS = 38
_FIXED = {
    "half": pa.float16(), "float": pa.float32(), "double": pa.float64(), "boolean": pa.bool_(), "text": pa.string(),
    "binary": pa.binary(), "date": pa.date32(), "timestamp": pa.timestamp("us"), "integer": pa.int64(),
    "time[s]": pa.time32("s"), "time[ms]": pa.time32("ms"), "time[us]": pa.time64("us"), "time[ns]": pa.time64("ns"),
    **{f"duration[{unit}]": pa.duration(unit) for unit in ("s", "ms", "us", "ns")},
}  # fmt: skip


def type_name(kind: pa.DataType) -> str | None:
    """The name of the type of a table column; None for a column of nulls.

    >>> type_name(pa.dictionary(pa.int8(), pa.large_string())), type_name(pa.decimal64(10, 2)), type_name(pa.timestamp("s", "UTC"))
    ('text', 'decimal(10,2)', 'timestamp')
    """
    types = pa.types
    if types.is_dictionary(kind):
        return type_name(kind.value_type)
    if types.is_null(kind):
        return None
    if types.is_integer(kind):
        return str(kind)
    if types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if types.is_time(kind) or types.is_duration(kind):
        return f"{'time' if types.is_time(kind) else 'duration'}[{kind.unit}]"
    return next(name for is_kind, name in _CHECKS if is_kind(kind))


_CHECKS = (
    (pa.types.is_float16, "half"),
    (pa.types.is_float32, "float"),
    (pa.types.is_float64, "double"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
    (lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind), "text"),
    (lambda _: True, "binary"),
)


def widest(one: str | None, other: str | None) -> str | None:
    """The narrowest type that holds the values of both; None where neither is known.

    It depends on neither the order nor the grouping of more than two.

    >>> widest("integer", "double"), widest("boolean", "integer"), widest(None, "text"), widest("int8", "uint16")
    ('double', 'text', 'text', 'int32')
    >>> widest("decimal(10,2)", "decimal(20,4)"), widest("int32", "decimal(5,2)"), widest("date", "timestamp")
    ('decimal(20,4)', 'decimal(22,2)', 'timestamp')
    """
    if one is None or other is None or one == other:
        return one or other
    if _is_number(one) and _is_number(other):
        return _common_number(one, other)
    if one in _TIMES and other in _TIMES:
        return "timestamp"
    family = one.partition("[")[0]
    return f"{family}[us]" if "[" in one and other.startswith(f"{family}[") else "text"


def _is_number(name: str) -> bool:
    return name in _INTEGERS or name in _FLOATS or name.startswith("decimal")


def _common_number(one: str, other: str) -> str:
    if one in _FLOATS or other in _FLOATS:
        both = one in _FLOATS and other in _FLOATS
        return _FLOATS[max(_FLOATS.index(one), _FLOATS.index(other))] if both else "double"
    if one in _INTEGERS and other in _INTEGERS and (name := _common_integer(one, other)):
        return name
    whole, scale = map(max, zip(_digits(one), _digits(other), strict=True))
    return f"decimal({whole + scale},{scale})" if whole + scale <= _MOST_DIGITS else "double"


def _common_integer(one: str, other: str) -> str | None:
    """The integer type of both; None where only a decimal holds 64 bits with and without a sign."""
    unsigned = [name for name in (one, other) if name.startswith("u")]
    if len(unsigned) != 1:
        return max(one, other, key=_INTEGERS.__getitem__)
    signed = other if unsigned[0] == one else one
    bits = max(_INTEGERS[signed], 2 * _INTEGERS[unsigned[0]])
    return f"int{bits}" if f"int{bits}" in _INTEGERS else None


def _digits(name: str) -> tuple[int, int]:
    """Digits before and behind the point."""
    if name in _INTEGERS:
        return _INTEGER_DIGITS, 0
    precision, scale = _precision(name)
    return precision - scale, scale


def _precision(name: str) -> tuple[int, int]:
    match = _DECIMAL.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is no type")
    return int(match[1]), int(match[2])


def type_note(name: str, stored: str = "", read: str = "") -> str:
    """The note that a column is not read in the type in which it is stored; without types, how it begins."""
    start = f"column {name!r} is stored as "
    return f"{start}{stored} in some files and read as {read}, the common type of all" if stored else start


def arrow_type(name: str) -> pa.DataType:
    """The Arrow type in which a column of mixed types is read."""
    if name in _FIXED:
        return _FIXED[name]
    if name in _INTEGERS:
        return pa.type_for_alias(name)
    precision, scale = _precision(name)
    return pa.decimal128(precision, scale) if precision <= _FEW_DIGITS else pa.decimal256(precision, scale)


def as_type(array: pa.Array, name: str) -> pa.Array:
    """The values of an array in a wider type; as text they are written as Spark writes them.

    >>> as_type(pa.array([1.5, None, float("nan")]), "text").to_pylist()
    ['1.5', None, None]
    """
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), arrow_type(name))
    if name != "text":
        return _cast(array, arrow_type(name))
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_finite(array), array, None)
    return as_text(array)


def _cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(array.type) and array.type.tz:
        array = array.cast(pa.timestamp(array.type.unit))
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    return _widened(array, kind)


def _widened(array: pa.Array, kind: Any) -> pa.Array:
    if pa.types.is_decimal(array.type) and pa.types.is_float64(kind):  # Arrow's own cast is not exact
        values = np.full(len(array), np.nan)
        values[array.is_valid().to_numpy(zero_copy_only=False)] = to_doubles(array.drop_null())
        return pa.array(values, from_pandas=True)
    if pa.types.is_decimal(array.type) and pa.types.is_decimal256(kind):
        array = array.cast(pa.decimal256(array.type.precision, array.type.scale))
    return array.cast(kind, safe=False)
